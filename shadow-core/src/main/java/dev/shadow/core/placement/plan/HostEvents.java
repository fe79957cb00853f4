package dev.shadow.core.placement.plan;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Sums what every failure event brings to one host, one host after the other. */
final class HostEvents {
    private final FleetInstance fleet;
    private final int dims;
    private final long[] zone;
    private final Table racks;
    private final Table homes;
    private final Map<Long, long[]> pairs = new HashMap<>();
    private final long[] worst;

    HostEvents(FleetInstance fleet) {
        this.fleet = fleet;
        dims = fleet.dimensions;
        zone = new long[fleet.zones * dims];
        racks = new Table(fleet.racks, dims);
        homes = new Table(fleet.hosts, dims);
        worst = new long[dims];
    }

    void clear() {
        Arrays.fill(zone, 0);
        racks.clear();
        homes.clear();
        pairs.clear();
    }

    /** Adds shadow number {@code rank} of a machine whose shadows are on {@code hosts}. */
    void add(int v, int rank, int[] hosts) {
        int home = fleet.vmHost[v];
        if (rank == 0) {
            if (fleet.vmTier[v] >= 3) {
                add(zone, fleet.hostZone[home] * dims, v);
            }
            if (fleet.vmTier[v] >= 2) {
                int row = racks.row(fleet.hostRack[home]);
                add(racks.load, row, v);
            }
            int row = homes.row(home);
            add(homes.load, row, v);
        } else if (rank == 1 && fleet.pairs) {
            long low = Math.min(home, hosts[0]);
            long high = Math.max(home, hosts[0]);
            add(pairs.computeIfAbsent(low << 32 | high, key -> new long[dims]), 0, v);
        }
    }

    private void add(long[] load, int from, int v) {
        for (int d = 0; d < dims; d++) {
            load[from + d] += fleet.extra[v * dims + d];
        }
    }

    /** Returns the largest load of any event in each dimension; overwritten by the next call. */
    long[] worst() {
        Arrays.fill(worst, 0);
        for (int d = 0; d < dims; d++) {
            for (int i = d; i < zone.length; i += dims) {
                worst[d] = Math.max(worst[d], zone[i]);
            }
            for (int i = d; i < racks.size * dims; i += dims) {
                worst[d] = Math.max(worst[d], racks.load[i]);
            }
            long most = 0;
            long next = 0;
            for (int i = d; i < homes.size * dims; i += dims) {
                next = Math.max(next, Math.min(most, homes.load[i]));
                most = Math.max(most, homes.load[i]);
            }
            worst[d] = Math.max(worst[d], fleet.pairs ? most + next : most);
        }
        pairs.forEach((key, load) -> {
            int low = (int) (key >> 32);
            int high = (int) (long) key;
            for (int d = 0; d < dims; d++) {
                worst[d] = Math.max(worst[d], load[d] + homes.of(low, d) + homes.of(high, d));
            }
        });
        return worst;
    }

    /** Loads of the few keys that are used, found by a table as large as all keys. */
    private static final class Table {
        private final int[] rowOf;
        private final int[] used;
        private final int dims;
        private int size;
        private long[] load;

        Table(int keys, int dims) {
            this.dims = dims;
            rowOf = new int[keys];
            used = new int[keys];
            load = new long[8 * dims];
        }

        void clear() {
            for (int i = 0; i < size; i++) {
                rowOf[used[i]] = 0;
            }
            size = 0;
        }

        int row(int key) {
            if (rowOf[key] == 0) {
                if ((size + 1) * dims > load.length) {
                    load = Arrays.copyOf(load, 2 * load.length);
                }
                Arrays.fill(load, size * dims, size * dims + dims, 0);
                used[size++] = key;
                rowOf[key] = size;
            }
            return (rowOf[key] - 1) * dims;
        }

        long of(int key, int d) {
            return rowOf[key] == 0 ? 0 : load[(rowOf[key] - 1) * dims + d];
        }
    }
}
