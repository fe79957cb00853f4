package dev.shadow.core.placement.plan;

import dev.shadow.core.placement.search.BestSoFar;
import dev.shadow.core.placement.search.SearchListener;
import dev.shadow.core.placement.search.SearchProgress;
import dev.shadow.core.placement.search.SeedStreams;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Plans the shadows of a fleet: every shadow is put where it costs least at the moment, then the plan is annealed until the
 * budget is used. The plan in hand is feasible at every moment, apart from shadows for which no room was found.
 *
 * <p>Workers search alone, each from its own stream of chance, and the best of their plans is taken; with a budget of steps
 * the result depends on the seed and the number of workers and on nothing else. Immutable, so it may be shared.
 */
public final class FleetPlanner {
    private static final double SETTLED = 0.8;

    private final FleetInstance fleet;

    private FleetPlanner(FleetInstance fleet) {
        this.fleet = fleet;
    }

    /** Returns a planner of the fleet. */
    public static FleetPlanner of(FleetInstance fleet) {
        return new FleetPlanner(fleet);
    }

    /**
     * Plans. Where at least four in five shadows can stay on a previous host, they stay, and only as many others are moved as
     * a fifth of those that had to ({@link PlanResult#incremental}); else everything is planned afresh.
     */
    public PlanResult plan(PlannerOptions options) {
        return plan(options, false);
    }

    /** Plans everything afresh; previous hosts only save the copy that seeds a shadow. */
    public PlanResult planAfresh(PlannerOptions options) {
        return plan(options, true);
    }

    private PlanResult plan(PlannerOptions options, boolean afresh) {
        BestSoFar<int[]> best = new BestSoFar<>();
        SharedListener listener = new SharedListener(options.listener(), options.bound());
        HostChoice choice = new HostChoice(fleet);
        List<FleetSearch> searches = new ArrayList<>();
        for (int w = 0; w < options.workers(); w++) {
            searches.add(new FleetSearch(fleet, choice, SeedStreams.of(options.seed()).stream(w), options, listener));
        }
        boolean incremental = !afresh && searches.get(0).keepsAtLeast(SETTLED);
        List<FutureTask<Void>> others = new ArrayList<>();
        for (int w = 1; w < searches.size(); w++) {
            others.add(started(searches.get(w), w, incremental, best));
        }
        searches.get(0).run(incremental);
        searches.get(0).offer(best, 0);
        others.forEach(FleetPlanner::awaited);
        FleetPlan plan = FleetPlan.ofSlots(fleet, best.solution().orElseThrow());
        long evaluations = searches.stream().mapToLong(FleetSearch::evaluations).sum();
        return new PlanResult(plan, PlanAudit.of(fleet).audit(plan), evaluations, incremental);
    }

    private static FutureTask<Void> started(
            FleetSearch search, int worker, boolean incremental, BestSoFar<int[]> best) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            search.run(incremental);
            search.offer(best, worker);
            return null;
        });
        Thread thread = new Thread(task, "fleet-planner-" + worker);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static void awaited(FutureTask<Void> task) {
        try {
            task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while other workers searched");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a worker failed: " + e.getCause(), e.getCause());
        }
    }

    /** Tells the outside of progress, one worker at a time, and only of what is better than anything told before. */
    static final class SharedListener {
        private final SearchListener outside;
        private final double bound;
        private double best = Double.POSITIVE_INFINITY;

        SharedListener(SearchListener outside, double bound) {
            this.outside = outside;
            this.bound = bound;
        }

        synchronized void progressed(double objective, long steps, long cpuNanos) {
            best = Math.min(best, objective);
            outside.progressed(new SearchProgress(best, bound, steps, cpuNanos));
        }
    }
}
