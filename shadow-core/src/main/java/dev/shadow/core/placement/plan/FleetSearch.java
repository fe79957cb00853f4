package dev.shadow.core.placement.plan;

import dev.shadow.core.placement.search.BestSoFar;
import dev.shadow.core.placement.search.BudgetMeter;
import dev.shadow.core.placement.search.Cooling;
import java.util.SplittableRandom;

/** One worker's search for a plan, from nothing or from the previous plan to the end of the budget. */
final class FleetSearch {
    /** Temperatures as parts of the mean cost of a shadow. */
    private static final double HOTTEST = 1.5;

    private static final double COLDEST = 0.02;

    private static final double WARM = 0.2;

    private static final double COLD = 0.005;

    /** Part of the budget for moving single shadows, which finds the outline; taking many away and putting them back refines it. */
    private static final double ANNEALED = 0.4;

    /** A larger fleet has fewer steps for each shadow, and starts colder so as not to lose its first plan. */
    private static final double SMALL_FLEET = 8_000;

    private final ReserveState state;
    private final Insertion insertion;
    private final Annealer annealer;
    private final BudgetMeter meter;
    private final Rebuilding rebuilding;
    private final FleetPlanner.SharedListener listener;

    FleetSearch(
            FleetInstance fleet,
            HostChoice choice,
            SplittableRandom random,
            PlannerOptions options,
            FleetPlanner.SharedListener listener) {
        this.listener = listener;
        state = new ReserveState(fleet);
        insertion = new Insertion(state, choice, random);
        annealer = new Annealer(state, choice, random);
        rebuilding = new Rebuilding(state, choice, random);
        meter = options.sinceZero()
                ? BudgetMeter.fromZero(options.budget(), options.clock())
                : BudgetMeter.startingNow(options.budget(), options.clock());
    }

    /** Whether so large a part of the shadows can stay where they were. */
    boolean keepsAtLeast(double part) {
        Settling.settle(state);
        int kept = state.at.length - state.unplaced();
        return state.at.length > 0 && kept >= part * state.at.length;
    }

    void run(boolean incremental) {
        if (incremental) {
            Settling.settle(state);
            int forced = state.unplaced();
            insertion.insertAll();
            annealer.start();
            report();
            annealer.settle(forced + forced / 5, meter, this::report);
            rebuilding.start();
        } else {
            state.clear();
            insertion.insertAll();
            annealer.start();
            report();
            anneal();
        }
        report();
    }

    private void anneal() {
        if (state.at.length == 0) {
            return;
        }
        double from = meter.used(0);
        double mean = Math.max(1, (double) state.cost() / state.at.length);
        double hottest = HOTTEST * Math.min(1, SMALL_FLEET / state.at.length);
        double annealed = Math.min(1, ANNEALED * Math.max(1, state.at.length / SMALL_FLEET));
        double until = Math.max(from, annealed);
        annealer.run(new Cooling(hottest * mean, COLDEST * mean), meter, from, until, this::report);
        rebuilding.start();
        if (until < 1) {
            rebuilding.run(new Cooling(WARM * mean, COLD * mean), meter, annealer.steps(), until, this::report);
        }
    }

    private void report() {
        listener.progressed(
                state.complete() ? Math.min(annealer.bestCost(), rebuilding.bestCost()) : Double.POSITIVE_INFINITY,
                evaluations(),
                meter.elapsedNanos());
    }

    /** Offers the best plan found. One that lacks shadows loses against any that does not. */
    void offer(BestSoFar<int[]> best, int worker) {
        double lacking = 1e18 * state.unplaced();
        best.offer(rebuilding.bestCost() + lacking, worker, rebuilding::best);
    }

    long evaluations() {
        return insertion.evaluations() + rebuilding.evaluations() + annealer.steps();
    }
}
