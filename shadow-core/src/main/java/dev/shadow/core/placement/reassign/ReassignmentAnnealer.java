package dev.shadow.core.placement.reassign;

import dev.shadow.core.placement.search.Cooling;
import java.util.SplittableRandom;

/**
 * Simulated annealing that breaks no constraint, over shifts (one process to another machine) and swaps (two processes change places).
 * One owner thread.
 *
 * <p>The plain recipe fails where resources are transient: while it is hot, annealing moves small processes to and fro, and
 * each leaves its requirement behind on its first machine, until hardly a move is allowed. So transient amounts have a
 * price of their own here, high at first and falling to nothing: what is moved early is what gains most per unit left
 * behind, and the rest goes home. This is a Lagrangian price on a capacity that all moves share, in the place of the order
 * "big processes first" of the challenge's winners (Gavranovic, Buljubasic and Demirovic, "Variable neighborhood search
 * for Google machine reassignment problem", ENDM 39, 2012).
 *
 * <p>The largest rise that a step accepts is drawn before its move is priced (see {@link Cooling#acceptedWorsening}), so
 * most moves are given up after few resources.
 */
final class ReassignmentAnnealer implements Annealing {
    private static final int STEPS_PER_LOOK = 1000;
    private static final int LOOKS_PER_PRICE = 64;
    private static final int SAMPLES = 20_000;
    private static final double COLDEST_PART = 1e-5;
    private static final double TRANSIENT_PART = 2;
    private static final int DRAWS = 1 << 12;
    private static final double TELL_EVERY = 0.02;

    private final ReassignmentProblem problem;
    private final SplittableRandom random;
    private final Stretch stretch;
    private final MachineReassigner.Announcer announcer;
    private final ReassignmentState state;
    private final double[] exponential = new double[DRAWS];
    private final int[] best;
    private long bestCost;
    private long steps;

    ReassignmentAnnealer(
            ReassignmentProblem problem,
            SplittableRandom random,
            Stretch stretch,
            MachineReassigner.Announcer announcer) {
        this.problem = problem;
        this.random = random;
        this.stretch = stretch;
        this.announcer = announcer;
        state = new ReassignmentState(problem, problem.origin);
        best = problem.origin.clone();
        bestCost = state.cost();
        for (int i = 0; i < DRAWS; i++) {
            exponential[i] = -Math.log((i + 0.5) / DRAWS);
        }
    }

    @Override
    public long bestCost() {
        return bestCost;
    }

    @Override
    public int[] bestAssignment() {
        return best.clone();
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public void run() {
        if (problem.machines == 1 || stretch.used(0) >= 1) {
            return;
        }
        double hottest = Math.max(1, meanRise());
        Cooling cooling = new Cooling(hottest, Math.min(hottest, Math.max(0.5, hottest * COLDEST_PART)));
        double start = stretch.used(steps);
        double told = start;
        for (int look = 0; ; look++) {
            double used = stretch.used(steps);
            double part = Math.min(1, (used - start) / (1 - start));
            if (look % LOOKS_PER_PRICE == 0) {
                state.priceTransient(TRANSIENT_PART * (1 - part) * (1 - part));
            }
            if (used >= told + TELL_EVERY) {
                told = used;
                announcer.tell(Math.min(bestCost, state.cost()), stretch.stepsBefore() + steps, stretch.elapsedNanos());
            }
            if (used >= 1) {
                break;
            }
            anneal(cooling.temperature(part));
            keepIfBest();
        }
        announcer.tell(bestCost, stretch.stepsBefore() + steps, stretch.elapsedNanos());
    }

    /** The mean rise of moves that are allowed at first and make it worse: at this temperature most are accepted. */
    private double meanRise() {
        double sum = 0;
        int rises = 0;
        for (int i = 0; i < SAMPLES; i++) {
            long rise = state.shiftCost(
                    random.nextInt(problem.processes), random.nextInt(problem.machines), ReassignmentState.REFUSED - 1);
            if (rise > 0 && rise != ReassignmentState.REFUSED) {
                sum += (double) rise;
                rises++;
            }
        }
        steps += SAMPLES;
        return rises == 0 ? 1 : sum / rises;
    }

    private void anneal(double temperature) {
        for (int i = 0; i < STEPS_PER_LOOK; i++) {
            long chance = random.nextLong();
            long limit = (long) (temperature * exponential[(int) chance & DRAWS - 1]);
            int process = random.nextInt(problem.processes);
            if (chance < 0) {
                shift(process, random.nextInt(problem.machines), limit);
            } else {
                swap(process, random.nextInt(problem.processes), limit);
            }
        }
        steps += STEPS_PER_LOOK;
    }

    private void shift(int process, int to, long limit) {
        long rise = state.shiftCost(process, to, limit);
        if (rise != ReassignmentState.REFUSED) {
            state.shift(process, to, rise);
        }
    }

    private void swap(int process, int other, long limit) {
        long rise = state.swapCost(process, other, limit);
        if (rise != ReassignmentState.REFUSED) {
            state.swap(process, other, rise);
        }
    }

    private void keepIfBest() {
        if (state.cost() < bestCost) {
            bestCost = state.cost();
            state.copyAssignment(best);
        }
    }
}
