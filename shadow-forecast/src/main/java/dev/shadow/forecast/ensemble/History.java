package dev.shadow.forecast.ensemble;

import dev.shadow.forecast.season.SeasonDetector;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.metrics.TimeSeries;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A series made ready for fitting: long enough, not longer than pays, scaled, and with its season known.
 */
final class History {
    /** Fewest values that must be there. */
    static final int FEWEST = 2;

    /** Values from which on there is something to learn. */
    private static final int ENOUGH = 8;

    private static final int LONGEST = 8192;
    private static final int MOST_SEASONS = 16;

    private final TimeSeries series;
    private final FitOptions options;
    private final int first;
    private final int present;
    private final int exponent;
    private final double[] values;
    private final int season;

    private History(
            TimeSeries series, FitOptions options, int first, int present, int exponent, double[] values, int season) {
        this.series = series;
        this.options = options;
        this.first = first;
        this.present = present;
        this.exponent = exponent;
        this.values = values;
        this.season = season;
    }

    /**
     * Takes the last values of a series, at most 8192 or 16 seasons, whichever is more.
     *
     * @throws ForecastException permanent if fewer than 2 of them are there, or no finite value lies within the bounds
     */
    static History of(TimeSeries series, FitOptions options) throws ForecastException {
        if (options.lowerBound() == Double.POSITIVE_INFINITY || options.upperBound() == Double.NEGATIVE_INFINITY) {
            throw new ForecastException(
                    Retry.PERMANENT,
                    "no finite value lies between the bounds " + options.lowerBound() + " and " + options.upperBound()
                            + "; give at least one finite bound or none");
        }
        long longest = Math.max(LONGEST, (long) MOST_SEASONS * options.season().orElse(1));
        int first = (int) Math.max(0, series.size() - longest);
        double[] values = Arrays.copyOfRange(series.values(), first, series.size());
        int present = (int)
                Arrays.stream(values).filter(value -> !Double.isNaN(value)).count();
        if (present < FEWEST) {
            throw new ForecastException(
                    Retry.PERMANENT,
                    "at least " + FEWEST + " values are needed to fit, " + present + " of the last " + values.length
                            + " are there; collect " + (FEWEST - present) + " more");
        }
        int exponent = PredictorModel.exponentFor(values);
        for (int t = 0; t < values.length; t++) {
            values[t] = PredictorModel.scaled(values[t], exponent);
        }
        int season = options.season().isPresent() ? options.season().getAsInt() : SeasonDetector.detect(values);
        return new History(
                series, options, first, present, exponent, values, 2L * season <= values.length ? season : 1);
    }

    /** The scaled values; the caller must not change them. */
    double[] values() {
        return values;
    }

    int size() {
        return values.length;
    }

    /** Whether so few values are there that only the last one and the changes before it tell anything. */
    boolean isShort() {
        return present < ENOUGH;
    }

    /** Steps in one season; 1 if there is none or the history holds fewer than two of them. */
    int season() {
        return season;
    }

    PredictorModel model(Predictor predictor, String method, Map<String, Double> parameters) {
        FitSummary summary = new FitSummary(
                method,
                series.timeOf(first),
                series.end(),
                present,
                options.seed(),
                OptionalDouble.empty(),
                parameters);
        return PredictorModel.of(predictor, summary, options, series, exponent);
    }
}
