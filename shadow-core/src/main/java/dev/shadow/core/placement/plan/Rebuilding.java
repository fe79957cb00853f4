package dev.shadow.core.placement.plan;

import dev.shadow.core.placement.search.BudgetMeter;
import dev.shadow.core.placement.search.Cooling;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Improves a plan by taking related shadows away and putting each back where it costs least (ruin and recreate; Schrimpf and
 * others, "Record breaking optimization results using the ruin and recreate principle", Journal of Computational Physics 159,
 * 2000). What is related shares a host: a host is emptied, which may close it or a licence, or a part of the shadows of a few
 * hosts is taken. The result is accepted by the rule of Metropolis while the temperature falls.
 */
final class Rebuilding {
    /** One host in so many is passed over. */
    private static final int BLINK = 60;

    /** Most shadows that are taken, but for those of a whole host. */
    private static final int LARGEST = 24;

    /** How often in a hundred a host's shadows move to another host together. */
    private static final int TOGETHER = 15;

    private static final long MOST_SIZE = (1L << 28) - 1;
    private static final int NONE = -1;
    private static final int REPORT_EVERY = 1 << 14;

    private final ReserveState state;
    private final FleetInstance fleet;
    private final HostChoice choice;
    private final CheapestHost cheapest;
    private final SplittableRandom random;
    private final int[] taken;
    private final int[] from;
    private final long[] order;
    private final boolean[] isTaken;
    private int count;
    private int favoured = NONE;
    private int[] best;
    private long bestCost;
    private final int[] changed;
    private final boolean[] isChanged;
    private int changedCount;

    Rebuilding(ReserveState state, HostChoice choice, SplittableRandom random) {
        this.state = state;
        this.fleet = state.fleet;
        this.random = random;
        this.choice = choice;
        cheapest = new CheapestHost(state, choice, random);
        int n = state.at.length;
        taken = new int[n];
        from = new int[n];
        order = new long[n];
        isTaken = new boolean[n];
        changed = new int[n];
        isChanged = new boolean[n];
        best = state.copyOfHosts();
        bestCost = Long.MAX_VALUE;
    }

    long evaluations() {
        return cheapest.evaluations();
    }

    long bestCost() {
        return bestCost;
    }

    /** The best assignment seen. */
    int[] best() {
        return best.clone();
    }

    /** Takes the state as it is now for the best. */
    void start() {
        best = state.copyOfHosts();
        bestCost = state.cost();
        for (int i = 0; i < changedCount; i++) {
            isChanged[changed[i]] = false;
        }
        changedCount = 0;
    }

    /**
     * Searches until the budget is used, while the temperature falls.
     *
     * @param done steps of the budget that others have used
     * @param since part of the budget that others have used
     */
    void run(Cooling cooling, BudgetMeter meter, long done, double since, Runnable report) {
        double temperature = cooling.temperature(0);
        for (long round = 1; ; round++) {
            if ((round & 15) == 1) {
                double used = meter.used(done + evaluations());
                if (used >= 1) {
                    break;
                }
                temperature = cooling.temperature((used - since) / (1 - since));
            }
            rebuild(temperature);
            if (round % REPORT_EVERY == 0) {
                report.run();
            }
        }
        state.become(best);
    }

    private void rebuild(double temperature) {
        long before = state.cost();
        takeAway();
        boolean placed = putBack();
        long now = state.cost();
        if (placed && now - before <= Cooling.acceptedWorsening(temperature, random)) {
            accepted(now);
        } else {
            undo();
        }
        for (int i = 0; i < count; i++) {
            isTaken[taken[i]] = false;
        }
        count = 0;
    }

    private void takeAway() {
        int seed = random.nextInt(state.at.length);
        favoured = NONE;
        int kind = random.nextInt(8);
        int wanted = 1 + random.nextInt(LARGEST);
        int host = state.at[seed];
        if (host < 0) {
            return;
        }
        if (random.nextInt(100) < TOGETHER) {
            takeCompany(seed, host);
            return;
        }
        if (kind < 2 && state.slots.size(host) <= 2 * LARGEST) {
            takeFrom(host, state.slots.size(host));
        } else if (kind == 2) {
            takeProduct(host, fleet.vmLicence[fleet.slotVm[seed]]);
        } else {
            int hosts = 1 + random.nextInt(4);
            for (int i = 0; i < hosts; i++) {
                takeFrom(host, Math.max(1, wanted / hosts));
                host = state.at[random.nextInt(state.at.length)];
                if (host < 0) {
                    return;
                }
            }
        }
    }

    /** Takes all shadows off a host, for another that often is licensed for the seed, and at times off that one too. */
    private void takeCompany(int seed, int host) {
        favoured = choice.drawOther(seed, random);
        takeFrom(host, state.slots.size(host));
        if (random.nextInt(2) == 0 && state.slots.size(favoured) < LARGEST) {
            takeFrom(favoured, state.slots.size(favoured));
        }
    }

    /** Takes shadows with the product off the host. */
    private void takeProduct(int host, int product) {
        for (int slot : state.slots.copy(host)) {
            if (fleet.vmLicence[fleet.slotVm[slot]] == product && count < LARGEST) {
                take(fleet.slotVm[slot]);
            }
        }
    }

    private void takeFrom(int host, int wanted) {
        for (int i = 0; i < wanted && state.slots.size(host) > 0; i++) {
            take(fleet.slotVm[state.slots.get(host, random.nextInt(state.slots.size(host)))]);
        }
    }

    /** Takes all shadows of a machine away, for where one may be depends on the others. */
    private void take(int v) {
        for (int slot = fleet.slotStart[v + 1] - 1; slot >= fleet.slotStart[v]; slot--) {
            if (state.at[slot] >= 0 && !isTaken[slot]) {
                isTaken[slot] = true;
                from[count] = state.at[slot];
                taken[count++] = slot;
                state.detach(slot);
            }
        }
    }

    private boolean putBack() {
        int kind = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            order[i] = rankOf(taken[i], kind) * taken.length + i;
        }
        Arrays.sort(order, 0, count);
        for (int i = 0; i < count; i++) {
            int slot = taken[(int) (order[i] % taken.length)];
            int h = favours(slot) ? favoured : cheapest.find(slot, BLINK);
            if (h < 0) {
                return false;
            }
            state.attach(slot, h);
        }
        return true;
    }

    private boolean favours(int slot) {
        return favoured != NONE
                && random.nextInt(16) > 0
                && state.addCost(slot, favoured, ReserveState.IMPOSSIBLE - 1) < ReserveState.IMPOSSIBLE
                && state.admissible(slot, favoured);
    }

    /** Earlier is less: the large first, or those with the most memory, or anyhow; but first shadows before second. */
    private long rankOf(int slot, int kind) {
        int v = fleet.slotVm[slot];
        int memory = fleet.extra[v * fleet.dimensions + fleet.dimensions - 1];
        int cpu = fleet.extra[v * fleet.dimensions];
        long size = switch (kind) {
            case 0 -> (long) cpu * fleet.cpuPrice[0] + (long) memory * fleet.memoryPrice[0];
            case 1 -> memory;
            case 2 -> fleet.demand[v * fleet.dimensions + fleet.dimensions - 1];
            default -> random.nextInt(1 << 20);
        };
        return MOST_SIZE - Math.min(MOST_SIZE, size) + (MOST_SIZE + 1) * Math.min(7, state.rank(slot));
    }

    private void undo() {
        for (int i = 0; i < count; i++) {
            if (state.at[taken[i]] >= 0) {
                state.detach(taken[i]);
            }
        }
        for (int i = 0; i < count; i++) {
            state.attach(taken[i], from[i]);
        }
    }

    private void accepted(long now) {
        for (int i = 0; i < count; i++) {
            int slot = taken[i];
            if (!isChanged[slot]) {
                isChanged[slot] = true;
                changed[changedCount++] = slot;
            }
        }
        if (now < bestCost) {
            bestCost = now;
            for (int i = 0; i < changedCount; i++) {
                best[changed[i]] = state.at[changed[i]];
                isChanged[changed[i]] = false;
            }
            changedCount = 0;
        }
    }
}
