package dev.shadow.forecast.stream;

import dev.shadow.forecast.season.SeasonDetector;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Forecasts from a {@link DemandStream}: a fit feeds it the history value by value, an update the values that follow, so
 * a model fitted to a whole series equals one fitted to its beginning and updated with the rest, if the season is given.
 *
 * <p>Needs at least 8 values that are there, and uses at most the last 8192 or 16 seasons, whichever is more. The season
 * is the one of the options, or found in the history. Draws nothing at random: the seed is only recorded. May be shared
 * between threads.
 */
public final class StreamForecaster implements Forecaster {
    private static final int FEWEST = 8;
    private static final int LONGEST = 8192;
    private static final int MOST_SEASONS = 16;

    private StreamForecaster() {}

    /** Returns the forecaster. */
    public static StreamForecaster create() {
        return new StreamForecaster();
    }

    @Override
    public StreamModel fit(TimeSeries series, FitOptions options) throws ForecastException {
        return fitted(series, options);
    }

    /** Takes the season from the summary instead of looking for it. */
    @Override
    public StreamModel rebuild(TimeSeries history, FitOptions options, FitSummary summary) throws ForecastException {
        Double season = summary.parameters().get(StreamModel.SEASON);
        if (!summary.method().equals(StreamModel.METHOD) || season == null || !(season >= 1)) {
            throw new ForecastException(
                    Retry.PERMANENT,
                    "the summary is of the method " + summary.method() + ", not " + StreamModel.METHOD);
        }
        StreamModel model = fitted(summary.fittedPart(history), withSeason(options, season.intValue()));
        if (!model.summary().equals(summary)) {
            throw new ForecastException(
                    Retry.PERMANENT,
                    "from this history and these options follows " + model.summary() + ", not " + summary);
        }
        return model.update(summary.laterPart(history));
    }

    private static StreamModel fitted(TimeSeries series, FitOptions options) throws ForecastException {
        int first = first(series, options.season().orElse(1));
        double[] values = Arrays.copyOfRange(series.values(), first, series.size());
        check(values, options);
        int season = options.season().isPresent() ? options.season().getAsInt() : SeasonDetector.detect(values);
        DemandStream stream = DemandStream.open(series.timeOf(first), series.step(), withSeason(options, season));
        for (double value : values) {
            stream.update(value);
        }
        return StreamModel.of(stream);
    }

    private static int first(TimeSeries series, int season) {
        return (int) Math.max(0, series.size() - Math.max(LONGEST, (long) MOST_SEASONS * season));
    }

    private static FitOptions withSeason(FitOptions options, int season) {
        OptionalInt phases = season > 1 ? OptionalInt.of(season) : OptionalInt.empty();
        return new FitOptions(options.seed(), phases, options.lowerBound(), options.upperBound());
    }

    private static void check(double[] values, FitOptions options) throws ForecastException {
        if (options.lowerBound() == Double.POSITIVE_INFINITY || options.upperBound() == Double.NEGATIVE_INFINITY) {
            throw new ForecastException(
                    Retry.PERMANENT,
                    "no finite value lies between the bounds " + options.lowerBound() + " and " + options.upperBound()
                            + "; give at least one finite bound or none");
        }
        if (options.season().orElse(1) > DemandStream.LONGEST_SEASON) {
            throw new ForecastException(
                    Retry.PERMANENT,
                    "a season of at most " + DemandStream.LONGEST_SEASON + " steps can be followed, it is "
                            + options.season().getAsInt() + "; resample to longer steps");
        }
        long present =
                Arrays.stream(values).filter(value -> !Double.isNaN(value)).count();
        if (present < FEWEST) {
            throw new ForecastException(
                    Retry.PERMANENT,
                    "at least " + FEWEST + " values are needed to fit, " + present + " of the last " + values.length
                            + " are there; collect " + (FEWEST - present) + " more");
        }
    }
}
