package dev.shadow.core.placement.plan;

import dev.shadow.core.placement.search.BudgetMeter;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Improves a plan by descent, moving few of the shadows that are where they were before. */
final class SettledImprovement {
    private static final int SAMPLE = 64;

    private final ReserveState state;
    private final FleetInstance fleet;
    private final HostChoice choice;
    private final SplittableRandom random;
    private long evaluations;

    SettledImprovement(ReserveState state, HostChoice choice, SplittableRandom random) {
        this.state = state;
        this.fleet = state.fleet;
        this.choice = choice;
        this.random = random;
    }

    long evaluations() {
        return evaluations;
    }

    /** Goes on until the budget is used or nothing improves any more. */
    void run(int most, BudgetMeter meter) {
        boolean better = true;
        while (better && meter.used(evaluations) < 1) {
            better = pass(most, meter);
        }
    }

    private boolean pass(int most, BudgetMeter meter) {
        boolean better = false;
        int moved = (int) IntStream.range(0, state.at.length)
                .filter(s -> state.at[s] >= 0 && !state.isKept(s))
                .count();
        int[] order = inOrderOfGain();
        for (int slot : order) {
            boolean kept = state.isKept(slot);
            if (kept && moved >= most) {
                continue;
            }
            if ((evaluations & 63) == 0 && meter.used(evaluations) >= 1) {
                return false;
            }
            if (improve(slot)) {
                better = true;
                moved += (kept ? 1 : 0) - (state.isKept(slot) ? 1 : 0);
            }
        }
        return better;
    }

    /** Shadows that moved anyway, then the others by what their leaving would save. */
    private int[] inOrderOfGain() {
        long[] gain = new long[state.at.length];
        for (int s = 0; s < gain.length; s++) {
            if (state.at[s] >= 0) {
                gain[s] = state.isKept(s) && !state.steersAnother(s) ? state.gain(s) : Long.MAX_VALUE / 2;
            }
        }
        return IntStream.range(0, gain.length)
                .filter(s -> state.at[s] >= 0 && !(state.isKept(s) && state.steersAnother(s)))
                .boxed()
                .sorted((a, b) -> Long.compare(gain[b], gain[a]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private boolean improve(int slot) {
        int old = state.at[slot];
        long before = state.cost();
        int[] hosts = choice.all(fleet.slotVm[slot]);
        boolean sampled = hosts.length > 2 * SAMPLE;
        int[] targets = sampled ? new int[SAMPLE] : hosts;
        if (sampled) {
            Arrays.setAll(targets, i -> choice.draw(state, slot, random));
        }
        state.detach(slot);
        long least = before - state.cost();
        int found = -1;
        for (int h : targets) {
            if (h >= 0 && h != old && state.admissible(slot, h)) {
                evaluations++;
                long added = state.addCost(slot, h, least);
                if (added < least) {
                    least = added;
                    found = h;
                }
            }
        }
        state.attach(slot, found < 0 ? old : found);
        if (found >= 0 && (!state.fitsWithPair(slot) || state.cost() >= before)) {
            state.move(slot, old);
            return false;
        }
        return found >= 0;
    }
}
