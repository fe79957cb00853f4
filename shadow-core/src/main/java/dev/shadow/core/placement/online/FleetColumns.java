package dev.shadow.core.placement.online;

import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.inventory.HostDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The fleet in flat arrays. Hosts are sorted by zone, then by price and size, then by rack, so that an index
 * of neighbours is one of like hosts. Guarded by the fleet's lock.
 */
final class FleetColumns {
    private static final long LIMIT = 1L << 60;

    final int periods;
    final int slots;
    final int zones;
    final HostDescription[] hosts;
    final HostId[] ids;
    final boolean[] suspected;
    final boolean[] schedulable;
    final int[] zone;
    final long[] version;
    final EventLoads[] loads;
    /** What is left for standby and reserve: processor, memory, disk, network of each host. */
    final long[][] room;
    /** Cost of a unit for an hour. */
    final double[][] unitPrice;

    final long[][] latencyNanos;
    final Map<HostId, Integer> indexOf = new HashMap<>();
    final FleetIndex index;

    private final Resources[] held;
    private final int[] rack;
    private final int[] region;
    private final int racks;
    private final int regions;

    FleetColumns(Collection<HostDescription> described, int periods, int hostFailures, ZoneLatency latency) {
        this.periods = periods;
        this.slots = periods + 2;
        List<HostDescription> sorted = new ArrayList<>(described);
        sorted.sort(Comparator.comparing((HostDescription h) -> zoneName(h.domain()))
                .thenComparingDouble(HostDescription::costPerHour)
                .thenComparing(h -> h.capacity().toString())
                .thenComparingInt(HostDescription::sockets)
                .thenComparing(h -> h.domain().rack())
                .thenComparing(HostDescription::id));
        int n = sorted.size();
        hosts = sorted.toArray(HostDescription[]::new);
        ids = sorted.stream().map(HostDescription::id).toArray(HostId[]::new);
        suspected = new boolean[n];
        schedulable = new boolean[n];
        zone = new int[n];
        rack = new int[n];
        region = new int[n];
        version = new long[n];
        held = new Resources[n];
        Map<String, Integer> zoneIds = new HashMap<>();
        Map<String, Integer> rackIds = new HashMap<>();
        Map<String, Integer> regionIds = new HashMap<>();
        List<FailureDomain> places = new ArrayList<>();
        for (int h = 0; h < n; h++) {
            FailureDomain place = hosts[h].domain();
            if (indexOf.put(hosts[h].id(), h) != null) {
                throw new InvalidValueException("hosts", hosts[h].id().value(), "name every host once");
            }
            zone[h] = number(zoneIds, zoneName(place));
            rack[h] = number(rackIds, zoneName(place) + "/" + place.rack());
            region[h] = number(regionIds, place.region());
            held[h] = Resources.NONE;
            if (places.size() < zoneIds.size()) {
                places.add(place);
            }
        }
        zones = zoneIds.size();
        racks = rackIds.size();
        latencyNanos = latencies(places, latency);
        loads = new EventLoads[n];
        for (int h = 0; h < n; h++) {
            loads[h] = new EventLoads(slots, zones + regionIds.size() + racks, hostFailures);
        }
        regions = regionIds.size();
        room = new long[4][n];
        unitPrice = new double[4][n];
        for (int h = 0; h < n; h++) {
            price(h);
            refreshHost(h);
        }
        index = new FleetIndex(this);
    }

    /** A host's price is spread over its four resources by equal parts. */
    private void price(int h) {
        Resources all = hosts[h].capacity();
        double part = hosts[h].costPerHour() / unitPrice.length;
        unitPrice[0][h] = all.cpuMillis() > 0 ? part / all.cpuMillis() : 0;
        unitPrice[1][h] = all.memoryBytes() > 0 ? part / all.memoryBytes() : 0;
        unitPrice[2][h] = all.diskBytes() > 0 ? part / all.diskBytes() : 0;
        unitPrice[3][h] = all.networkBitsPerSecond() > 0 ? part / all.networkBitsPerSecond() : 0;
    }

    private static String zoneName(FailureDomain place) {
        return place.region() + "/" + place.zone();
    }

    private static int number(Map<String, Integer> ids, String name) {
        return ids.computeIfAbsent(name, unused -> ids.size());
    }

    private static long[][] latencies(List<FailureDomain> places, ZoneLatency latency) {
        long[][] nanos = new long[places.size()][places.size()];
        for (int a = 0; a < nanos.length; a++) {
            for (int b = 0; b < nanos.length; b++) {
                Duration between = latency.between(places.get(a), places.get(b));
                if (between.isNegative()) {
                    throw new InvalidValueException(
                            "latency." + zoneName(places.get(a)) + "." + zoneName(places.get(b)),
                            between.toString(),
                            "be zero or more");
                }
                nanos[a][b] = between.toNanos();
            }
        }
        return nanos;
    }

    boolean alike(int a, int b) {
        return zone[a] == zone[b]
                && hosts[a].costPerHour() == hosts[b].costPerHour()
                && hosts[a].capacity().equals(hosts[b].capacity());
    }

    /** The least part of a resource that is left, at least 0. */
    double leastShareOfRoom(int h) {
        Resources all = hosts[h].capacity();
        double least = Math.min(share(room[0][h], all.cpuMillis()), share(room[1][h], all.memoryBytes()));
        double other = Math.min(share(room[2][h], all.diskBytes()), share(room[3][h], all.networkBitsPerSecond()));
        return Math.max(0, Math.min(least, other));
    }

    private static double share(long room, long all) {
        return all > 0 ? (double) room / all : 1;
    }

    boolean isOpen(int h) {
        return schedulable[h] && !suspected[h];
    }

    /** Numbers of the failure events of a host that activate a shadow of this tier. */
    int[] events(int primary, Tier tier) {
        int host = zones + regions + racks + primary;
        int ofRack = zones + regions + rack[primary];
        return switch (tier) {
            case HOST -> new int[] {host};
            case RACK -> new int[] {host, ofRack};
            case ZONE -> new int[] {host, ofRack, zone[primary]};
            case REGION -> new int[] {host, ofRack, zone[primary], zones + region[primary]};
        };
    }

    /** Says whether a failure at this level takes both hosts down. */
    boolean together(int a, int b, Tier level) {
        return switch (level) {
            case REGION -> region[a] == region[b];
            case ZONE -> zone[a] == zone[b];
            case RACK -> rack[a] == rack[b];
            case HOST -> a == b || (rack[a] == rack[b] && hosts[a].domain().equals(hosts[b].domain()));
        };
    }

    void add(int h, Ask ask) {
        held[h] = held[h].plus(ask.held);
        loads[h].add(ask.events, ask.extra);
        changed(h);
    }

    void remove(int h, Ask ask) {
        held[h] = held[h].minus(ask.held);
        loads[h].remove(ask.events, ask.extra);
        changed(h);
    }

    void describe(int h, HostDescription description) {
        hosts[h] = description;
        changed(h);
    }

    void suspect(int h, boolean value) {
        if (suspected[h] != value) {
            suspected[h] = value;
            version[h]++;
            index.refresh(h);
        }
    }

    private void changed(int h) {
        version[h]++;
        refreshHost(h);
        index.refresh(h);
    }

    private void refreshHost(int h) {
        Resources all = hosts[h].capacity();
        Resources used = hosts[h].used();
        EventLoads of = loads[h];
        schedulable[h] = hosts[h].schedulable();
        long reserve = of.peakBefore(periods);
        room[0][h] = free(all.cpuMillis(), used.cpuMillis()) - held[h].cpuMillis() - reserve;
        room[1][h] = free(all.memoryBytes(), used.memoryBytes()) - held[h].memoryBytes() - of.peak(periods);
        room[2][h] = free(all.diskBytes(), used.diskBytes()) - held[h].diskBytes();
        room[3][h] = free(all.networkBitsPerSecond(), used.networkBitsPerSecond())
                - held[h].networkBitsPerSecond()
                - of.peak(periods + 1);
    }

    /** A host that says it has no limit is held for one of this size. */
    private static long free(long all, long used) {
        return Math.min(all, LIMIT) - Math.min(used, LIMIT);
    }
}
