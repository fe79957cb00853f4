package dev.shadow.core.placement;

import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.inventory.HostDescription;
import java.util.Map;
import java.util.Set;

/** The criteria by which hosts that can be used are compared; each from 0 (worst) to 1 (best). */
public final class HostScores {
    private HostScores() {}

    /** The scarcest resource's share that stays free once the instance is there. */
    public static HostScore freeCapacity() {
        return c -> {
            Resources left = c.free().minus(c.request().vm().size());
            Resources all = c.host().capacity();
            return Math.min(
                    Math.min(share(left.cpuMillis(), all.cpuMillis()), share(left.memoryBytes(), all.memoryBytes())),
                    Math.min(
                            share(left.diskBytes(), all.diskBytes()),
                            share(left.networkBitsPerSecond(), all.networkBitsPerSecond())));
        };
    }

    private static double share(long left, long all) {
        return all == 0 ? 1 : Math.min(1, (double) left / all);
    }

    /** The share of the virtual machine's data sets that the host holds; 1 if it reads none. */
    public static HostScore dataProximity() {
        return c -> {
            Set<String> wanted = c.request().vm().dataSets();
            long near = wanted.stream().filter(c.host().dataSets()::contains).count();
            return wanted.isEmpty() ? 1 : (double) near / wanted.size();
        };
    }

    /** How little of the latency budget is used. */
    public static HostScore latency() {
        return c -> c.latency()
                .map(latency -> Math.max(
                        0,
                        1
                                - (double) latency.toNanos()
                                        / c.request().latencyBudget().toNanos()))
                .orElse(0.0);
    }

    /** Of the product that is scarcest, the share of its free units that stays free; 1 without licences. */
    public static HostScore licenseHeadroom() {
        return c -> {
            double least = 1;
            for (Map.Entry<String, Integer> demand : HostFilters.demands(c).entrySet()) {
                int free = c.freeLicenses().getOrDefault(demand.getKey(), 0);
                least = Math.min(least, free == 0 ? 0 : Math.max(0, 1 - (double) demand.getValue() / free));
            }
            return least;
        };
    }

    /** 1 for the cheapest host of the fleet, 0 for the dearest; 1 if they all cost the same. */
    public static HostScore cost() {
        return c -> {
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            for (HostDescription host : c.snapshot().hosts()) {
                least = Math.min(least, host.costPerHour());
                most = Math.max(most, host.costPerHour());
            }
            return most > least ? (most - c.host().costPerHour()) / (most - least) : 1;
        };
    }

    /** How far up the host stands apart from the primary and the other shadows: 1 for another region. */
    public static HostScore apartness() {
        return c -> {
            double least = apart(c.host().domain(), c.primary().domain());
            for (HostDescription shadow : c.shadows()) {
                least = Math.min(least, apart(c.host().domain(), shadow.domain()));
            }
            return least;
        };
    }

    private static double apart(FailureDomain a, FailureDomain b) {
        Tier[] tiers = Tier.values();
        for (int i = 0; i < tiers.length; i++) {
            if (!a.failsTogetherWith(b, tiers[i])) {
                return (double) (tiers.length - i) / tiers.length;
            }
        }
        return 0;
    }
}
