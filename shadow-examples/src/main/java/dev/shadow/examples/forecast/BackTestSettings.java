package dev.shadow.examples.forecast;

import dev.shadow.forecast.evaluate.BackTestPlan;
import dev.shadow.forecast.evaluate.StepRange;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How the series of a file are tested.
 *
 * @param method name of the method
 * @param fitting how a series is fitted
 * @param origins number of origins in a series
 * @param horizon steps ahead; empty for what the row says
 * @param spacing steps between origins; empty for the horizon
 * @param refitEvery origins from one fit to the next
 * @param ends last steps of the ranges that are judged apart; empty for the default
 */
record BackTestSettings(
        String method,
        Fitting fitting,
        int origins,
        OptionalInt horizon,
        OptionalInt spacing,
        int refitEvery,
        Optional<List<Integer>> ends) {
    /** The plan for one row. */
    BackTestPlan plan(ForecastTask task, List<Double> levels) {
        int ahead = horizon.orElse(task.horizon());
        List<StepRange> ranges = ends.map(StepRange::endingAt).orElseGet(() -> StepRange.widening(ahead)).stream()
                .filter(range -> range.first() <= ahead)
                .toList();
        return new BackTestPlan(1, spacing.orElse(ahead), ahead, refitEvery, levels, ranges)
                .lastOrigins(origins, task.history().size());
    }
}
