package dev.shadow.core.placement.online;

import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.Tier;
import dev.shadow.spi.inventory.HostDescription;
import java.util.List;
import java.util.Set;

/** Preferences to begin with; each from 0 (best) to 1 (worst). */
public final class HostScores {
    private static final List<Tier> TIERS = List.of(Tier.values());

    private HostScores() {}

    /** The share of the virtual machine's data sets that the host does not hold; 0 if it reads none. */
    public static HostScore dataDistance() {
        return c -> {
            Set<String> wanted = c.demand().dataSets();
            long near = wanted.stream().filter(c.host().dataSets()::contains).count();
            return wanted.isEmpty() ? 0 : 1 - (double) near / wanted.size();
        };
    }

    /** How much of the latency budget is used. */
    public static HostScore latency() {
        return c -> Math.min(
                1, (double) c.latency().toNanos() / c.demand().latencyBudget().toNanos());
    }

    /** How much of its place the host shares with the nearest other instance: 0 for another region. */
    public static HostScore nearness() {
        return c -> {
            double most = shared(c.host().domain(), c.primary().domain());
            for (HostDescription other : c.others()) {
                most = Math.max(most, shared(c.host().domain(), other.domain()));
            }
            return most;
        };
    }

    private static double shared(FailureDomain a, FailureDomain b) {
        int levels = 0;
        while (levels < TIERS.size() && a.failsTogetherWith(b, TIERS.get(levels))) {
            levels++;
        }
        return (double) levels / TIERS.size();
    }
}
