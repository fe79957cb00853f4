package dev.shadow.spi.forecast;

import dev.shadow.spi.internal.Checks;
import java.util.OptionalInt;

/**
 * How a series is fitted.
 *
 * @param seed everything random is drawn from it; equal seeds give equal models
 * @param season steps in one season; 1 for none; empty lets the forecaster derive it
 * @param lowerBound forecasts are not below it; negative infinity for none
 * @param upperBound forecasts are not above it; positive infinity for none; not below {@code lowerBound}
 */
public record FitOptions(long seed, OptionalInt season, double lowerBound, double upperBound) {
    public FitOptions {
        Checks.present("season", season);
        if (season.isPresent()) {
            Checks.range("season", season.getAsInt(), 1, 1_000_000);
        }
        if (!(lowerBound <= upperBound)) {
            throw Checks.refused("lowerBound", lowerBound, "not be above upperBound " + upperBound);
        }
    }

    /** Options without bounds and with a derived season. */
    public static FitOptions unbounded(long seed) {
        return new FitOptions(seed, OptionalInt.empty(), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    /** Options for a quantity in percent: nothing below 0 or above 100. */
    public static FitOptions percent(long seed) {
        return new FitOptions(seed, OptionalInt.empty(), 0, 100);
    }
}
