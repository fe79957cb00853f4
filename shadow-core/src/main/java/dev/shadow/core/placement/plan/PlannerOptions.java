package dev.shadow.core.placement.plan;

import dev.shadow.core.placement.search.CpuClock;
import dev.shadow.core.placement.search.SearchBudget;
import dev.shadow.core.placement.search.SearchListener;
import java.util.Objects;

/**
 * How a fleet is planned.
 *
 * @param budget how long each worker searches
 * @param workers searches that run at the same time, each in a thread of its own and from its own stream of chance, 1 to 256
 * @param seed of all chance
 * @param clock what time is measured by
 * @param sinceZero whether what the clock showed before the search counts
 * @param bound a proven lower bound to report the gap to, NaN if there is none
 * @param listener hears of progress
 */
public record PlannerOptions(
        SearchBudget budget,
        int workers,
        long seed,
        CpuClock clock,
        boolean sinceZero,
        double bound,
        SearchListener listener) {
    /** Refuses less than one worker. */
    public PlannerOptions {
        Objects.requireNonNull(budget, "budget");
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(listener, "listener");
        Refusals.inRange("workers", workers, 1, 256);
    }

    /** One worker that searches so many steps: the same plan for the same seed, everywhere. */
    public static PlannerOptions ofSteps(long steps, long seed) {
        return new PlannerOptions(
                SearchBudget.ofSteps(steps), 1, seed, () -> 0, false, Double.NaN, SearchListener.deaf());
    }

    /** Returns these options with other workers. */
    public PlannerOptions withWorkers(int count) {
        return new PlannerOptions(budget, count, seed, clock, sinceZero, bound, listener);
    }
}
