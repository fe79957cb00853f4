package dev.shadow.core.placement.online;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.inventory.HostDescription;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

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
                FailureDomain primary = hosts.stream()
                        .filter(h -> h.id().equals(made.demand().primary()))
                        .findFirst()
                        .orElseThrow()
                        .domain();
                assertThat(host.domain()
                                .failsTogetherWith(primary, made.demand().tier()))
                        .isFalse();
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
        for (HostDescription failed : hosts) {
            for (Tier tier : List.of(Tier.ZONE, Tier.RACK)) {
                raise(
                        most,
                        demands,
                        d -> d.tier().compareTo(tier) <= 0
                                && domain(d, hosts).failsTogetherWith(failed.domain(), tier));
            }
            for (HostDescription other : hostFailures == 2 ? hosts : List.of(failed)) {
                raise(
                        most,
                        demands,
                        d -> d.primary().equals(failed.id()) || d.primary().equals(other.id()));
            }
        }
        return most;
    }

    private static void raise(long[] most, List<ShadowDemand> demands, Predicate<ShadowDemand> activated) {
        for (int t = 0; t < 2; t++) {
            long[] sum = new long[4];
            for (ShadowDemand d : demands) {
                boolean runs = activated.test(d);
                long peak = (d.active().cpuMillis() * d.profile().get(t) + 999) / 1000;
                sum[0] += runs
                        ? Math.max(d.waiting().cpuMillis(), peak)
                        : d.waiting().cpuMillis();
                sum[1] += runs
                        ? Math.max(d.waiting().memoryBytes(), d.active().memoryBytes())
                        : d.waiting().memoryBytes();
                sum[2] += Math.max(d.waiting().diskBytes(), d.active().diskBytes());
                sum[3] += runs ? d.active().networkBitsPerSecond() : d.waiting().networkBitsPerSecond();
            }
            for (int r = 0; r < most.length; r++) {
                most[r] = Math.max(most[r], sum[r]);
            }
        }
    }
}
