package dev.shadow.forecast.arima;

import dev.shadow.forecast.decomposition.Mstl;
import dev.shadow.forecast.season.SeasonDetector;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
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
        if (!(options.lowerBound() < Double.MAX_VALUE) || !(options.upperBound() > -Double.MAX_VALUE)) {
            throw new ForecastException(Retry.PERMANENT, "no finite value lies between the bounds");
        }
        int season = options.season().orElseGet(() -> SeasonDetector.detect(values));
        season = values.length > 2 * season ? season : 1;
        Scale scale = Scale.of(values);
        double[] scaled = scale.applied(values);
        double[] course = season > LONGEST_MODELLED ? course(scaled, season) : new double[] {0};
        Map<String, Double> parameters = new LinkedHashMap<>();
        parameters.put("season", (double) season);
        if (scale.isConstant()) {
            FitSummary summary = summary(series, values, options, "constant", OptionalDouble.empty(), parameters);
            return ArimaModel.constant(scale, summary, options, series);
        }
        ArimaFit fit = OrderSearch.of(season > LONGEST_MODELLED ? 1 : season).search(scaled);
        parameters.put("centre", scale.centre());
        parameters.put("scale", scale.size());
        parameters.put("variance", fit.variance());
        parameters.putAll(fit.parameters());
        String name = (season > LONGEST_MODELLED ? "mstl(" + season + ") + " : "") + fit.specification();
        FitSummary summary = summary(series, values, options, name, OptionalDouble.of(fit.logLikelihood()), parameters);
        return ArimaModel.of(fit, course, scale, summary, options, series, values.length);
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
