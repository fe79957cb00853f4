package dev.shadow.core.placement.plan;

import dev.shadow.core.placement.search.BudgetMeter;
import dev.shadow.core.placement.search.Cooling;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Improves a plan by moving one shadow, exchanging two, or turning the activation order of a machine's shadows, accepted by
 * the rule of Metropolis while the temperature falls. The state never leaves the feasible plans.
 */
final class Annealer {
    private static final int CHECK_EVERY = 256;
    private static final int TARGETS = 32;
    private static final int REPORT_EVERY = 1 << 12;

    private final ReserveState state;
    private final FleetInstance fleet;
    private final HostChoice choice;
    private final SplittableRandom random;
    private final long[] gain;
    private final int[] gainHost;
    private final int[] gainVersion;
    private final int[] best;
    private final int[] changed;
    private final boolean[] isChanged;
    private int changedCount;
    private long bestCost;
    private boolean atBest = true;
    private long steps;
    private double temperature;

    Annealer(ReserveState state, HostChoice choice, SplittableRandom random) {
        this.state = state;
        this.fleet = state.fleet;
        this.choice = choice;
        this.random = random;
        int n = state.at.length;
        gain = new long[n];
        gainHost = new int[n];
        gainVersion = new int[n];
        Arrays.fill(gainHost, -1);
        best = state.copyOfHosts();
        bestCost = state.cost();
        changed = new int[n];
        isChanged = new boolean[n];
    }

    long steps() {
        return steps;
    }

    long bestCost() {
        return bestCost;
    }

    /** Takes the state as it is now for the best. */
    void start() {
        System.arraycopy(state.at, 0, best, 0, best.length);
        bestCost = state.cost();
        atBest = true;
    }

    /** Searches from {@code from} to {@code until}, parts of the budget, while the temperature falls. */
    void run(Cooling cooling, BudgetMeter meter, double from, double until, Runnable report) {
        for (long round = 1; ; round++) {
            double used = meter.used(steps);
            if (used >= until) {
                break;
            }
            temperature = cooling.temperature((used - from) / (until - from));
            for (int i = 0; i < CHECK_EVERY; i++) {
                step();
            }
            if (round % REPORT_EVERY == 0) {
                report.run();
            }
        }
        state.become(best());
    }

    /**
     * Improves a plan that shall stay mostly as it was: shadows that are not on a previous host anyway are moved as pays, others
     * only until {@code most} are moved in all, those first that save most.
     */
    void settle(int most, BudgetMeter meter, Runnable report) {
        SettledImprovement improvement = new SettledImprovement(state, choice, random);
        improvement.run(most, meter);
        steps += improvement.evaluations();
        start();
        report.run();
    }

    /** The best assignment seen. */
    int[] best() {
        if (atBest) {
            saveBest(-1, -1, -1, -1);
        }
        return best.clone();
    }

    private void step() {
        int n = state.at.length;
        int slot = random.nextInt(n);
        if (state.at[slot] < 0) {
            steps++;
            return;
        }
        int kind = random.nextInt(16);
        if (kind < 14) {
            if (state.steersAnother(slot)) {
                relocateBoth(slot);
            } else {
                relocate(slot);
            }
        } else if (kind == 14 || !turnOrder(slot)) {
            steps++;
            int other = random.nextInt(n);
            if (state.at[other] >= 0) {
                exchange(slot, other);
            }
        }
    }

    /** Tries several hosts for one shadow, since what it saves where it is need be found only once. */
    private void relocate(int slot) {
        long saved = gainOf(slot);
        for (int i = 0; i < TARGETS; i++) {
            steps++;
            int h = choice.draw(state, slot, random);
            if (h < 0 || !state.admissible(slot, h)) {
                continue;
            }
            long limit = saved + (long) Cooling.acceptedWorsening(temperature, random);
            if (state.addCost(slot, h, limit) <= limit) {
                long before = state.cost();
                int old = state.at[slot];
                state.move(slot, h);
                accepted(before, slot, old, slot, old);
                return;
            }
        }
    }

    /** Moves a shadow whose host decides where a pair event lands: done and taken back rather than computed. */
    private void relocateBoth(int slot) {
        steps++;
        int h = choice.draw(state, slot, random);
        if (h < 0 || !state.admissible(slot, h)) {
            return;
        }
        double worsening = Cooling.acceptedWorsening(temperature, random);
        int old = state.at[slot];
        long before = state.cost();
        if (state.addCost(slot, h, state.mostSaved(slot) + (long) worsening) >= ReserveState.IMPOSSIBLE) {
            return;
        }
        state.move(slot, h);
        if (state.fitsWithPair(slot) && state.cost() - before <= worsening) {
            accepted(before, slot, old, slot, old);
        } else {
            state.move(slot, old);
        }
    }

    private void exchange(int a, int b) {
        int ha = state.at[a];
        int hb = state.at[b];
        if (ha == hb
                || fleet.slotVm[a] == fleet.slotVm[b]
                || state.steersAnother(a)
                || state.steersAnother(b)
                || !state.admissible(a, hb)
                || !state.admissible(b, ha)) {
            return;
        }
        double worsening = Cooling.acceptedWorsening(temperature, random);
        long change = state.exchangeCost(a, b, ha);
        if (change >= ReserveState.IMPOSSIBLE) {
            return;
        }
        long other = state.exchangeCost(b, a, hb);
        if (other >= ReserveState.IMPOSSIBLE || change + other > worsening) {
            return;
        }
        long before = state.cost();
        state.detach(a);
        state.move(b, ha);
        state.attach(a, hb);
        if (!state.licences.withinPool(fleet.vmLicence[fleet.slotVm[a]])
                || !state.licences.withinPool(fleet.vmLicence[fleet.slotVm[b]])) {
            state.detach(a);
            state.move(b, hb);
            state.attach(a, ha);
            return;
        }
        accepted(before, a, ha, b, hb);
    }

    /** Activates another shadow of the machine first; false if it has only one. */
    private boolean turnOrder(int slot) {
        int v = fleet.slotVm[slot];
        int count = fleet.slotStart[v + 1] - fleet.slotStart[v];
        if (count < 2) {
            return false;
        }
        int a = fleet.slotStart[v];
        int b = a + 1 + random.nextInt(count - 1);
        if (state.at[a] < 0 || state.at[b] < 0) {
            return true;
        }
        long before = state.cost();
        double worsening = Cooling.acceptedWorsening(temperature, random);
        int ha = state.at[a];
        int hb = state.at[b];
        turn(a, b);
        if (state.fitsWithPair(a) && state.fits(state.at[b]) && state.cost() - before <= worsening) {
            accepted(before, a, ha, b, hb);
        } else {
            turn(a, b);
        }
        return true;
    }

    private void turn(int a, int b) {
        int ha = state.at[a];
        int hb = state.at[b];
        state.detach(a);
        state.move(b, ha);
        state.attach(a, hb);
    }

    private long gainOf(int slot) {
        int h = state.at[slot];
        if (gainHost[slot] != h || gainVersion[slot] != state.version[h]) {
            gain[slot] = state.gain(slot);
            gainHost[slot] = h;
            gainVersion[slot] = state.version[h];
        }
        return gain[slot];
    }

    /** Keeps account of a move that has been made. The best is copied only when the search leaves it. */
    private void accepted(long before, int a, int oldA, int b, int oldB) {
        long now = state.cost();
        if (atBest && now > before) {
            saveBest(a, oldA, b, oldB);
            atBest = false;
        } else if (now < bestCost) {
            bestCost = now;
            atBest = true;
        }
        note(a);
        note(b);
    }

    private void note(int slot) {
        if (!isChanged[slot]) {
            isChanged[slot] = true;
            changed[changedCount++] = slot;
        }
    }

    /** Copies what changed since the last copy, as it was before two shadows moved away from the best. */
    private void saveBest(int a, int oldA, int b, int oldB) {
        for (int i = 0; i < changedCount; i++) {
            int slot = changed[i];
            best[slot] = slot == a ? oldA : slot == b ? oldB : state.at[slot];
            isChanged[slot] = false;
        }
        changedCount = 0;
    }
}
