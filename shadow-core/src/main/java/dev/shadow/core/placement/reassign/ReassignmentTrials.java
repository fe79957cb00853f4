package dev.shadow.core.placement.reassign;

import dev.shadow.core.placement.reassign.RelaxedAnnealer.Recipe;
import dev.shadow.core.placement.search.BudgetMeter;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One worker's search: several ways to anneal are tried with a small part of the budget each, and the one that came out
 * cheapest gets the rest. Which way suits depends on how tight the problem is, and a short annealing shows it better than
 * any figure of the problem. The trials count too: the best of all is kept. One owner thread.
 */
final class ReassignmentTrials {
    /** Relaxed annealing for problems tight in capacities, from slow and hot to quick and cool. */
    private static final List<Recipe> RELAXED = List.of(new Recipe(0.1, 12, 0.5), new Recipe(0.01, 276, 0.5));

    private static final double PART_OF_A_TRIAL = 0.08;

    private final ReassignmentProblem problem;
    private final SplittableRandom random;
    private final BudgetMeter meter;
    private final MachineReassigner.Announcer announcer;
    private int[] best;
    private long bestCost;
    private long steps;

    ReassignmentTrials(
            ReassignmentProblem problem,
            SplittableRandom random,
            BudgetMeter meter,
            MachineReassigner.Announcer announcer) {
        this.problem = problem;
        this.random = random;
        this.meter = meter;
        this.announcer = announcer;
        best = problem.origin;
        bestCost = problem.cost(best).total();
    }

    long bestCost() {
        return bestCost;
    }

    int[] bestAssignment() {
        return best.clone();
    }

    long steps() {
        return steps;
    }

    void run() {
        double start = meter.used(0);
        int favourite = 0;
        long cheapest = Long.MAX_VALUE;
        for (int way = 0; way <= RELAXED.size(); way++) {
            double end = start + (way + 1) * PART_OF_A_TRIAL * Math.max(0, 1 - start);
            long cost = run(way, Math.max(end, Double.MIN_NORMAL));
            if (cost < cheapest) {
                cheapest = cost;
                favourite = way;
            }
        }
        run(favourite, 1);
    }

    /** Way 0 breaks nothing, the others are the relaxed ones. Returns the cost that it reached. */
    private long run(int way, double end) {
        Stretch stretch = new Stretch(meter, end, steps);
        Annealing annealing = way == 0
                ? new ReassignmentAnnealer(problem, random.split(), stretch, announcer)
                : new RelaxedAnnealer(problem, random.split(), stretch, RELAXED.get(way - 1), announcer);
        annealing.run();
        steps += annealing.steps();
        if (annealing.bestCost() < bestCost) {
            bestCost = annealing.bestCost();
            best = annealing.bestAssignment();
        }
        return annealing.bestCost();
    }
}
