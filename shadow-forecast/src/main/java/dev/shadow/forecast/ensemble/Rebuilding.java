package dev.shadow.forecast.ensemble;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.metrics.TimeSeries;
import java.util.Map;
import java.util.OptionalInt;

/** How the methods of this package are rebuilt from a summary: with the season that was known, and checked at the end. */
final class Rebuilding {
    private Rebuilding() {}

    /** Makes a model of the values of the fit and the numbers that it found. */
    @FunctionalInterface
    interface Builder {
        PredictorModel build(History history, Map<String, Double> found);
    }

    static PredictorModel rebuild(
            TimeSeries series, FitOptions options, FitSummary summary, String method, Builder builder)
            throws ForecastException {
        double[] later = summary.laterPart(series);
        PredictorModel model;
        try {
            FitOptions known = options.season().isPresent() ? options : withSeason(options, summary);
            History history = History.of(summary.fittedPart(series), known);
            model = history.isShort() ? FewValues.fit(history) : builder.build(history, found(summary, method));
        } catch (InvalidValueException e) {
            throw new ForecastException(
                    Retry.PERMANENT, "the summary is not one of the method " + method + ": " + e.getMessage());
        }
        if (!model.summary().equals(summary)) {
            throw new ForecastException(
                    Retry.PERMANENT,
                    "the summary of " + summary.method() + " on " + summary.samples() + " values with seed "
                            + summary.seed() + " is not of this history and these options, which give "
                            + model.summary().method() + " on "
                            + model.summary().samples() + " values with seed "
                            + model.summary().seed());
        }
        return model.update(later);
    }

    private static Map<String, Double> found(FitSummary summary, String method) {
        if (!summary.method().equals(method)) {
            throw new InvalidValueException("method", summary.method(), "be " + method);
        }
        return summary.parameters();
    }

    private static FitOptions withSeason(FitOptions options, FitSummary summary) {
        int season = (int) Findings.number(summary.parameters(), "season");
        return new FitOptions(options.seed(), OptionalInt.of(season), options.lowerBound(), options.upperBound());
    }
}
