package dev.shadow.core.placement.search;

import dev.shadow.spi.InvalidValueException;
import java.time.Duration;

/**
 * How long a search may go on: processor time, steps, or whichever is used up first.
 *
 * <p>A search that is limited by steps alone gives the same result on every machine. One limited by time does as many
 * steps as the machine manages, so its result may differ from run to run.
 *
 * @param cpuNanos processor time in nanoseconds, at least 0; {@link Long#MAX_VALUE} is no limit
 * @param steps evaluated moves, at least 0; {@link Long#MAX_VALUE} is no limit
 */
public record SearchBudget(long cpuNanos, long steps) {
    /** Refuses negative limits, and a search without end. */
    public SearchBudget {
        if (cpuNanos < 0) {
            throw new InvalidValueException("cpuNanos", Long.toString(cpuNanos), "be at least 0");
        }
        if (steps < 0) {
            throw new InvalidValueException("steps", Long.toString(steps), "be at least 0");
        }
        if (cpuNanos == Long.MAX_VALUE && steps == Long.MAX_VALUE) {
            throw new InvalidValueException("steps", "unlimited", "be limited when processor time is not");
        }
    }

    /** Returns a budget of processor time. */
    public static SearchBudget ofCpuTime(Duration cpuTime) {
        return new SearchBudget(cpuTime.toNanos(), Long.MAX_VALUE);
    }

    /** Returns a budget of steps, for a search that must be repeatable. */
    public static SearchBudget ofSteps(long steps) {
        return new SearchBudget(Long.MAX_VALUE, steps);
    }
}
