package dev.shadow.core.placement.online;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * A tree of two levels over the hosts of every zone: blocks of a few hosts, and groups of a few blocks. Each
 * node keeps the best that any of its open hosts has to offer (room, and reserve that the loss of a zone leaves
 * unused), so that a search can bound the cost of many hosts without looking at one. A change of a host costs
 * {@code O(zones + events)}. Groups are numbered first, then blocks. Guarded by the fleet's lock.
 *
 * <p>A node bounds well if its hosts are alike: a full host with much reserve and an empty one with much room
 * would look like one that has both. Hosts are therefore sorted anew by what they have to offer whenever an
 * eighth as many changes were made as there are hosts. The order decides between hosts of equal cost only.
 *
 * <p>The shape of processor demand is kept in at most eight parts of a day, which is exact for as many periods.
 */
final class FleetIndex {
    private static final int FAN = 8;
    private static final int MOST_PARTS = 8;
    private static final int RESOURCES = 4;
    private static final int LEAST_CHANGES = 32;

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
    /** Hosts in the order of the blocks. */
    private final int[] order;

    private final int[] kind;
    /** Of each node: room of the four resources; then for every zone, and for none, the unused reserve. */
    private final long[] best;
    /** Of each node: the least price of the four resources. */
    private final double[] price;

    private final long[] host;
    private int changes;

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
        order = IntStream.range(0, hosts).toArray();
        kind = new int[hosts];
        for (int h = 1; h < hosts; h++) {
            kind[h] = kind[h - 1] + (columns.alike(h - 1, h) ? 0 : 1);
        }
        sort();
    }

    /** Says whether the hosts have changed so much that they should be sorted anew. */
    boolean isWorn() {
        return changes > Math.max(LEAST_CHANGES, order.length / FAN);
    }

    /** Sorts the hosts of each zone by kind, then by how full they are, then by their reserve. */
    void sort() {
        changes = 0;
        Integer[] sorted = IntStream.range(0, order.length).boxed().toArray(Integer[]::new);
        double[] room = new double[order.length];
        double[] reserve = new double[order.length];
        for (int h = 0; h < order.length; h++) {
            room[h] = Math.rint(16 * Math.log(columns.leastShareOfRoom(h)));
            reserve[h] = columns.loads[h].peak(columns.periods);
        }
        Arrays.sort(
                sorted,
                Comparator.comparingInt((Integer h) -> columns.zone[h])
                        .thenComparingInt(h -> kind[h])
                        .thenComparingDouble(h -> room[h])
                        .thenComparingDouble(h -> reserve[h]));
        Arrays.setAll(order, i -> sorted[i]);
        Arrays.fill(price, Double.POSITIVE_INFINITY);
        for (int node = nodes - 1; node >= 0; node--) {
            adopt(node);
            refreshNode(node);
        }
    }

    private void adopt(int node) {
        for (int i = from(node); i < to(node); i++) {
            int child = child(node, i);
            int[] parent = isGroup(node) ? groupOf : blockOf;
            parent[child] = node;
            for (int r = 0; r < RESOURCES; r++) {
                double of = isGroup(node) ? price[child * RESOURCES + r] : columns.unitPrice[r][child];
                price[node * RESOURCES + r] = Math.min(price[node * RESOURCES + r], of);
            }
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

    /** The child at a place between {@link #from} and {@link #to}: a host of a block, a block of a group. */
    int child(int node, int i) {
        return isGroup(node) ? i : order[i];
    }

    /** Place of the first child. */
    int from(int node) {
        return isGroup(node) ? groups + groupStart[node] : blockStart[node - groups];
    }

    /** Place after the last child. */
    int to(int node) {
        return isGroup(node) ? groups + groupStart[node + 1] : blockStart[node - groups + 1];
    }

    /** A host of the node; all are of one zone. */
    int anyHost(int node) {
        return order[isGroup(node) ? blockStart[groupStart[node]] : blockStart[node - groups]];
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
        changes++;
        int block = blockOf[h];
        refreshNode(block);
        refreshNode(groupOf[block]);
    }

    private void refreshNode(int node) {
        int at = node * stride;
        Arrays.fill(best, at, at + stride, Long.MIN_VALUE / 2);
        best[at] = Long.MIN_VALUE;
        for (int i = from(node); i < to(node); i++) {
            int child = child(node, i);
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
