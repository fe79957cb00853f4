package dev.shadow.core.placement.plan;

import java.util.Arrays;

/**
 * A plan under construction and what it costs.
 *
 * <p>A <em>slot</em> is one shadow: the slots of machine {@code v} are {@code slotStart[v]} and on, in activation order. Not
 * thread-safe.
 */
final class ReserveState {
    static final long IMPOSSIBLE = Long.MAX_VALUE / 4;

    final FleetInstance fleet;
    final int[] at;
    final HostLoads loads;
    final SlotLists slots;
    final LicenceUse licences;
    final int[] version;
    private final int[] diskRoom;
    private long cost;
    private int unplaced;

    ReserveState(FleetInstance fleet) {
        this.fleet = fleet;
        at = new int[fleet.slotVm.length];
        Arrays.fill(at, -1);
        unplaced = at.length;
        loads = new HostLoads(fleet);
        slots = new SlotLists(fleet);
        licences = new LicenceUse(fleet);
        version = new int[fleet.hosts];
        diskRoom = diskRoom(fleet);
    }

    private static int[] diskRoom(FleetInstance fleet) {
        long[] disk = new long[fleet.hosts];
        for (int h = 0; h < fleet.hosts; h++) {
            disk[h] = fleet.typeOf(h).disk();
        }
        for (int v = 0; v < fleet.vms; v++) {
            disk[fleet.vmHost[v]] -= fleet.vmDisk[v];
        }
        int[] room = new int[fleet.hosts];
        for (int h = 0; h < fleet.hosts; h++) {
            room[h] = (int) Math.max(Integer.MIN_VALUE / 2, disk[h]);
        }
        return room;
    }

    /** Cost of what is placed, in micro-credits per hour. */
    long cost() {
        return cost + loads.cost();
    }

    /** Number of shadows that have no host. */
    int unplaced() {
        return unplaced;
    }

    boolean complete() {
        return unplaced == 0;
    }

    /** Disk that a host has left, in GiB; negative if it has too little. */
    int diskRoom(int h) {
        return diskRoom[h];
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
        return holdingCost(v, h) + licences.opening(v, h);
    }

    private long holdingCost(int v, int h) {
        return (long) fleet.vmStandbyCpu[v] * fleet.cpuPrice[h]
                + (long) fleet.vmStandbyMemory[v] * fleet.memoryPrice[h]
                + (long) fleet.vmDisk[v] * fleet.diskPrice[h]
                + fleet.linkCost(v, h);
    }

    /**
     * Returns what it costs to add an unplaced shadow, or one that leaves another host, to an admissible host; {@link
     * #IMPOSSIBLE} if it does not fit, or costs more than {@code limit}. O(dimensions), plus the host's pair events.
     */
    long addCost(int slot, int h, long limit) {
        int v = fleet.slotVm[slot];
        long own = holdingCost(v, h);
        if (own > limit || diskRoom[h] < fleet.vmDisk[v]) {
            return IMPOSSIBLE;
        }
        if (fleet.vmLicence[v] >= 0) {
            own += licences.opening(v, h);
            if (own > limit) {
                return IMPOSSIBLE;
            }
        }
        int leader = leader(slot);
        long reserve = leader == HostLoads.FIRST ? loads.addFirst(v, h, limit - own) : loads.addFollower(v, h, leader);
        return reserve >= IMPOSSIBLE ? IMPOSSIBLE : own + reserve;
    }

    /** The host whose failure, with the primary's, activates the shadow; or what stands for it. */
    private int leader(int slot) {
        int rank = rank(slot);
        if (rank == 0) {
            return HostLoads.FIRST;
        }
        return fleet.pairs && rank == 1 && at[slot - 1] >= 0 ? at[slot - 1] : HostLoads.NONE;
    }

    /** Returns what is saved when the shadow leaves its host. Not for a shadow that {@link #steersAnother}. */
    long gain(int slot) {
        int h = at[slot];
        int v = fleet.slotVm[slot];
        return holdingCost(v, h) + licences.closing(v, h) + loads.saved(v, h, leader(slot));
    }

    /** Returns more than what can be saved when a shadow leaves its host and its second shadow is activated with another pair. */
    long mostSaved(int slot) {
        int h = at[slot];
        int v = fleet.slotVm[slot];
        int next = at[slot + 1];
        int dims = fleet.dimensions;
        long most = holdingCost(v, h) + licences.closing(v, h);
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
            change += licences.opening(in, h) - licences.closing(out, h);
        }
        if (change > IMPOSSIBLE / 2) {
            return IMPOSSIBLE;
        }
        long reserve = loads.exchanged(out, leader(leaving), in, leader(entering), h);
        return reserve >= IMPOSSIBLE ? IMPOSSIBLE : change + reserve;
    }

    /** Puts an unplaced shadow on a host, whether it fits or not. */
    void attach(int slot, int h) {
        int v = fleet.slotVm[slot];
        cost += holdingCost(v, h) + licences.add(v, h);
        at[slot] = h;
        unplaced--;
        slots.add(h, slot);
        changeStanding(v, h, 1);
        if (slot == fleet.slotStart[v]) {
            loads.addFirst(v, h);
        }
        changePair(v, 1);
        version[h]++;
    }

    /** Takes a shadow off its host. */
    void detach(int slot) {
        int v = fleet.slotVm[slot];
        int h = at[slot];
        changePair(v, -1);
        cost -= holdingCost(v, h) + licences.remove(v, h);
        at[slot] = -1;
        unplaced++;
        slots.remove(h, slot);
        changeStanding(v, h, -1);
        if (slot == fleet.slotStart[v]) {
            loads.removeFirst(v, h);
        }
        version[h]++;
    }

    void move(int slot, int h) {
        detach(slot);
        attach(slot, h);
    }

    private void changeStanding(int v, int h, int sign) {
        loads.changeStandby(v, h, sign);
        diskRoom[h] -= sign * fleet.vmDisk[v];
    }

    /** The pair event of a machine exists while both its first shadows are placed, and lands on the second's host. */
    private void changePair(int v, int sign) {
        int start = fleet.slotStart[v];
        if (!fleet.pairs || fleet.slotStart[v + 1] - start < 2 || at[start] < 0 || at[start + 1] < 0) {
            return;
        }
        int h = at[start + 1];
        loads.changePair(v, h, at[start], sign);
        version[h]++;
    }

    /** Whether the host bears every event with what is on it. */
    boolean fits(int h) {
        return diskRoom[h] >= 0 && loads.fits(h);
    }

    boolean fitsWithPair(int slot) {
        int v = fleet.slotVm[slot];
        int next = fleet.slotStart[v] + 1;
        return fits(at[slot])
                && (!steersAnother(slot) || at[next] < 0 || fits(at[next]))
                && licences.withinPool(fleet.vmLicence[v]);
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
