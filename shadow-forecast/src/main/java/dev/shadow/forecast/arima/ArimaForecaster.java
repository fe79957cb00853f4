package dev.shadow.forecast.arima;

import dev.shadow.forecast.decomposition.Mstl;
import dev.shadow.forecast.season.SeasonDetector;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Forecasts by an ARIMA model whose order is found by {@link OrderSearch}. A season of at most 24 steps is part of the
 * model; a longer one is taken out by {@link Mstl} first and its last course repeated. Quantiles are those of a normal
 * distribution without the uncertainty of the parameters. May be shared between threads.
 */
public final class ArimaForecaster implements Forecaster {
    private static final String CONSTANT = "constant";
    private static final String SEASON = "season";
    private static final String CENTRE = "centre";
    private static final String SIZE = "scale";
    private static final int FEWEST = 8;
    private static final int LONGEST_MODELLED = 24;
    private static final int MOST_VALUES = 4096;

    private ArimaForecaster() {}

    /** Returns the forecaster. */
    public static ArimaForecaster create() {
        return new ArimaForecaster();
    }

    @Override
    public ForecastModel fit(TimeSeries series, FitOptions options) throws ForecastException {
        double[] all = series.values();
        double[] values = Arrays.copyOfRange(all, Math.max(0, all.length - MOST_VALUES), all.length);
        int present = values.length - Gaps.count(values);
        if (present < FEWEST) {
            throw new ForecastException(
                    Retry.PERMANENT,
                    "at least " + FEWEST + " values are needed to fit, " + present + " of the last " + values.length
                            + " are there; collect " + (FEWEST - present) + " more");
        }
        checkBounds(options);
        int season = options.season().orElseGet(() -> SeasonDetector.detect(values));
        season = values.length > 2 * season ? season : 1;
        Scale scale = Scale.of(values);
        if (scale.isConstant()) {
            FitSummary summary =
                    summary(series, values, options, CONSTANT, OptionalDouble.empty(), Map.of(SEASON, (double) season));
            return ArimaModel.constant(scale, summary, options, series);
        }
        double[] scaled = scale.applied(values);
        double[] course = takenOut(scaled, season);
        ArimaFit fit = OrderSearch.of(season > LONGEST_MODELLED ? 1 : season).search(scaled);
        String name = (season > LONGEST_MODELLED ? "mstl(" + season + ") + " : "") + fit.specification();
        FitSummary summary = summary(
                series, values, options, name, OptionalDouble.of(fit.logLikelihood()), parameters(fit, season, scale));
        return ArimaModel.of(fit, course, scale, summary, options, series, values.length);
    }

    /**
     * Returns the model that a summary is of, without a search: the parameters are the summary's, the state follows from
     * the history. Values of the history after those of the fit have been seen by the model, as by an update.
     *
     * @param history covers the span of the fit
     * @param summary what the model's {@link ForecastModel#summary} said
     * @throws ForecastException permanent if the summary is not of this method or the history does not cover it
     */
    public ForecastModel rebuild(TimeSeries history, FitOptions options, FitSummary summary) throws ForecastException {
        checkBounds(options);
        int from = index(history, summary.from());
        int to = index(history, summary.to());
        if (from >= to) {
            throw new ForecastException(Retry.PERMANENT, "the summary must end after it begins, at " + summary.from());
        }
        double[] all = history.values();
        TimeSeries span = TimeSeries.of(summary.from(), history.step(), Arrays.copyOfRange(all, from, to));
        double[] values = span.values();
        ForecastModel model = summary.method().equals(CONSTANT)
                ? ArimaModel.constant(Scale.of(values), summary, options, span)
                : rebuilt(span, options, summary);
        return to == all.length ? model : model.update(Arrays.copyOfRange(all, to, all.length));
    }

    private static ForecastModel rebuilt(TimeSeries span, FitOptions options, FitSummary summary)
            throws ForecastException {
        try {
            SummaryParameters known = new SummaryParameters(summary);
            int season = known.whole(SEASON);
            Scale scale = new Scale(known.number(CENTRE), known.number(SIZE));
            double[] scaled = scale.applied(span.values());
            double[] course = takenOut(scaled, season);
            ArimaSpecification specification = known.specification();
            ArimaFit fit = Arima.at(
                    specification,
                    scaled,
                    new double[0][],
                    known.coefficients(specification.order()),
                    known.regression(specification),
                    Likelihood.EXACT);
            return ArimaModel.of(fit, course, scale, summary, options, span, scaled.length);
        } catch (InvalidValueException e) {
            throw new ForecastException(
                    Retry.PERMANENT, "the summary of " + summary.method() + " does not suit: " + e.getMessage(), e);
        }
    }

    private static int index(TimeSeries history, Instant time) throws ForecastException {
        Duration after = Duration.between(history.start(), time);
        long index = after.dividedBy(history.step());
        if (after.isNegative()
                || index > history.size()
                || !history.step().multipliedBy(index).equals(after)) {
            throw new ForecastException(
                    Retry.PERMANENT,
                    "the history must cover the span of the fit; " + time + " is not a step of the history from "
                            + history.start() + " to " + history.end());
        }
        return (int) index;
    }

    private static void checkBounds(FitOptions options) throws ForecastException {
        if (!(options.lowerBound() < Double.MAX_VALUE) || !(options.upperBound() > -Double.MAX_VALUE)) {
            throw new ForecastException(Retry.PERMANENT, "no finite value lies between the bounds");
        }
    }

    private static Map<String, Double> parameters(ArimaFit fit, int season, Scale scale) {
        Map<String, Double> parameters = new LinkedHashMap<>();
        parameters.put(SEASON, (double) season);
        parameters.put(CENTRE, scale.centre());
        parameters.put(SIZE, scale.size());
        parameters.put("variance", fit.variance());
        SummaryParameters.putOrder(fit.specification().order(), parameters);
        parameters.putAll(fit.parameters());
        return parameters;
    }

    /** Takes a long season out of {@code values} and returns its course; a course of zero for one that is modelled. */
    private static double[] takenOut(double[] values, int season) {
        return season > LONGEST_MODELLED ? course(values, season) : new double[] {0};
    }

    /** Takes the season out of {@code values} and returns its last course, which begins after the last value. */
    private static double[] course(double[] values, int season) {
        double[] seasonal = Mstl.seasons(values, season)[0];
        for (int t = 0; t < values.length; t++) {
            values[t] -= seasonal[t];
        }
        return Arrays.copyOfRange(seasonal, values.length - season, values.length);
    }

    private static FitSummary summary(
            TimeSeries series,
            double[] values,
            FitOptions options,
            String name,
            OptionalDouble logLikelihood,
            Map<String, Double> parameters) {
        return new FitSummary(
                name,
                series.timeOf(series.size() - values.length),
                series.end(),
                values.length - Gaps.count(values),
                options.seed(),
                logLikelihood,
                parameters);
    }
}
