package dev.shadow.core.placement;

import dev.shadow.spi.HostId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.Constraint;
import dev.shadow.spi.placement.Rejection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The conditions that every host has to meet. */
public final class HostFilters {
    private HostFilters() {}

    /** All of them, in the order in which they are reported. */
    public static List<HostFilter> standard() {
        return List.of(schedulable(), healthy(), notExcluded(), capacity(), failureDomain(), latency(), licenses());
    }

    /** The host takes new instances. */
    public static HostFilter schedulable() {
        return c -> c.host().schedulable()
                ? List.of()
                : rejected(Constraint.SCHEDULABLE, "the inventory marks " + c.id() + " as not schedulable");
    }

    /** The failure detector does not suspect the host. */
    public static HostFilter healthy() {
        return c -> c.snapshot().suspected().contains(c.id())
                ? rejected(Constraint.HEALTHY, "the failure detector does not hold " + c.id() + " for alive")
                : List.of();
    }

    /** The host is not excluded, and holds no instance of the virtual machine. */
    public static HostFilter notExcluded() {
        return c -> {
            HostId id = c.id();
            if (c.request().excluded().contains(id)) {
                return rejected(Constraint.NOT_EXCLUDED, id + " was excluded by the request");
            }
            boolean shadow = c.shadows().stream().anyMatch(s -> s.id().equals(id));
            if (id.equals(c.primary().id()) || c.request().occupied().contains(id) || shadow) {
                return rejected(
                        Constraint.NOT_EXCLUDED,
                        id + " holds an instance of " + c.request().vm().id() + " already");
            }
            return List.of();
        };
    }

    /** Each of the four resources fits into what is free. */
    public static HostFilter capacity() {
        return c -> {
            Resources need = c.request().vm().size();
            Resources free = c.free();
            List<String> short_ = new ArrayList<>();
            compare(short_, "cpuMillis", need.cpuMillis(), free.cpuMillis());
            compare(short_, "memoryBytes", need.memoryBytes(), free.memoryBytes());
            compare(short_, "diskBytes", need.diskBytes(), free.diskBytes());
            compare(short_, "networkBitsPerSecond", need.networkBitsPerSecond(), free.networkBitsPerSecond());
            return short_.isEmpty() ? List.of() : rejected(Constraint.CAPACITY, String.join(", ", short_));
        };
    }

    private static void compare(List<String> missing, String resource, long need, long free) {
        if (need > free) {
            missing.add(resource + ": needs " + need + ", " + free + " free");
        }
    }

    /** The host and the primary's do not fail together at the asked tier. */
    public static HostFilter failureDomain() {
        return c -> {
            Tier tier = c.tier();
            boolean together = c.host().domain().failsTogetherWith(c.primary().domain(), tier);
            return together
                    ? rejected(
                            Constraint.FAILURE_DOMAIN,
                            "must not share its " + tier + " with the primary: "
                                    + c.host().domain() + " and " + c.primary().domain())
                    : sameMachine(c);
        };
    }

    /** Two inventory entries can name one place: a shadow there would fail with the other. */
    private static List<Rejection> sameMachine(Candidate c) {
        for (HostDescription shadow : c.shadows()) {
            boolean other = !shadow.id().equals(c.id());
            if (other && shadow.domain().failsTogetherWith(c.host().domain(), Tier.HOST)) {
                return rejected(
                        Constraint.FAILURE_DOMAIN,
                        "stands in the same place as " + shadow.id() + ", which holds another shadow: "
                                + c.host().domain());
            }
        }
        return List.of();
    }

    /** The latency to the primary's host is known and within the budget. */
    public static HostFilter latency() {
        return c -> {
            Duration budget = c.request().latencyBudget();
            Optional<Duration> latency = c.latency();
            if (latency.isEmpty()) {
                return rejected(
                        Constraint.LATENCY,
                        "no latency is known from " + c.primary().id() + " to " + c.id());
            }
            return latency.get().compareTo(budget) > 0
                    ? rejected(
                            Constraint.LATENCY,
                            "latency to the primary's host is " + millis(latency.get()) + " ms, the budget "
                                    + millis(budget) + " ms")
                    : List.of();
        };
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    /** Every product may run there and has units free. */
    public static HostFilter licenses() {
        return c -> {
            List<String> missing = new ArrayList<>();
            for (Map.Entry<String, Integer> demand : demands(c).entrySet()) {
                String product = demand.getKey();
                if (!c.host().licensedProducts().contains(product)) {
                    missing.add(product + " may not run there");
                }
                int free = c.freeLicenses().getOrDefault(product, 0);
                if (free < demand.getValue()) {
                    missing.add(product + " needs " + demand.getValue() + " units, " + free + " free");
                }
            }
            return missing.isEmpty() ? List.of() : rejected(Constraint.LICENSE, String.join(", ", missing));
        };
    }

    /** Units by product; a product that is listed twice counts twice. */
    static Map<String, Integer> demands(Candidate candidate) {
        Map<String, Integer> demands = new TreeMap<>();
        for (LicenseDemand demand : candidate.request().vm().licenses()) {
            demands.merge(demand.product(), demand.units(), Math::addExact);
        }
        return demands;
    }

    private static List<Rejection> rejected(Constraint constraint, String explanation) {
        String text = explanation.length() > 500 ? explanation.substring(0, 497) + "..." : explanation;
        return List.of(new Rejection(constraint, text));
    }
}
