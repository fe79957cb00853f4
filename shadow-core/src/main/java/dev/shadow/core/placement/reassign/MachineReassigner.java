package dev.shadow.core.placement.reassign;

import dev.shadow.core.placement.search.BestSoFar;
import dev.shadow.core.placement.search.BudgetMeter;
import dev.shadow.core.placement.search.SearchListener;
import dev.shadow.core.placement.search.SearchProgress;
import dev.shadow.core.placement.search.SeedStreams;
import dev.shadow.spi.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Searches for a cheap assignment: every worker anneals on its own from the first assignment,
 * once with each of several recipes for a short while and then with the one that served best; the best assignment of all is kept. It may
 * be stopped at any time and always has an assignment that keeps every constraint. May be shared by threads.
 *
 * <p>With a budget of steps the result depends on the problem, the seed and the number of workers alone. The initial
 * assignment is one of the candidates, so the result never costs more than it.
 */
public final class MachineReassigner {
    private final ReassignmentProblem problem;
    private final SeedStreams seeds;
    private final SearchListener listener;

    private MachineReassigner(ReassignmentProblem problem, SeedStreams seeds, SearchListener listener) {
        this.problem = Objects.requireNonNull(problem, "problem");
        this.seeds = Objects.requireNonNull(seeds, "seeds");
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    /** Returns a search for one problem. */
    public static MachineReassigner of(ReassignmentProblem problem, SeedStreams seeds, SearchListener listener) {
        return new MachineReassigner(problem, seeds, listener);
    }

    /**
     * Searches on the calling thread until the budget is used up.
     *
     * @param meter of the budget; one step is one priced move
     */
    public Reassignment solve(BudgetMeter meter) {
        BestSoFar<int[]> best = new BestSoFar<>();
        Announcer announcer = new Announcer();
        offerFirst(best);
        ReassignmentTrials trials = new ReassignmentTrials(problem, seeds.stream(0), meter, announcer);
        trials.run();
        best.offer((double) trials.bestCost(), 0, trials::bestAssignment);
        return result(best, trials.steps());
    }

    /**
     * Searches with several workers and waits for them.
     *
     * @param workers how many, at least 1
     * @param threads where they run; with fewer free threads than workers some start when others have ended
     * @param meters asked once by each worker, on its thread
     * @throws InterruptedException if the waiting is interrupted; the workers go on until their budgets are used up
     */
    public Reassignment solve(int workers, ExecutorService threads, Supplier<BudgetMeter> meters)
            throws InterruptedException {
        if (workers < 1) {
            throw new InvalidValueException("workers", Integer.toString(workers), "be at least 1");
        }
        BestSoFar<int[]> best = new BestSoFar<>();
        Announcer announcer = new Announcer();
        LongAdder steps = new LongAdder();
        offerFirst(best);
        List<Future<?>> running = new ArrayList<>();
        for (int w = 0; w < workers; w++) {
            int worker = w;
            running.add(threads.submit(() -> {
                ReassignmentTrials trials =
                        new ReassignmentTrials(problem, seeds.stream(worker), meters.get(), announcer);
                trials.run();
                best.offer((double) trials.bestCost(), worker, trials::bestAssignment);
                steps.add(trials.steps());
            }));
        }
        for (Future<?> worker : running) {
            await(worker);
        }
        return result(best, steps.sum());
    }

    private static void await(Future<?> worker) throws InterruptedException {
        try {
            worker.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("a worker failed", e.getCause());
        }
    }

    private void offerFirst(BestSoFar<int[]> best) {
        best.offer((double) problem.cost(problem.origin).total(), -1, problem::origin);
    }

    private Reassignment result(BestSoFar<int[]> best, long steps) {
        int[] assignment = best.solution().orElseThrow();
        return new Reassignment(assignment, problem.cost(assignment), steps);
    }

    /** Tells the listener of the best cost of all workers, one at a time. */
    final class Announcer {
        private final Object lock = new Object();
        private final double bound = problem.lowerBound();
        private double best = Double.POSITIVE_INFINITY;

        private Announcer() {}

        void tell(long cost, long steps, long cpuNanos) {
            synchronized (lock) {
                best = Math.min(best, (double) cost);
                listener.progressed(new SearchProgress(best, bound, steps, cpuNanos));
            }
        }
    }
}
