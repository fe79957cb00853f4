package dev.shadow.spi.placement;

import dev.shadow.spi.HostId;
import dev.shadow.spi.internal.Checks;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Why hosts were refused, and the least that would have to change.
 *
 * @param groups hosts by the conditions that they fail, all of them; the largest group first
 * @param cheapest the cheapest single change that would yield a host; empty if no single one would
 */
public record WhyNot(List<Group> groups, Optional<Relaxation> cheapest) {
    public WhyNot {
        groups = Checks.list("groups", groups);
        Checks.present("cheapest", cheapest);
    }

    /** Says it to a person, in one line. */
    public String summary() {
        String refused = groups.stream()
                .map(group -> group.hosts().size() + " fail "
                        + group.constraints().stream().sorted().map(Enum::name).collect(Collectors.joining(" and ")))
                .collect(Collectors.joining(", "));
        return (refused.isEmpty() ? "no host is refused" : refused)
                + cheapest.map(change -> "; " + change.advice() + " to use " + change.host())
                        .orElse("");
    }

    /**
     * Hosts that fail the same conditions.
     *
     * @param constraints the conditions, at least one
     * @param hosts the hosts
     */
    public record Group(Set<Constraint> constraints, List<HostId> hosts) {
        public Group {
            constraints = Set.copyOf(Checks.present("constraints", constraints));
            Checks.range("constraints.size", constraints.size(), 1, Constraint.values().length);
            hosts = List.copyOf(Checks.present("hosts", hosts));
        }
    }
}
