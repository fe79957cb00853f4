package dev.shadow.core.placement.plan;

import java.util.Arrays;

/**
 * What every failure event would bring to every host, and in each dimension the largest of it, the reserve.
 *
 * <p>Numbers of one host stand together in {@code rows}, as they are looked at together: the room that primaries and standbys
 * leave, the worst of all events, with two failing hosts the largest and the second largest host event, and the event of each
 * zone, a row of all dimensions each. Rack and host events are short lists, since few of them reach one host. Adding a shadow
 * raises three events, so what it costs is found in O(dimensions), whatever the host carries. Taking one away lowers three; only
 * when one of them was a largest are the host's events looked through, which is O(events that reach the host * dimensions).
 * Not thread-safe.
 */
final class HostLoads {
    /** Stands for the leader of a first shadow. */
    static final int FIRST = -1;

    /** Stands for the leader of a shadow that no event activates. */
    static final int NONE = -2;

    private final FleetInstance fleet;
    private final int dims;
    private final int memory;
    private final int worstRow;
    private final int firstRow;
    private final int secondRow;
    private final int zoneRow;
    private final int stride;
    private final int[] rows;
    private final int[] peak;
    private final EventList[] racks;
    private final EventList[] homes;
    private final PairList[] pairs;
    private final int[] scratch;
    private long cost;

    HostLoads(FleetInstance fleet) {
        this.fleet = fleet;
        dims = fleet.dimensions;
        memory = dims - 1;
        worstRow = dims;
        firstRow = 2 * dims;
        secondRow = 3 * dims;
        zoneRow = fleet.pairs ? 4 * dims : 2 * dims;
        stride = zoneRow + fleet.zones * dims;
        rows = new int[fleet.hosts * stride];
        peak = new int[fleet.hosts];
        racks = new EventList[fleet.hosts];
        homes = new EventList[fleet.hosts];
        pairs = new PairList[fleet.pairs ? fleet.hosts : 0];
        for (int h = 0; h < fleet.hosts; h++) {
            racks[h] = new EventList(dims);
            homes[h] = new EventList(dims);
            if (fleet.pairs) {
                pairs[h] = new PairList();
            }
        }
        scratch = new int[dims];
        loadPrimaries();
    }

    private void loadPrimaries() {
        for (int h = 0; h < fleet.hosts; h++) {
            HostType type = fleet.typeOf(h);
            Arrays.fill(rows, h * stride, h * stride + memory, type.cpu());
            rows[h * stride + memory] = type.memory();
        }
        for (int v = 0; v < fleet.vms; v++) {
            int from = fleet.vmHost[v] * stride;
            for (int d = 0; d < dims; d++) {
                rows[from + d] -= fleet.demand[v * dims + d];
            }
        }
    }

    /** Cost of the failover reserve of all hosts. */
    long cost() {
        return cost;
    }

    int room(int h, int d) {
        return rows[h * stride + d];
    }

    int worst(int h, int d) {
        return rows[h * stride + worstRow + d];
    }

    /** Whether every event's load fits into the room. */
    boolean fits(int h) {
        int from = h * stride;
        for (int d = 0; d < dims; d++) {
            if (rows[from + worstRow + d] > rows[from + d]) {
                return false;
            }
        }
        return true;
    }

    void changeStandby(int v, int h, int sign) {
        int from = h * stride;
        int cpu = sign * fleet.vmStandbyCpu[v];
        for (int d = from; d < from + memory; d++) {
            rows[d] -= cpu;
        }
        rows[from + memory] -= sign * fleet.vmStandbyMemory[v];
    }

    /**
     * Returns what the reserve costs more with a machine's first shadow on the host; {@link ReserveState#IMPOSSIBLE} if it does
     * not fit or costs more than {@code limit}. What the machine alone brings is compared first, and only if that is not too much
     * are the lists asked what else its rack and its host bring.
     */
    long addFirst(int v, int h, long limit) {
        int from = h * stride;
        int extra = v * dims;
        int home = fleet.vmHost[v];
        int zone = fleet.vmTier[v] == 3 ? from + zoneRow + fleet.hostZone[home] * dims : -1;
        int before = rows[from + worstRow + memory];
        int after = atLeast(from, zone, memory, fleet.extra[extra + memory]);
        if (after + fleet.vmStandbyMemory[v] > rows[from + memory]) {
            return ReserveState.IMPOSSIBLE;
        }
        long memoryCost = (long) (after - before) * fleet.memoryPrice[h];
        if (memoryCost > limit) {
            return ReserveState.IMPOSSIBLE;
        }
        int standby = fleet.vmStandbyCpu[v];
        int top = 0;
        for (int d = 0; d < memory; d++) {
            int w = atLeast(from, zone, d, fleet.extra[extra + d]);
            if (w + standby > rows[from + d]) {
                return ReserveState.IMPOSSIBLE;
            }
            top = Math.max(top, w);
        }
        long least = memoryCost + (long) (top - peak[h]) * fleet.cpuPrice[h];
        if (least > limit) {
            return ReserveState.IMPOSSIBLE;
        }
        int rackAt = fleet.vmTier[v] >= 2 ? racks[h].find(fleet.hostRack[home]) : -1;
        int homeAt = homes[h].find(home);
        boolean paired = fleet.pairs && pairs[h].size > 0 && pairs[h].involves(home);
        return rackAt < 0 && homeAt < 0 && !paired ? least : addFirst(v, h, zone, rackAt, homeAt, paired);
    }

    /** The least that the worst can be when an event that brings {@code extra} alone is added. */
    private int atLeast(int from, int zone, int d, int extra) {
        int w = Math.max(rows[from + worstRow + d], extra);
        if (zone >= 0) {
            w = Math.max(w, rows[zone + d] + extra);
        }
        if (fleet.pairs) {
            int first = rows[from + firstRow + d];
            w = Math.max(w, first + (extra > first ? extra : Math.max(rows[from + secondRow + d], extra)));
        }
        return w;
    }

    private long addFirst(int v, int h, int zone, int rackAt, int homeAt, boolean paired) {
        int from = h * stride;
        int home = fleet.vmHost[v];
        int[] rackLoad = racks[h].load;
        int[] homeLoad = homes[h].load;
        int standby = fleet.vmStandbyCpu[v];
        int top = 0;
        int w = 0;
        for (int d = 0; d < dims; d++) {
            int extra = fleet.extra[v * dims + d];
            w = atLeast(from, zone, d, extra);
            if (rackAt >= 0) {
                w = Math.max(w, rackLoad[rackAt + d] + extra);
            }
            int before = homeAt < 0 ? 0 : homeLoad[homeAt + d];
            int after = before + extra;
            if (paired) {
                w = Math.max(w, pairs[h].worstWith(home, after, homes[h], d));
            }
            if (fleet.pairs) {
                int f = rows[from + firstRow + d];
                int s = rows[from + secondRow + d];
                after = before == f ? after + s : f + Math.max(s, after);
            }
            w = Math.max(w, after);
            if (d == memory) {
                standby = fleet.vmStandbyMemory[v];
            } else {
                top = Math.max(top, w);
            }
            if (w + standby > rows[from + d]) {
                return ReserveState.IMPOSSIBLE;
            }
        }
        return priceOf(h, top, w);
    }

    /** What a second shadow costs more, when the first is on {@code leader}; one that no event activates has leader -1. */
    long addFollower(int v, int h, int leader) {
        int from = h * stride;
        int top = 0;
        int w = 0;
        int standby = fleet.vmStandbyCpu[v];
        int home = fleet.vmHost[v];
        for (int d = 0; d < dims; d++) {
            w = rows[from + worstRow + d];
            if (leader >= 0) {
                int alone = homes[h].loadOf(home, d) + homes[h].loadOf(leader, d);
                w = Math.max(w, pairs[h].load(home, leader, d) + fleet.extra[v * dims + d] + alone);
            }
            if (d == memory) {
                standby = fleet.vmStandbyMemory[v];
            } else {
                top = Math.max(top, w);
            }
            if (w + standby > rows[from + d]) {
                return ReserveState.IMPOSSIBLE;
            }
        }
        return priceOf(h, top, w);
    }

    private long priceOf(int h, int top, int worstMemory) {
        return (long) (top - peak[h]) * fleet.cpuPrice[h]
                + (long) (worstMemory - rows[h * stride + worstRow + memory]) * fleet.memoryPrice[h];
    }

    /** What the reserve costs less without a machine's shadow; {@code leader} is the host whose failure activates it. */
    long saved(int v, int h, int leader) {
        if (leader == NONE || (leader == FIRST && !leads(v, h))) {
            return 0;
        }
        shift(v, h, leader, -1);
        scan(h);
        shift(v, h, leader, 1);
        return -priceOf(h, topOf(scratch), scratch[memory]);
    }

    /** What the reserve costs more when one shadow leaves the host and another enters. */
    long exchanged(int out, int outLeader, int in, int inLeader, int h) {
        shift(out, h, outLeader, -1);
        shift(in, h, inLeader, 1);
        scan(h);
        shift(in, h, inLeader, -1);
        if (inLeader == FIRST) {
            if (fleet.vmTier[in] >= 2) {
                racks[h].forgetIfEmpty(fleet.hostRack[fleet.vmHost[in]]);
            }
            homes[h].forgetIfEmpty(fleet.vmHost[in]);
        }
        shift(out, h, outLeader, 1);
        int standby = fleet.vmStandbyCpu[in] - fleet.vmStandbyCpu[out];
        for (int d = 0; d < dims; d++) {
            if (d == memory) {
                standby = fleet.vmStandbyMemory[in] - fleet.vmStandbyMemory[out];
            }
            if (scratch[d] + standby > rows[h * stride + d]) {
                return ReserveState.IMPOSSIBLE;
            }
        }
        return priceOf(h, topOf(scratch), scratch[memory]);
    }

    /** Whether one of the first shadow's events is the worst of its host in some dimension. */
    private boolean leads(int v, int h) {
        int from = h * stride;
        int tier = fleet.vmTier[v];
        int home = fleet.vmHost[v];
        int zone = tier == 3 ? from + zoneRow + fleet.hostZone[home] * dims : -1;
        int rackAt = tier >= 2 ? racks[h].find(fleet.hostRack[home]) : -1;
        int homeAt = homes[h].find(home);
        int[] rackLoad = racks[h].load;
        int[] homeLoad = homes[h].load;
        boolean paired = fleet.pairs && pairs[h].size > 0 && pairs[h].involves(home);
        for (int d = 0; d < dims; d++) {
            int w = rows[from + worstRow + d];
            if ((zone >= 0 && rows[zone + d] == w) || (rackAt >= 0 && rackLoad[rackAt + d] == w)) {
                return true;
            }
            int load = homeLoad[homeAt + d];
            if (fleet.pairs) {
                int second = rows[from + secondRow + d];
                boolean amongTwo = load >= second && rows[from + firstRow + d] + second == w;
                if (amongTwo || (paired && pairs[h].worstWith(home, load, homes[h], d) == w)) {
                    return true;
                }
            } else if (load == w) {
                return true;
            }
        }
        return false;
    }

    private boolean amongTwo(int v, int h) {
        int homeAt = homes[h].find(fleet.vmHost[v]);
        for (int d = 0; d < dims; d++) {
            if (homes[h].load[homeAt + d] >= rows[h * stride + secondRow + d]) {
                return true;
            }
        }
        return false;
    }

    /** Adds a shadow's events to a host, or takes them off, for as long as a question takes. */
    private void shift(int v, int h, int leader, int sign) {
        if (leader == FIRST) {
            int home = fleet.vmHost[v];
            shiftZone(v, h, sign);
            if (fleet.vmTier[v] >= 2) {
                racks[h].shift(fleet.hostRack[home], fleet.extra, v * dims, sign);
            }
            homes[h].shift(home, fleet.extra, v * dims, sign);
        } else if (leader >= 0) {
            pairs[h].change(fleet.vmHost[v], leader, fleet.extra, v * dims, dims, sign);
        }
    }

    private void shiftZone(int v, int h, int sign) {
        if (fleet.vmTier[v] == 3) {
            int to = h * stride + zoneRow + fleet.hostZone[fleet.vmHost[v]] * dims;
            for (int d = 0; d < dims; d++) {
                rows[to + d] += sign * fleet.extra[v * dims + d];
            }
        }
    }

    /** Adds the events of a machine's first shadow to the host. */
    void addFirst(int v, int h) {
        changeFirst(v, h, 1);
        int home = fleet.vmHost[v];
        if (fleet.pairs && pairs[h].size > 0 && pairs[h].involves(home)) {
            rescan(h);
            return;
        }
        int from = h * stride;
        int tier = fleet.vmTier[v];
        int zone = tier == 3 ? from + zoneRow + fleet.hostZone[home] * dims : -1;
        int rackAt = tier >= 2 ? racks[h].find(fleet.hostRack[home]) : -1;
        int homeAt = homes[h].find(home);
        int top = 0;
        int w = 0;
        int before = rows[from + worstRow + memory];
        for (int d = 0; d < dims; d++) {
            top = Math.max(top, w);
            w = rows[from + worstRow + d];
            if (zone >= 0) {
                w = Math.max(w, rows[zone + d]);
            }
            if (rackAt >= 0) {
                w = Math.max(w, racks[h].load[rackAt + d]);
            }
            int load = homes[h].load[homeAt + d];
            w = Math.max(w, fleet.pairs ? raiseTwo(from + d, load, fleet.extra[v * dims + d]) : load);
            rows[from + worstRow + d] = w;
        }
        cost += (long) (top - peak[h]) * fleet.cpuPrice[h] + (long) (w - before) * fleet.memoryPrice[h];
        peak[h] = top;
    }

    /** Keeps the two largest host events when one rises by {@code extra} to {@code after}; returns their sum. */
    private int raiseTwo(int at, int after, int extra) {
        int first = at + firstRow;
        int second = at + secondRow;
        if (after - extra == rows[first]) {
            rows[first] = after;
        } else if (after > rows[first]) {
            rows[second] = rows[first];
            rows[first] = after;
        } else {
            rows[second] = Math.max(rows[second], after);
        }
        return rows[first] + rows[second];
    }

    /** Takes the events of a machine's first shadow off the host. */
    void removeFirst(int v, int h) {
        boolean matters = leads(v, h) || (fleet.pairs && amongTwo(v, h));
        changeFirst(v, h, -1);
        if (matters) {
            rescan(h);
        }
    }

    private void changeFirst(int v, int h, int sign) {
        int home = fleet.vmHost[v];
        shiftZone(v, h, sign);
        if (fleet.vmTier[v] >= 2) {
            racks[h].change(fleet.hostRack[home], fleet.extra, v * dims, sign);
        }
        homes[h].change(home, fleet.extra, v * dims, sign);
    }

    /** Adds, or takes off, the event that activates a machine's second shadow, on host {@code h}. */
    void changePair(int v, int h, int leader, int sign) {
        pairs[h].change(fleet.vmHost[v], leader, fleet.extra, v * dims, dims, sign);
        rescan(h);
    }

    private void rescan(int h) {
        int from = h * stride;
        scan(h);
        int top = topOf(scratch);
        cost += priceOf(h, top, scratch[memory]);
        System.arraycopy(scratch, 0, rows, from + worstRow, dims);
        peak[h] = top;
        if (fleet.pairs) {
            for (int d = 0; d < dims; d++) {
                largestTwo(homes[h], d, from + d);
            }
        }
    }

    /**
     * Finds the worst loads of a host into {@code scratch}. Zone events come first: they gather most shadows, so few of the
     * rack and host events are larger in any dimension.
     */
    private void scan(int h) {
        scanZones(h);
        raise(racks[h]);
        if (fleet.pairs) {
            scanTwo(homes[h]);
            if (pairs[h].size > 0) {
                pairs[h].raise(homes[h], scratch);
            }
        } else {
            raise(homes[h]);
        }
    }

    private void scanZones(int h) {
        int from = h * stride + zoneRow;
        System.arraycopy(rows, from, scratch, 0, dims);
        for (int z = 1; z < fleet.zones; z++) {
            from += dims;
            for (int d = 0; d < dims; d++) {
                scratch[d] = Math.max(scratch[d], rows[from + d]);
            }
        }
    }

    private void raise(EventList events) {
        int cpu = smallestCpu();
        for (int i = 0; i < events.size; i++) {
            int from = i * dims;
            if (events.top[i] > cpu || events.load[from + memory] > scratch[memory]) {
                for (int d = 0; d < dims; d++) {
                    scratch[d] = Math.max(scratch[d], events.load[from + d]);
                }
            }
        }
    }

    private int smallestCpu() {
        int least = Integer.MAX_VALUE;
        for (int d = 0; d < memory; d++) {
            least = Math.min(least, scratch[d]);
        }
        return least;
    }

    /** Two hosts may fail at once: raises {@code scratch} to the sum of the two largest host events where that is more. */
    private void scanTwo(EventList events) {
        int most = 0;
        int next = 0;
        int mostMemory = 0;
        int nextMemory = 0;
        for (int i = 0; i < events.size; i++) {
            int x = events.top[i];
            next = Math.max(next, Math.min(most, x));
            most = Math.max(most, x);
            int y = events.load[i * dims + memory];
            nextMemory = Math.max(nextMemory, Math.min(mostMemory, y));
            mostMemory = Math.max(mostMemory, y);
        }
        scratch[memory] = Math.max(scratch[memory], mostMemory + nextMemory);
        if (most + next <= smallestCpu()) {
            return;
        }
        for (int d = 0; d < memory; d++) {
            scratch[d] = Math.max(scratch[d], largestTwo(events, d, -1));
        }
    }

    private int largestTwo(EventList events, int d, int keepAt) {
        int most = 0;
        int next = 0;
        for (int i = d; i < events.size * dims; i += dims) {
            int x = events.load[i];
            next = Math.max(next, Math.min(most, x));
            most = Math.max(most, x);
        }
        if (keepAt >= 0) {
            rows[keepAt + firstRow] = most;
            rows[keepAt + secondRow] = next;
        }
        return most + next;
    }

    private int topOf(int[] loads) {
        int top = 0;
        for (int d = 0; d < memory; d++) {
            top = Math.max(top, loads[d]);
        }
        return top;
    }
}
