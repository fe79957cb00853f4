package dev.shadow.core.placement.search;

import java.util.Objects;

/**
 * Tells one search thread how much of its budget is used. Not thread-safe: each thread has its own, though several may
 * read one clock.
 */
public final class BudgetMeter {
    private final SearchBudget budget;
    private final CpuClock clock;
    private final long startNanos;
    private final long allowedNanos;

    private BudgetMeter(SearchBudget budget, CpuClock clock, long startNanos, long allowedNanos) {
        this.budget = Objects.requireNonNull(budget, "budget");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.startNanos = startNanos;
        this.allowedNanos = allowedNanos;
    }

    /** Starts to count the clock now. */
    public static BudgetMeter startingNow(SearchBudget budget, CpuClock clock) {
        return new BudgetMeter(budget, clock, clock.cpuNanos(), budget.cpuNanos());
    }

    /** Counts everything that the clock shows already as used, for a process that must keep to a time with its start. */
    public static BudgetMeter fromZero(SearchBudget budget, CpuClock clock) {
        return new BudgetMeter(budget, clock, 0, budget.cpuNanos());
    }

    /** Returns how much is used after so many steps: 0 at the start, 1 or more when the search must end. */
    public double used(long steps) {
        double bySteps =
                budget.steps() == Long.MAX_VALUE ? 0 : budget.steps() == 0 ? 1 : (double) steps / budget.steps();
        if (allowedNanos == Long.MAX_VALUE) {
            return bySteps;
        }
        double byTime = allowedNanos == 0 ? 1 : (double) elapsedNanos() / allowedNanos;
        return Math.max(bySteps, byTime);
    }

    /** Returns the processor time since this meter's zero, in nanoseconds. */
    public long elapsedNanos() {
        return clock.cpuNanos() - startNanos;
    }
}
