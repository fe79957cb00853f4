package dev.shadow.core.placement.reassign;

import dev.shadow.core.placement.search.Cooling;
import java.util.SplittableRandom;

/**
 * Simulated annealing that may break capacities, spread and dependencies at a price. One owner thread.
 *
 * <p>Where machines are full in many resources, or services tied to each other by dependencies, hardly any single move is
 * allowed, and a search that makes only those sees a small part of what can be reached. Here a unit above capacity costs a few load
 * weights, so that the hot search arranges everything as if capacities were soft; from the middle on the prices rise
 * while something is broken and fall while nothing is (strategic oscillation: Glover and Hao, "The case for strategic
 * oscillation", Annals of Operations Research 183, 2011). Only assignments that break nothing are kept.
 */
final class RelaxedAnnealer implements Annealing {
    /**
     * How one relaxed annealing goes.
     *
     * @param hottest part of the mean rise at the start that is the first temperature
     * @param feedback how fast prices rise and fall: by a factor of e to this power if for the whole annealing
     * @param steadyUntil part of the annealing in which capacities keep their first price
     */
    record Recipe(double hottest, double feedback, double steadyUntil) {}

    private static final int STEPS_PER_LOOK = 500;
    private static final int SAMPLES = 20_000;
    private static final double COLDEST_PART = 1e-5;
    private static final double FIRST_PRICE = 5;
    private static final double HIGHEST_PRICE = 1000;
    private static final double HIGHEST_BREAK = 1e12;
    private static final double LEAST_BREAK_IN_TEMPERATURES = 5;
    private static final int DRAWS = 1 << 12;
    private static final double TELL_EVERY = 0.02;

    private final ReassignmentProblem problem;
    private final SplittableRandom random;
    private final Stretch stretch;
    private final Recipe recipe;
    private final MachineReassigner.Announcer announcer;
    private final RelaxedState state;
    private final double[] exponential = new double[DRAWS];
    private final int[] best;
    private long bestCost;
    private long steps;
    private double perUnit = FIRST_PRICE;
    private double perBreak;

    RelaxedAnnealer(
            ReassignmentProblem problem,
            SplittableRandom random,
            Stretch stretch,
            Recipe recipe,
            MachineReassigner.Announcer announcer) {
        this.problem = problem;
        this.random = random;
        this.stretch = stretch;
        this.recipe = recipe;
        this.announcer = announcer;
        state = new RelaxedState(problem, problem.origin);
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
        double meanRise = meanRise();
        double hottest = Math.max(1, recipe.hottest * meanRise);
        Cooling cooling = new Cooling(hottest, Math.min(hottest, Math.max(0.5, meanRise * COLDEST_PART)));
        perBreak = hottest;
        double start = stretch.used(steps);
        double told = start;
        double lastPart = 0;
        while (true) {
            double used = stretch.used(steps);
            double part = Math.min(1, (used - start) / (1 - start));
            if (used >= told + TELL_EVERY) {
                told = used;
                announcer.tell(bestCost, stretch.stepsBefore() + steps, stretch.elapsedNanos());
            }
            if (used >= 1) {
                break;
            }
            double temperature = cooling.temperature(part);
            adjustPrices(part, Math.exp(recipe.feedback * (part - lastPart)), temperature);
            lastPart = part;
            anneal(temperature);
            keepIfBest();
        }
        announcer.tell(bestCost, stretch.stepsBefore() + steps, stretch.elapsedNanos());
    }

    /** The mean rise of moves that make it worse, broken constraints at their first price. */
    private double meanRise() {
        state.price(FIRST_PRICE, 1);
        double sum = 0;
        int rises = 0;
        for (int i = 0; i < SAMPLES; i++) {
            long rise = state.shiftPrice(
                    random.nextInt(problem.processes), random.nextInt(problem.machines), RelaxedState.REFUSED - 1);
            if (rise > 0 && rise != RelaxedState.REFUSED) {
                sum += (double) rise;
                rises++;
            }
        }
        steps += SAMPLES;
        return rises == 0 ? 1 : sum / rises;
    }

    private void adjustPrices(double part, double factor, double temperature) {
        if (part > recipe.steadyUntil) {
            perUnit = state.overflow() > 0 ? Math.min(HIGHEST_PRICE, perUnit * factor) : Math.max(1, perUnit / factor);
        }
        perBreak = state.broken() > 0
                ? Math.min(HIGHEST_BREAK, perBreak * factor)
                : Math.max(LEAST_BREAK_IN_TEMPERATURES * temperature, perBreak / factor);
        state.price(perUnit, perBreak);
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
        long rise = state.shiftPrice(process, to, limit);
        if (rise != RelaxedState.REFUSED) {
            state.shift(process, to, rise);
        }
    }

    private void swap(int process, int other, long limit) {
        long rise = state.swapPrice(process, other, limit);
        if (rise != RelaxedState.REFUSED) {
            state.swap(process, other, rise);
        }
    }

    private void keepIfBest() {
        if (state.isAllowed() && state.cost() < bestCost) {
            bestCost = state.cost();
            state.copyAssignment(best);
        }
    }
}
