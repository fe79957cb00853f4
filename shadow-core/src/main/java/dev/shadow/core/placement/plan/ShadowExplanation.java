package dev.shadow.core.placement.plan;

import dev.shadow.spi.placement.Constraint;
import dev.shadow.spi.placement.Rejection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Why one shadow is where a plan puts it, all else of the plan staying as it is.
 *
 * @param vm the machine
 * @param rank 0 for the shadow that is activated first
 * @param chosen its host; empty if the plan has none for it
 * @param others the other hosts that could take it, the cheapest first, at most as many as were asked for
 * @param usable how many other hosts could take it
 * @param refused the hosts that could not, by all the constraints that they fail; the largest group first
 */
public record ShadowExplanation(
        int vm, int rank, Optional<Option> chosen, List<Option> others, int usable, List<Refused> refused) {
    /** Copies its lists. */
    public ShadowExplanation {
        others = List.copyOf(others);
        refused = List.copyOf(refused);
    }

    /**
     * What the shadow costs on a host.
     *
     * @param host the host
     * @param cost what the whole plan costs more with the shadow there than without it
     * @param cpuHeldFor the event that most cpu of the host is held for with the shadow there; empty if no event needs any
     * @param memoryHeldFor the same of memory
     * @param latencyMicros latency from the host's zone to the machine's peer
     */
    public record Option(
            int host,
            Cost cost,
            Optional<BindingLoad> cpuHeldFor,
            Optional<BindingLoad> memoryHeldFor,
            int latencyMicros) {}

    /**
     * Parts of a cost, in micro-credits per hour.
     *
     * @param standby cpu and memory that the waiting shadow uses
     * @param reserve by how much the capacity held for failures grows; 0 where what is held for others suffices
     * @param disk the copy of the disk
     * @param licence licensing the host for the machine's product; 0 if it is licensed
     * @param replication traffic from the primary's zone
     * @param seeding first copy and move; 0 on a previous host
     */
    public record Cost(long standby, long reserve, long disk, long licence, long replication, long seeding) {
        /** Sum of the parts. */
        public long total() {
            return standby + reserve + disk + licence + replication + seeding;
        }
    }

    /**
     * Hosts that fail the same constraints.
     *
     * @param constraints the constraints, at least one
     * @param hosts how many hosts
     * @param example one of them
     * @param rejections what speaks against that one, in words with numbers
     */
    public record Refused(Set<Constraint> constraints, int hosts, int example, List<Rejection> rejections) {
        /** Copies its collections. */
        public Refused {
            constraints = Set.copyOf(constraints);
            rejections = List.copyOf(rejections);
        }
    }
}
