package dev.shadow.examples.forecast;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.metrics.TimeSeries;
import java.util.OptionalInt;

/**
 * How the tasks of a file are fitted.
 *
 * @param seed whatever a method draws comes from it
 * @param percent whether values are percentages: none below 0 or above 100
 */
record Fitting(long seed, boolean percent) {
    /**
     * The options for one task.
     *
     * @throws InvalidValueException if a value of the task is no percentage and should be one
     */
    FitOptions options(ForecastTask task) {
        OptionalInt season = task.season() > 0 ? OptionalInt.of(task.season()) : OptionalInt.empty();
        if (!percent) {
            return new FitOptions(seed, season, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }
        checkPercent(task.history());
        return new FitOptions(seed, season, 0, 100);
    }

    private static void checkPercent(TimeSeries history) {
        for (int i = 0; i < history.size(); i++) {
            if (history.value(i) < 0 || history.value(i) > 100) {
                throw new InvalidValueException(
                        "value " + (i + 1),
                        Double.toString(history.value(i)),
                        "be from 0 to 100, as --percent was given");
            }
        }
    }
}
