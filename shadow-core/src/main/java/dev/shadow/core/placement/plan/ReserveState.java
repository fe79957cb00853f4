package dev.shadow.core.placement.plan;

import java.util.Arrays;

/**
 * A plan under construction, with what every host must hold for the worst failure event.
 *
 * <p>For each host the load of every event that would reach it is kept, and in each dimension the largest ({@code worst}).
 * Zone events are a dense table, rack and host events a short list, since few of them reach one host; with two failing
 * hosts the two largest host events are kept too, and the pairs that activate second shadows. Adding a shadow raises three
 * events, so its cost is found in O(dimensions), whatever the host carries. Taking one away lowers three; only when one of
 * them was a largest are the host's events looked through, which is O(events that reach the host * dimensions).
 *
 * <p>A <em>slot</em> is one shadow: the slots of machine {@code v} are {@code slotStart[v]} and on, in activation order. Not
 * thread-safe.
 */
final class ReserveState {
    static final long IMPOSSIBLE = Long.MAX_VALUE / 4;

    final FleetInstance fleet;
    final int dims;
    final int zones;
    final int[] at;
    final int[] room;
    final int[] worst;
    final int[] peak;
    final int[] diskRoom;
    final int[] zoneLoad;
    final int[] first;
    final int[] second;
    final EventList[] rackEvents;
    final EventList[] hostEvents;
    final PairList[] pairs;
    final SlotLists slots;
    final int[] licenceCount;
    final int[] licenceUsed;
    final int[] version;
    private final int[] scratch;
    private long cost;
    private int unplaced;

    ReserveState(FleetInstance fleet) {
        this.fleet = fleet;
        dims = fleet.dimensions;
        zones = fleet.zones;
        int h = fleet.hosts;
        at = new int[fleet.slotVm.length];
        Arrays.fill(at, -1);
        unplaced = at.length;
        room = new int[h * dims];
        worst = new int[h * dims];
        peak = new int[h];
        diskRoom = new int[h];
        zoneLoad = new int[h * zones * dims];
        first = new int[fleet.pairs ? h * dims : 0];
        second = new int[fleet.pairs ? h * dims : 0];
        rackEvents = new EventList[h];
        hostEvents = new EventList[h];
        pairs = new PairList[fleet.pairs ? h : 0];
        for (int i = 0; i < h; i++) {
            rackEvents[i] = new EventList(dims);
            hostEvents[i] = new EventList(dims);
            if (fleet.pairs) {
                pairs[i] = new PairList();
            }
        }
        slots = new SlotLists(h, at.length);
        licenceCount = new int[fleet.licences.size() * h];
        licenceUsed = new int[fleet.licences.size()];
        version = new int[h];
        scratch = new int[dims];
        loadPrimaries();
    }

    private void loadPrimaries() {
        long[] disk = new long[fleet.hosts];
        for (int h = 0; h < fleet.hosts; h++) {
            HostType type = fleet.typeOf(h);
            Arrays.fill(room, h * dims, h * dims + dims - 1, type.cpu());
            room[h * dims + dims - 1] = type.memory();
            disk[h] = type.disk();
        }
        for (int v = 0; v < fleet.vms; v++) {
            int h = fleet.vmHost[v];
            for (int d = 0; d < dims; d++) {
                room[h * dims + d] -= fleet.demand[v * dims + d];
            }
            disk[h] -= fleet.vmDisk[v];
        }
        for (int h = 0; h < fleet.hosts; h++) {
            diskRoom[h] = (int) Math.max(Integer.MIN_VALUE / 2, disk[h]);
        }
    }

    /** Cost of what is placed, in micro-credits per hour. */
    long cost() {
        return cost;
    }

    /** Number of shadows that have no host. */
    int unplaced() {
        return unplaced;
    }

    boolean complete() {
        return unplaced == 0;
    }

    int rank(int slot) {
        return slot - fleet.slotStart[fleet.slotVm[slot]];
    }

    /** Whether the shadow's host decides where another shadow's pair event lands. */
    boolean steersAnother(int slot) {
        int v = fleet.slotVm[slot];
        return fleet.pairs && slot == fleet.slotStart[v] && fleet.slotStart[v + 1] - slot > 1;
    }

    /** Whether everything but capacity and the licence pool lets the shadow be on the host. */
    boolean admissible(int slot, int h) {
        int v = fleet.slotVm[slot];
        int home = fleet.vmHost[v];
        if ((fleet.vmZones[v] >> fleet.hostZone[h] & 1) == 0 || h == home || h == at[slot]) {
            return false;
        }
        int rack = fleet.hostRack[h];
        if (fleet.vmTier[v] >= 2 && rack == fleet.hostRack[home]) {
            return false;
        }
        int end = fleet.slotStart[v + 1];
        int start = fleet.slotStart[v];
        if (end - start > 1) {
            for (int s = start; s < end; s++) {
                if (s != slot && at[s] >= 0 && fleet.hostRack[at[s]] == rack) {
                    return false;
                }
            }
        }
        return fleet.vmGroup[v] < 0 || apartFromGroup(v, h);
    }

    private boolean apartFromGroup(int v, int h) {
        for (int other : fleet.groupMembers[fleet.vmGroup[v]]) {
            if (other == v) {
                continue;
            }
            if (fleet.vmHost[other] == h) {
                return false;
            }
            for (int s = fleet.slotStart[other]; s < fleet.slotStart[other + 1]; s++) {
                if (at[s] == h) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Cost of the shadow on the host that does not depend on failover: standby, disk, link, opening the host for its product. */
    long ownCost(int slot, int h) {
        int v = fleet.slotVm[slot];
        return holdingCost(v, h) + openingCost(v, h, 0);
    }

    private long holdingCost(int v, int h) {
        return (long) fleet.vmStandbyCpu[v] * fleet.cpuPrice[h]
                + (long) fleet.vmStandbyMemory[v] * fleet.memoryPrice[h]
                + (long) fleet.vmDisk[v] * fleet.diskPrice[h]
                + fleet.linkCost(v, h);
    }

    private long openingCost(int v, int h, int others) {
        int l = fleet.vmLicence[v];
        if (l < 0 || licenceCount[l * fleet.hosts + h] > others || (fleet.licensedMask[h] >> l & 1) != 0) {
            return 0;
        }
        int units = fleet.licenceUnits[l][h];
        if (others == 0 && licenceUsed[l] + units > fleet.licences.get(l).poolUnits()) {
            return IMPOSSIBLE;
        }
        return (long) units * fleet.licences.get(l).unitPrice();
    }

    /**
     * Returns what it costs to add an unplaced shadow, or one that leaves another host, to an admissible host; {@link
     * #IMPOSSIBLE} if it does not fit, or costs more than {@code limit}. O(dimensions), plus the host's pair events.
     */
    long addCost(int slot, int h, long limit) {
        long own = ownCost(slot, h);
        int v = fleet.slotVm[slot];
        if (own > limit || diskRoom[h] < fleet.vmDisk[v]) {
            return IMPOSSIBLE;
        }
        int rank = slot - fleet.slotStart[v];
        if (rank > 0) {
            return addFollower(slot, v, h, own);
        }
        int base = h * dims;
        int e = v * dims;
        int tier = fleet.vmTier[v];
        int home = fleet.vmHost[v];
        int zoneAt = tier == 3 ? (h * zones + fleet.hostZone[home]) * dims : -1;
        int rackAt = tier >= 2 ? rackEvents[h].find(fleet.hostRack[home]) : -1;
        int hostAt = hostEvents[h].find(home);
        int[] rackLoad = rackEvents[h].load;
        int[] hostLoad = hostEvents[h].load;
        boolean paired = fleet.pairs && pairs[h].size > 0 && pairs[h].involves(home);
        int standby = fleet.vmStandbyCpu[v];
        int top = 0;
        int w = 0;
        for (int d = 0; d < dims; d++) {
            int extra = fleet.extra[e + d];
            w = worst[base + d];
            if (zoneAt >= 0) {
                w = Math.max(w, zoneLoad[zoneAt + d] + extra);
            }
            if (tier >= 2) {
                w = Math.max(w, (rackAt < 0 ? 0 : rackLoad[rackAt + d]) + extra);
            }
            int before = hostAt < 0 ? 0 : hostLoad[hostAt + d];
            int after = before + extra;
            if (fleet.pairs) {
                if (paired) {
                    w = Math.max(w, pairs[h].worstWith(home, after, hostEvents[h], d));
                }
                int f = first[base + d];
                int s = second[base + d];
                after = before == f ? after + s : f + Math.max(s, after);
            }
            w = Math.max(w, after);
            if (d == dims - 1) {
                standby = fleet.vmStandbyMemory[v];
            } else {
                top = Math.max(top, w);
            }
            if (w + standby > room[base + d]) {
                return IMPOSSIBLE;
            }
        }
        return own
                + (long) (top - peak[h]) * fleet.cpuPrice[h]
                + (long) (w - worst[base + dims - 1]) * fleet.memoryPrice[h];
    }

    private long addFollower(int slot, int v, int h, long own) {
        int base = h * dims;
        int leader = fleet.pairs && rank(slot) == 1 ? at[slot - 1] : -1;
        int top = 0;
        int w = 0;
        int standby = fleet.vmStandbyCpu[v];
        for (int d = 0; d < dims; d++) {
            w = worst[base + d];
            if (leader >= 0) {
                int pairLoad = pairs[h].load(fleet.vmHost[v], leader, d);
                w = Math.max(
                        w,
                        pairLoad
                                + fleet.extra[v * dims + d]
                                + hostEvents[h].loadOf(fleet.vmHost[v], d)
                                + hostEvents[h].loadOf(leader, d));
            }
            if (d == dims - 1) {
                standby = fleet.vmStandbyMemory[v];
            } else {
                top = Math.max(top, w);
            }
            if (w + standby > room[base + d]) {
                return IMPOSSIBLE;
            }
        }
        return own
                + (long) (top - peak[h]) * fleet.cpuPrice[h]
                + (long) (w - worst[base + dims - 1]) * fleet.memoryPrice[h];
    }

    /** Returns what is saved when the shadow leaves its host. Not for a shadow that {@link #steersAnother}. */
    long gain(int slot) {
        int h = at[slot];
        int v = fleet.slotVm[slot];
        long saved = holdingCost(v, h) + openingCost(v, h, 1);
        if (rank(slot) > (fleet.pairs ? 1 : 0) || !leads(slot, v, h)) {
            return saved;
        }
        shiftEvents(slot, v, h, -1);
        scan(h);
        shiftEvents(slot, v, h, 1);
        return saved
                + (long) (peak[h] - topOf(scratch)) * fleet.cpuPrice[h]
                + (long) (worst[h * dims + dims - 1] - scratch[dims - 1]) * fleet.memoryPrice[h];
    }

    /** Returns more than what can be saved when a shadow leaves its host and its second shadow is activated with another pair. */
    long mostSaved(int slot) {
        int h = at[slot];
        int v = fleet.slotVm[slot];
        int next = at[slot + 1];
        long most = holdingCost(v, h) + openingCost(v, h, 1);
        int memory = fleet.extra[v * dims + dims - 1];
        int cpu = 0;
        for (int d = 0; d < dims - 1; d++) {
            cpu = Math.max(cpu, fleet.extra[v * dims + d]);
        }
        most += (long) cpu * fleet.cpuPrice[h] + (long) memory * fleet.memoryPrice[h];
        return next < 0 ? most : most + (long) cpu * fleet.cpuPrice[next] + (long) memory * fleet.memoryPrice[next];
    }

    /** Returns the change of cost when one shadow leaves a host and another takes its place there. */
    long exchangeCost(int leaving, int entering, int h) {
        int out = fleet.slotVm[leaving];
        int in = fleet.slotVm[entering];
        if (diskRoom[h] + fleet.vmDisk[out] < fleet.vmDisk[in]) {
            return IMPOSSIBLE;
        }
        long change = holdingCost(in, h) - holdingCost(out, h);
        if (fleet.vmLicence[in] != fleet.vmLicence[out]) {
            change += openingCost(in, h, 0) - openingCost(out, h, 1);
        }
        if (change > IMPOSSIBLE / 2) {
            return IMPOSSIBLE;
        }
        shiftEvents(leaving, out, h, -1);
        shiftEvents(entering, in, h, 1);
        scan(h);
        shiftEvents(entering, in, h, -1);
        forgetEvents(entering, in, h);
        shiftEvents(leaving, out, h, 1);
        int base = h * dims;
        int standby = fleet.vmStandbyCpu[in] - fleet.vmStandbyCpu[out];
        for (int d = 0; d < dims; d++) {
            if (d == dims - 1) {
                standby = fleet.vmStandbyMemory[in] - fleet.vmStandbyMemory[out];
            }
            if (scratch[d] + standby > room[base + d]) {
                return IMPOSSIBLE;
            }
        }
        return change
                + (long) (topOf(scratch) - peak[h]) * fleet.cpuPrice[h]
                + (long) (scratch[dims - 1] - worst[base + dims - 1]) * fleet.memoryPrice[h];
    }

    /** Whether one of the shadow's events is the worst of its host in some dimension. */
    private boolean leads(int slot, int v, int h) {
        if (slot != fleet.slotStart[v]) {
            return true;
        }
        int base = h * dims;
        int tier = fleet.vmTier[v];
        int home = fleet.vmHost[v];
        int zoneAt = tier == 3 ? (h * zones + fleet.hostZone[home]) * dims : -1;
        int rackAt = tier >= 2 ? rackEvents[h].find(fleet.hostRack[home]) : -1;
        int hostAt = hostEvents[h].find(home);
        int[] rackLoad = rackEvents[h].load;
        int[] hostLoad = hostEvents[h].load;
        boolean paired = fleet.pairs && pairs[h].size > 0 && pairs[h].involves(home);
        for (int d = 0; d < dims; d++) {
            int w = worst[base + d];
            if ((zoneAt >= 0 && zoneLoad[zoneAt + d] == w) || (rackAt >= 0 && rackLoad[rackAt + d] == w)) {
                return true;
            }
            int load = hostLoad[hostAt + d];
            if (fleet.pairs) {
                boolean amongTwo = load >= second[base + d] && first[base + d] + second[base + d] == w;
                if (amongTwo || (paired && pairs[h].worstWith(home, load, hostEvents[h], d) == w)) {
                    return true;
                }
            } else if (load == w) {
                return true;
            }
        }
        return false;
    }

    /** Adds a shadow's events to a host, or takes them off, for as long as a question takes. */
    private void shiftEvents(int slot, int v, int h, int sign) {
        if (slot == fleet.slotStart[v]) {
            int home = fleet.vmHost[v];
            shiftZone(v, h, sign);
            if (fleet.vmTier[v] >= 2) {
                rackEvents[h].shift(fleet.hostRack[home], fleet.extra, v * dims, sign);
            }
            hostEvents[h].shift(home, fleet.extra, v * dims, sign);
        } else if (fleet.pairs && slot - fleet.slotStart[v] == 1 && at[slot - 1] >= 0) {
            pairs[h].change(fleet.vmHost[v], at[slot - 1], fleet.extra, v * dims, dims, sign);
        }
    }

    private void forgetEvents(int slot, int v, int h) {
        if (slot == fleet.slotStart[v]) {
            if (fleet.vmTier[v] >= 2) {
                rackEvents[h].forgetIfEmpty(fleet.hostRack[fleet.vmHost[v]]);
            }
            hostEvents[h].forgetIfEmpty(fleet.vmHost[v]);
        }
    }

    /**
     * Finds the worst loads of a host into {@code scratch}. Zone events come first: they gather most shadows, so few of the
     * rack and host events are larger in any dimension.
     */
    private void scan(int h) {
        scanZones(h);
        EventList racks = rackEvents[h];
        int cpu = smallestCpu();
        for (int i = 0; i < racks.size; i++) {
            if (racks.top[i] > cpu || racks.load[i * dims + dims - 1] > scratch[dims - 1]) {
                raise(racks.load, i * dims);
            }
        }
        EventList homes = hostEvents[h];
        if (fleet.pairs) {
            scanTwo(homes);
            if (pairs[h].size > 0) {
                pairs[h].raise(homes, scratch);
            }
            return;
        }
        for (int i = 0; i < homes.size; i++) {
            if (homes.top[i] > cpu || homes.load[i * dims + dims - 1] > scratch[dims - 1]) {
                raise(homes.load, i * dims);
            }
        }
    }

    private void scanZones(int h) {
        int from = h * zones * dims;
        int end = from + zones * dims;
        for (int d = 0; d < dims; d++) {
            int most = 0;
            for (int i = from + d; i < end; i += dims) {
                most = Math.max(most, zoneLoad[i]);
            }
            scratch[d] = most;
        }
    }

    private int smallestCpu() {
        int least = Integer.MAX_VALUE;
        for (int d = 0; d < dims - 1; d++) {
            least = Math.min(least, scratch[d]);
        }
        return least;
    }

    private void raise(int[] load, int from) {
        for (int d = 0; d < dims; d++) {
            scratch[d] = Math.max(scratch[d], load[from + d]);
        }
    }

    /** Two hosts may fail at once: raises {@code scratch} to the sum of the two largest host events where that is more. */
    private void scanTwo(EventList homes) {
        int most = 0;
        int next = 0;
        int memory = 0;
        int nextMemory = 0;
        for (int i = 0; i < homes.size; i++) {
            int x = homes.top[i];
            next = Math.max(next, Math.min(most, x));
            most = Math.max(most, x);
            int y = homes.load[i * dims + dims - 1];
            nextMemory = Math.max(nextMemory, Math.min(memory, y));
            memory = Math.max(memory, y);
        }
        scratch[dims - 1] = Math.max(scratch[dims - 1], memory + nextMemory);
        if (most + next <= smallestCpu()) {
            return;
        }
        for (int d = 0; d < dims - 1; d++) {
            scratch[d] = Math.max(scratch[d], largestTwo(homes, d, -1));
        }
    }

    private int largestTwo(EventList homes, int d, int keepAt) {
        int most = 0;
        int next = 0;
        for (int i = d; i < homes.size * dims; i += dims) {
            int x = homes.load[i];
            next = Math.max(next, Math.min(most, x));
            most = Math.max(most, x);
        }
        if (keepAt >= 0) {
            first[keepAt + d] = most;
            second[keepAt + d] = next;
        }
        return most + next;
    }

    private int topOf(int[] loads) {
        int top = 0;
        for (int d = 0; d < dims - 1; d++) {
            top = Math.max(top, loads[d]);
        }
        return top;
    }

    /** Puts an unplaced shadow on a host, whether it fits or not. */
    void attach(int slot, int h) {
        int v = fleet.slotVm[slot];
        cost += holdingCost(v, h);
        int l = fleet.vmLicence[v];
        if (l >= 0 && licenceCount[l * fleet.hosts + h]++ == 0 && (fleet.licensedMask[h] >> l & 1) == 0) {
            licenceUsed[l] += fleet.licenceUnits[l][h];
            cost += (long) fleet.licenceUnits[l][h] * fleet.licences.get(l).unitPrice();
        }
        at[slot] = h;
        unplaced--;
        slots.add(h, slot);
        changeStandby(v, h, 1);
        if (slot == fleet.slotStart[v]) {
            changeEvents(v, h, 1);
            raiseWorst(v, h);
        }
        if (fleet.pairs) {
            changePair(v, 1);
        }
        version[h]++;
    }

    /** After a shadow's events have been added: the worst can only have risen, and only to one of them. */
    private void raiseWorst(int v, int h) {
        int home = fleet.vmHost[v];
        if (fleet.pairs && pairs[h].size > 0 && pairs[h].involves(home)) {
            rescan(h);
            return;
        }
        int base = h * dims;
        int tier = fleet.vmTier[v];
        int zoneAt = tier == 3 ? (h * zones + fleet.hostZone[home]) * dims : -1;
        int rackAt = tier >= 2 ? rackEvents[h].find(fleet.hostRack[home]) : -1;
        int hostAt = hostEvents[h].find(home);
        int memory = worst[base + dims - 1];
        for (int d = 0; d < dims; d++) {
            int w = worst[base + d];
            if (zoneAt >= 0) {
                w = Math.max(w, zoneLoad[zoneAt + d]);
            }
            if (rackAt >= 0) {
                w = Math.max(w, rackEvents[h].load[rackAt + d]);
            }
            int after = hostEvents[h].load[hostAt + d];
            worst[base + d] = Math.max(w, fleet.pairs ? raiseTwo(base + d, after, fleet.extra[v * dims + d]) : after);
        }
        settlePeak(h, memory);
    }

    /** Keeps the two largest host events when one rises by {@code extra} to {@code after}; returns their sum. */
    private int raiseTwo(int at, int after, int extra) {
        if (after - extra == first[at]) {
            first[at] = after;
        } else if (after > first[at]) {
            second[at] = first[at];
            first[at] = after;
        } else {
            second[at] = Math.max(second[at], after);
        }
        return first[at] + second[at];
    }

    private void settlePeak(int h, int oldMemory) {
        int top = 0;
        for (int d = h * dims, end = d + dims - 1; d < end; d++) {
            top = Math.max(top, worst[d]);
        }
        cost += (long) (top - peak[h]) * fleet.cpuPrice[h]
                + (long) (worst[h * dims + dims - 1] - oldMemory) * fleet.memoryPrice[h];
        peak[h] = top;
    }

    /** Takes a shadow off its host. */
    void detach(int slot) {
        int v = fleet.slotVm[slot];
        int h = at[slot];
        if (fleet.pairs) {
            changePair(v, -1);
        }
        cost -= holdingCost(v, h);
        int l = fleet.vmLicence[v];
        if (l >= 0 && --licenceCount[l * fleet.hosts + h] == 0 && (fleet.licensedMask[h] >> l & 1) == 0) {
            licenceUsed[l] -= fleet.licenceUnits[l][h];
            cost -= (long) fleet.licenceUnits[l][h] * fleet.licences.get(l).unitPrice();
        }
        at[slot] = -1;
        unplaced++;
        slots.remove(h, slot);
        changeStandby(v, h, -1);
        if (slot == fleet.slotStart[v]) {
            boolean matters = leads(slot, v, h) || (fleet.pairs && amongTwo(v, h));
            changeEvents(v, h, -1);
            if (matters) {
                rescan(h);
            }
        }
        version[h]++;
    }

    private boolean amongTwo(int v, int h) {
        int hostAt = hostEvents[h].find(fleet.vmHost[v]);
        for (int d = 0; d < dims; d++) {
            if (hostEvents[h].load[hostAt + d] >= second[h * dims + d]) {
                return true;
            }
        }
        return false;
    }

    void move(int slot, int h) {
        detach(slot);
        attach(slot, h);
    }

    private void changeStandby(int v, int h, int sign) {
        int cpu = sign * fleet.vmStandbyCpu[v];
        for (int d = h * dims, end = d + dims - 1; d < end; d++) {
            room[d] -= cpu;
        }
        room[h * dims + dims - 1] -= sign * fleet.vmStandbyMemory[v];
        diskRoom[h] -= sign * fleet.vmDisk[v];
    }

    private void changeEvents(int v, int h, int sign) {
        int home = fleet.vmHost[v];
        shiftZone(v, h, sign);
        if (fleet.vmTier[v] >= 2) {
            rackEvents[h].change(fleet.hostRack[home], fleet.extra, v * dims, sign);
        }
        hostEvents[h].change(home, fleet.extra, v * dims, sign);
    }

    private void shiftZone(int v, int h, int sign) {
        if (fleet.vmTier[v] == 3) {
            int from = (h * zones + fleet.hostZone[fleet.vmHost[v]]) * dims;
            for (int d = 0; d < dims; d++) {
                zoneLoad[from + d] += sign * fleet.extra[v * dims + d];
            }
        }
    }

    /** The pair event of a machine exists while both its first shadows are placed, and lands on the second's host. */
    private void changePair(int v, int sign) {
        int start = fleet.slotStart[v];
        if (fleet.slotStart[v + 1] - start < 2 || at[start] < 0 || at[start + 1] < 0) {
            return;
        }
        int h = at[start + 1];
        pairs[h].change(fleet.vmHost[v], at[start], fleet.extra, v * dims, dims, sign);
        rescan(h);
    }

    private void rescan(int h) {
        int base = h * dims;
        int oldPeak = peak[h];
        int oldMemory = worst[base + dims - 1];
        scan(h);
        System.arraycopy(scratch, 0, worst, base, dims);
        if (fleet.pairs) {
            for (int d = 0; d < dims; d++) {
                largestTwo(hostEvents[h], d, base);
            }
        }
        peak[h] = topOf(scratch);
        cost += (long) (peak[h] - oldPeak) * fleet.cpuPrice[h]
                + (long) (worst[base + dims - 1] - oldMemory) * fleet.memoryPrice[h];
        version[h]++;
    }

    /** Whether the host bears every event with what is on it. */
    boolean fits(int h) {
        if (diskRoom[h] < 0) {
            return false;
        }
        for (int i = h * dims, end = i + dims; i < end; i++) {
            if (worst[i] > room[i]) {
                return false;
            }
        }
        return true;
    }

    boolean fitsWithPair(int slot) {
        int v = fleet.slotVm[slot];
        int next = fleet.slotStart[v] + 1;
        return fits(at[slot])
                && (!steersAnother(slot) || at[next] < 0 || fits(at[next]))
                && withinPool(fleet.vmLicence[v]);
    }

    boolean withinPool(int l) {
        return l < 0 || licenceUsed[l] <= fleet.licences.get(l).poolUnits();
    }

    boolean isKept(int slot) {
        int v = fleet.slotVm[slot];
        for (int before : fleet.previous[v]) {
            if (before == at[slot]) {
                return true;
            }
        }
        return false;
    }

    int[] copyOfHosts() {
        return at.clone();
    }

    void clear() {
        for (int s = at.length - 1; s >= 0; s--) {
            if (at[s] >= 0) {
                detach(s);
            }
        }
    }

    /** Makes this state the given assignment; cheap when little differs. */
    void become(int[] hosts) {
        for (int s = 0; s < at.length; s++) {
            if (at[s] >= 0 && at[s] != hosts[s]) {
                detach(s);
            }
        }
        for (int s = 0; s < at.length; s++) {
            if (at[s] < 0 && hosts[s] >= 0) {
                attach(s, hosts[s]);
            }
        }
    }
}
