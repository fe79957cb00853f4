package dev.shadow.forecast.evaluate;

import dev.shadow.spi.forecast.Forecast;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tally of all steps and those of the ranges. Owned by one thread. */
final class Tallies {
    private final Levels levels;
    private final Tally overall;
    private final Map<StepRange, Tally> ranges = new LinkedHashMap<>();
    private int series;
    private int origins;

    Tallies(Levels levels, List<StepRange> ranges) {
        this.levels = levels;
        this.overall = new Tally(levels);
        ranges.forEach(range -> this.ranges.put(range, new Tally(levels)));
    }

    /** Counts the origins from which one series was forecast. */
    void countSeries(int itsOrigins) {
        series++;
        origins += itsOrigins;
    }

    /** Compares with the values from index {@code origin} on, as far as they go. */
    void add(Forecast forecast, double[] values, int origin, double[] naive, double scale) {
        add(overall, 1, forecast.horizon(), forecast, values, origin, naive, scale);
        ranges.forEach((range, tally) -> add(
                tally,
                range.first(),
                Math.min(range.last(), forecast.horizon()),
                forecast,
                values,
                origin,
                naive,
                scale));
    }

    private void add(
            Tally tally,
            int first,
            int last,
            Forecast forecast,
            double[] values,
            int origin,
            double[] naive,
            double scale) {
        ForecastScore score = new ForecastScore(levels);
        for (int h = first - 1; h < last && origin + h < values.length; h++) {
            if (!Double.isNaN(values[origin + h])) {
                score.add(forecast, h, values[origin + h], naive[h]);
            }
        }
        tally.add(score, last, scale);
    }

    /** Adds what another has summed up; ranges are matched by their steps. */
    void add(Tallies other) {
        series += other.series;
        origins += other.origins;
        overall.add(other.overall);
        other.ranges.forEach((range, tally) ->
                ranges.computeIfAbsent(range, r -> new Tally(levels)).add(tally));
    }

    boolean isEmpty() {
        return overall.isEmpty();
    }

    BackTestReport report() {
        List<Accuracy> parts = new ArrayList<>();
        ranges.forEach((range, tally) -> {
            if (!tally.isEmpty()) {
                parts.add(tally.accuracy(range.first()));
            }
        });
        return new BackTestReport(series, origins, overall.accuracy(1), parts);
    }
}
