package dev.shadow.core.placement.online;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.inventory.HostDescription;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.IntPredicate;

/** Tries every failure, and works out from the records alone what each host then carries. */
final class EveryFailure {
    private EveryFailure() {}

    /** Fails if a host is asked for more than it has after any failure of a zone, a rack, or so many hosts. */
    static void check(List<HostDescription> hosts, Collection<Reservation> standing, int hostFailures) {
        for (HostDescription host : hosts) {
            List<Reservation> here =
                    standing.stream().filter(r -> r.host().equals(host.id())).toList();
            long[] needed = needed(here.stream().map(Reservation::demand).toList(), hosts, hostFailures);
            Resources all = host.capacity();
            assertThat(needed[0]).as("cpu of %s", host.id()).isLessThanOrEqualTo(all.cpuMillis());
            assertThat(needed[1]).as("memory of %s", host.id()).isLessThanOrEqualTo(all.memoryBytes());
            assertThat(needed[2]).as("disk of %s", host.id()).isLessThanOrEqualTo(all.diskBytes());
            assertThat(needed[3]).as("network of %s", host.id()).isLessThanOrEqualTo(all.networkBitsPerSecond());
            for (Reservation made : here) {
                ShadowDemand demand = made.demand();
                FailureDomain primary = domain(demand, hosts);
                assertThat(host.domain().failsTogetherWith(primary, demand.tier()))
                        .isFalse();
                assertThat(demand.excluded()).doesNotContain(host.id());
                assertThat(host.domain().zone().equals(primary.zone())
                                || demand.latencyBudget().toNanos() >= 900_000)
                        .as("latency of %s", host.id())
                        .isTrue();
            }
        }
    }

    /** What one more shadow adds on this host; infinity if it cannot be used. */
    static double costOf(
            ShadowDemand demand, HostDescription host, List<HostDescription> hosts, List<Reservation> there) {
        FailureDomain primary = domain(demand, hosts);
        if (host.domain().failsTogetherWith(primary, demand.tier())
                || demand.excluded().contains(host.id())) {
            return Double.POSITIVE_INFINITY;
        }
        List<ShadowDemand> demands =
                new ArrayList<>(there.stream().map(Reservation::demand).toList());
        long[] before = needed(demands, hosts, 1);
        demands.add(demand);
        long[] after = needed(demands, hosts, 1);
        Resources all = host.capacity();
        long[] capacity = {all.cpuMillis(), all.memoryBytes(), all.diskBytes(), all.networkBitsPerSecond()};
        double cost = 0;
        for (int r = 0; r < capacity.length; r++) {
            if (after[r] > capacity[r]) {
                return Double.POSITIVE_INFINITY;
            }
            cost += host.costPerHour() / 4 * (after[r] - before[r]) / capacity[r];
        }
        return cost;
    }

    private static FailureDomain domain(ShadowDemand demand, List<HostDescription> hosts) {
        return hosts.stream()
                .filter(h -> h.id().equals(demand.primary()))
                .findFirst()
                .orElseThrow()
                .domain();
    }

    private static long[] needed(List<ShadowDemand> demands, List<HostDescription> hosts, int hostFailures) {
        long[] most = new long[4];
        List<FailureDomain> primaries =
                demands.stream().map(d -> domain(d, hosts)).toList();
        raise(most, demands, i -> false);
        for (FailureDomain failed : primaries) {
            for (Tier tier : List.of(Tier.REGION, Tier.ZONE, Tier.RACK)) {
                raise(
                        most,
                        demands,
                        i -> demands.get(i).tier().compareTo(tier) <= 0
                                && primaries.get(i).failsTogetherWith(failed, tier));
            }
            for (FailureDomain other : hostFailures == 2 ? primaries : List.of(failed)) {
                raise(
                        most,
                        demands,
                        i -> primaries.get(i).equals(failed) || primaries.get(i).equals(other));
            }
        }
        return most;
    }

    private static void raise(long[] most, List<ShadowDemand> demands, IntPredicate activated) {
        for (int t = 0; t < 2; t++) {
            long[] sum = new long[4];
            for (int i = 0; i < demands.size(); i++) {
                ShadowDemand d = demands.get(i);
                boolean runs = activated.test(i);
                long peak = (d.active().cpuMillis() * d.profile().get(t) + 999) / 1000;
                Resources waiting = d.waiting();
                Resources active = d.active();
                sum[0] += runs ? Math.max(waiting.cpuMillis(), peak) : waiting.cpuMillis();
                sum[1] += runs ? Math.max(waiting.memoryBytes(), active.memoryBytes()) : waiting.memoryBytes();
                sum[2] += Math.max(waiting.diskBytes(), active.diskBytes());
                sum[3] += runs
                        ? Math.max(waiting.networkBitsPerSecond(), active.networkBitsPerSecond())
                        : waiting.networkBitsPerSecond();
            }
            for (int r = 0; r < most.length; r++) {
                most[r] = Math.max(most[r], sum[r]);
            }
        }
    }
}
