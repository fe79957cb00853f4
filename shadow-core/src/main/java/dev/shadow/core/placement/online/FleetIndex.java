package dev.shadow.core.placement.online;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A tree of two levels over the hosts of every zone: blocks of a few hosts, and groups of a few blocks. Each
 * node keeps the best that any of its open hosts has to offer (room, and reserve that the loss of a zone leaves
 * unused), so that a search can bound the cost of many hosts without looking at one. A change of a host costs
 * {@code O(zones + events)}. Groups are numbered first, then blocks. Guarded by the fleet's lock.
 *
 * <p>The shape of processor demand is kept in at most eight parts of a day, which is exact for as many periods.
 */
final class FleetIndex {
    private static final int FAN = 8;
    private static final int MOST_PARTS = 8;
    private static final int RESOURCES = 4;

    final int groups;
    final int nodes;

    private final FleetColumns columns;
    private final int parts;
    private final int stride;
    /** First host of each block, and first block of each group; one more for the end. */
    private final int[] blockStart;

    private final int[] groupStart;
    private final int[] blockOf;
    private final int[] groupOf;
    /** Of each node: room of the four resources; then for every zone, and for none, the unused reserve. */
    private final long[] best;
    /** Of each node: the least price of the four resources. */
    private final double[] price;

    private final long[] host;

    FleetIndex(FleetColumns columns) {
        this.columns = columns;
        int hosts = columns.hosts.length;
        parts = Math.min(columns.periods, MOST_PARTS);
        stride = RESOURCES + (columns.zones + 1) * (parts + 2);
        blockStart = starts(hosts, h -> columns.zone[h]);
        groupStart = starts(blockStart.length - 1, b -> columns.zone[blockStart[b]]);
        groups = groupStart.length - 1;
        nodes = groups + blockStart.length - 1;
        blockOf = new int[hosts];
        groupOf = new int[nodes];
        best = new long[nodes * stride];
        price = new double[nodes * RESOURCES];
        host = new long[stride];
        Arrays.fill(price, Double.POSITIVE_INFINITY);
        for (int node = nodes - 1; node >= 0; node--) {
            for (int child = from(node); child < to(node); child++) {
                int[] parent = isGroup(node) ? groupOf : blockOf;
                parent[child] = node;
                for (int r = 0; r < RESOURCES; r++) {
                    double of = isGroup(node) ? price[child * RESOURCES + r] : columns.unitPrice[r][child];
                    price[node * RESOURCES + r] = Math.min(price[node * RESOURCES + r], of);
                }
            }
            refreshNode(node);
        }
    }

    /** Cuts so many into runs of one zone, none longer than a node may have children. */
    private static int[] starts(int count, IntUnaryOperator zone) {
        List<Integer> starts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean full = i == 0 || i - starts.get(starts.size() - 1) == FAN;
            if (full || zone.applyAsInt(i) != zone.applyAsInt(i - 1)) {
                starts.add(i);
            }
        }
        starts.add(count);
        return starts.stream().mapToInt(Integer::intValue).toArray();
    }

    boolean isGroup(int node) {
        return node < groups;
    }

    /** First child: a host of a block, a block of a group. */
    int from(int node) {
        return isGroup(node) ? groups + groupStart[node] : blockStart[node - groups];
    }

    /** The one after the last child. */
    int to(int node) {
        return isGroup(node) ? groups + groupStart[node + 1] : blockStart[node - groups + 1];
    }

    /** A host of the node; all are of one zone. */
    int anyHost(int node) {
        return isGroup(node) ? blockStart[groupStart[node]] : blockStart[node - groups];
    }

    /** The block of a host. */
    int block(int h) {
        return blockOf[h];
    }

    /** The group of a block. */
    int group(int block) {
        return groupOf[block];
    }

    /** The most that the demand adds in each part of the day, then memory and network. */
    long[] parts(long[] extra) {
        long[] most = new long[parts + 2];
        for (int t = 0; t < columns.periods; t++) {
            most[part(t)] = Math.max(most[part(t)], extra[t]);
        }
        most[parts] = extra[columns.periods];
        most[parts + 1] = extra[columns.periods + 1];
        return most;
    }

    private int part(int period) {
        return period * parts / columns.periods;
    }

    /** No host of the node takes the shadow for less per hour; infinity if none has the room, or none is open. */
    double bound(int node, Ask ask) {
        int at = node * stride;
        int row = at + RESOURCES + ask.slackRow * (parts + 2);
        long reserve = 0;
        for (int i = 0; i < parts; i++) {
            reserve = Math.max(reserve, ask.parts[i] - best[row + i]);
        }
        long cpu = ask.held.cpuMillis() + reserve;
        long memory = ask.held.memoryBytes() + Math.max(0, ask.parts[parts] - best[row + parts]);
        long disk = ask.held.diskBytes();
        long network = ask.held.networkBitsPerSecond() + Math.max(0, ask.parts[parts + 1] - best[row + parts + 1]);
        boolean fits = best[at] > Long.MIN_VALUE
                && OfferSearch.fits(cpu, best[at])
                && OfferSearch.fits(memory, best[at + 1])
                && OfferSearch.fits(disk, best[at + 2])
                && OfferSearch.fits(network, best[at + 3]);
        int of = node * RESOURCES;
        return fits
                ? price[of] * cpu + price[of + 1] * memory + price[of + 2] * disk + price[of + 3] * network
                : Double.POSITIVE_INFINITY;
    }

    /** Takes what a host has to offer now. */
    void refresh(int h) {
        int block = blockOf[h];
        refreshNode(block);
        refreshNode(groupOf[block]);
    }

    private void refreshNode(int node) {
        int at = node * stride;
        Arrays.fill(best, at, at + stride, Long.MIN_VALUE / 2);
        best[at] = Long.MIN_VALUE;
        for (int child = from(node); child < to(node); child++) {
            if (isGroup(node)) {
                raise(at, best, child * stride);
            } else if (columns.isOpen(child)) {
                measure(child);
                raise(at, host, 0);
            }
        }
    }

    private void raise(int at, long[] with, int offset) {
        for (int i = 0; i < stride; i++) {
            best[at + i] = Math.max(best[at + i], with[offset + i]);
        }
    }

    private void measure(int h) {
        EventLoads loads = columns.loads[h];
        for (int r = 0; r < RESOURCES; r++) {
            host[r] = columns.room[r][h];
        }
        long reserve = loads.peakBefore(columns.periods);
        int memory = columns.periods;
        for (int z = 0; z <= columns.zones; z++) {
            int row = RESOURCES + z * (parts + 2);
            Arrays.fill(host, row, row + parts, reserve);
            host[row + parts] = loads.peak(memory);
            host[row + parts + 1] = loads.peak(memory + 1);
        }
        for (int z = 0; z < columns.zones; z++) {
            int at = loads.find(z);
            if (at >= 0) {
                occupy(loads, at, RESOURCES + z * (parts + 2), reserve);
            }
        }
    }

    /** What a zone's own loss brings already is no longer unused when it is lost. */
    private void occupy(EventLoads loads, int at, int row, long reserve) {
        Arrays.fill(host, row, row + parts, Long.MIN_VALUE);
        for (int t = 0; t < columns.periods; t++) {
            int i = row + part(t);
            host[i] = Math.max(host[i], reserve - loads.loadAt(at, t));
        }
        host[row + parts] -= loads.loadAt(at, columns.periods);
        host[row + parts + 1] -= loads.loadAt(at, columns.periods + 1);
    }
}
