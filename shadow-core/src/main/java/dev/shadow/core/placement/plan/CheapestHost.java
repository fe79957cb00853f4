package dev.shadow.core.placement.plan;

import java.util.SplittableRandom;

/**
 * Finds the host where a shadow costs least at the moment, among all hosts that have shadows, and some that have none.
 *
 * <p>Hosts in use are looked through in full, since the one host where the shadow's events fill a gap between the others' may be
 * any of them; where there are more than {@link #MOST} of them, a stretch of each zone's that begins anywhere. An empty host
 * differs from another only in its room, so a few of them are enough; for a licensed machine some come from those that have its
 * licence.
 */
final class CheapestHost {
    private static final int MOST = 600;
    private static final int EMPTY = 3;

    private final ReserveState state;
    private final FleetInstance fleet;
    private final HostChoice choice;
    private final SplittableRandom random;
    private long evaluations;
    private long least;
    private int found;

    CheapestHost(ReserveState state, HostChoice choice, SplittableRandom random) {
        this.state = state;
        this.fleet = state.fleet;
        this.choice = choice;
        this.random = random;
    }

    long evaluations() {
        return evaluations;
    }

    /** Cost of the host that was found last. */
    long cost() {
        return least;
    }

    /**
     * Returns the cheapest host, or -1 if the shadow fits nowhere.
     *
     * @param blink one host in so many is passed over unseen, so that the same shadows are not put back the same way each time;
     *     0 looks at all
     */
    int find(int slot, int blink) {
        int v = fleet.slotVm[slot];
        least = ReserveState.IMPOSSIBLE - 1;
        found = -1;
        int used = 0;
        for (int z = 0; z < fleet.zones; z++) {
            used += (fleet.vmZones[v] >> z & 1) * state.slots.usedIn(z);
        }
        for (int z = 0; z < fleet.zones; z++) {
            if ((fleet.vmZones[v] >> z & 1) != 0) {
                lookThrough(slot, z, used <= MOST ? state.slots.usedIn(z) : share(z, used), blink);
            }
        }
        int l = fleet.vmLicence[v];
        if (l >= 0 && choice.licensed(l).length > 0) {
            int[] licensed = choice.licensed(l);
            for (int i = 0; i < 2 * EMPTY; i++) {
                lookAt(slot, licensed[random.nextInt(licensed.length)]);
            }
        }
        int[] hosts = choice.all(v);
        for (int i = 0; i < EMPTY && hosts.length > 0; i++) {
            lookAt(slot, hosts[random.nextInt(hosts.length)]);
        }
        for (int before : fleet.previous[v]) {
            lookAt(slot, before);
        }
        return found;
    }

    private int share(int zone, int used) {
        return Math.max(1, (int) ((long) MOST * state.slots.usedIn(zone) / used));
    }

    private void lookThrough(int slot, int zone, int count, int blink) {
        int used = state.slots.usedIn(zone);
        if (used == 0) {
            return;
        }
        int i = random.nextInt(used);
        int next = blink == 0 ? -1 : random.nextInt(2 * blink);
        for (int k = 0; k < count; k++) {
            if (k == next) {
                next += 1 + random.nextInt(2 * blink);
            } else {
                lookAt(slot, state.slots.usedHost(zone, i));
            }
            i = i + 1 == used ? 0 : i + 1;
        }
    }

    private void lookAt(int slot, int h) {
        evaluations++;
        long cost = state.addCost(slot, h, least - 1);
        if (cost < least && state.admissible(slot, h)) {
            least = cost;
            found = h;
        }
    }
}
