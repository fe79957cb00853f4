package dev.shadow.tck.contract;

import static dev.shadow.tck.contract.Mutant.boundToOneThread;
import static dev.shadow.tck.contract.Mutant.confusing;

import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.forecast.Forecast;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import dev.shadow.tck.contract.Mutant.Call;
import dev.shadow.tck.contract.Mutant.Mistake;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** A wrong forecaster for every rule. */
final class ForecasterMutants {
    private ForecasterMutants() {}

    private static Mutant fit(String rule, Mistake mistake) {
        return Mutant.of(rule, Forecaster.class, "fit", mistake);
    }

    private static Mutant rebuild(String rule, Mistake mistake) {
        return Mutant.of(rule, Forecaster.class, "rebuild", mistake);
    }

    private static Mutant model(String method, String rule, Mistake mistake) {
        return Mutant.of(rule, ForecastModel.class, method, mistake);
    }

    private static Forecast forecast(Call call) throws Throwable {
        return (Forecast) Objects.requireNonNull(call.proceed());
    }

    private static Forecast changed(Forecast it, Duration step, double shift, double levelShift) {
        double[] mean = new double[it.horizon()];
        double[] levels = Arrays.stream(it.levels()).map(q -> q + levelShift).toArray();
        double[][] quantiles = new double[it.horizon()][levels.length];
        for (int h = 0; h < it.horizon(); h++) {
            mean[h] = it.mean(h) + shift;
            for (int q = 0; q < levels.length; q++) {
                quantiles[h][q] = it.quantile(h, q) + shift;
            }
        }
        return Forecast.of(it.start(), step, mean, levels, quantiles);
    }

    private static boolean rises(double[] levels) {
        for (int q = 1; q < levels.length; q++) {
            if (levels[q] <= levels[q - 1]) {
                return false;
            }
        }
        return true;
    }

    private static Mistake raising(Predicate<TimeSeries> when) {
        return call -> {
            TimeSeries series = call.arg(0, TimeSeries.class);
            return when.test(series)
                    ? call.with(
                            0,
                            TimeSeries.of(
                                    series.start(),
                                    series.step(),
                                    Arrays.stream(series.values())
                                            .map(value -> value + 1000)
                                            .toArray()))
                    : call.proceed();
        };
    }

    private static Mistake confusingOn(Predicate<TimeSeries> when) {
        return call -> {
            try {
                return call.proceed();
            } catch (ForecastException e) {
                throw when.test(call.arg(0, TimeSeries.class))
                        ? new ForecastException(Retry.TRANSIENT, Objects.requireNonNull(e.getMessage()))
                        : e;
            }
        };
    }

    private static boolean isConstant(TimeSeries series) {
        return series.size() > 0 && Arrays.stream(series.values()).distinct().count() == 1 && series.present() > 0;
    }

    static List<Mutant> all() {
        return List.of(
                model("forecast", "forecastBeginsAtTheStepAfterTheHistory", call -> {
                    Forecast it = forecast(call);
                    return changed(it, it.step().multipliedBy(2), 0, 0);
                }),
                model("forecast", "forecastHasAsManyStepsAsAskedFor", call -> {
                    int horizon = call.arg(0, Integer.class);
                    return call.with(0, horizon > 1 ? horizon - 1 : horizon);
                }),
                model("forecast", "forecastHasTheLevelsAskedFor", call -> {
                    Forecast it = forecast(call);
                    return changed(it, it.step(), 0, 0.001);
                }),
                model("forecast", "forecastStaysWithinTheBoundsOfTheFit", call -> {
                    Forecast it = forecast(call);
                    return changed(it, it.step(), 5, 0);
                }),
                fit("equalSeriesAndOptionsGiveEqualForecasts", call -> {
                    TimeSeries series = call.arg(0, TimeSeries.class);
                    double shift = call.count() - 1;
                    return series.present() == 0
                            ? call.proceed()
                            : call.with(
                                    0,
                                    TimeSeries.of(
                                            series.start(),
                                            series.step(),
                                            Arrays.stream(series.values())
                                                    .map(value -> value - shift)
                                                    .toArray()));
                }),
                model("forecast", "modelGivesTheSameForecastWhenAskedAgain", call -> {
                    Forecast it = forecast(call);
                    return call.count() >= 3 ? changed(it, it.step(), 1, 0) : it;
                }),
                model(
                        "forecast",
                        "horizonBelowOneIsRefused",
                        call -> call.with(0, Math.max(1, call.arg(0, Integer.class)))),
                model(
                        "forecast",
                        "levelsThatDoNotRiseAreRefused",
                        call -> rises(call.arg(1, double[].class)) ? call.proceed() : call.with(1, new double[0])),
                model(
                        "update",
                        "updatedModelForecastsAfterTheNewValues",
                        call -> call.arg(0, double[].class).length == 3 ? call.with(0, new double[0]) : call.proceed()),
                Mutant.of("updateLeavesTheModelAsItWas", ForecastModel.class, List.of("update", "forecast"), call -> {
                    if (call.is("update")) {
                        call.memory().put("updated", call.arg(0, double[].class).length > 0);
                        return call.proceed();
                    }
                    Forecast it = forecast(call);
                    return Boolean.TRUE.equals(call.memory().get("updated")) ? changed(it, it.step(), 1, 0) : it;
                }),
                model(
                        "update",
                        "updateWithNothingForecastsTheSame",
                        call -> call.arg(0, double[].class).length == 0
                                ? call.with(0, new double[] {77})
                                : call.proceed()),
                model("update", "missingSamplesAreBridgedInAnUpdate", call -> {
                    if (Arrays.stream(call.arg(0, double[].class)).anyMatch(Double::isNaN)) {
                        throw new IllegalArgumentException("a sample is missing");
                    }
                    return call.proceed();
                }),
                fit("missingSamplesAreBridgedInAFit", call -> {
                    TimeSeries series = call.arg(0, TimeSeries.class);
                    if (series.present() > 0 && series.present() < series.size()) {
                        throw new IllegalArgumentException("a sample is missing");
                    }
                    return call.proceed();
                }),
                fit("emptySeriesIsRefusedForGood", confusingOn(series -> series.size() == 0)),
                fit("seriesWithoutOneValueIsRefusedForGood", confusingOn(series -> series.size() > 0)),
                fit("constantSeriesIsForecastFinitely", raising(ForecasterMutants::isConstant)),
                model("summary", "summaryTellsWhatTheModelWasFittedOn", call -> {
                    FitSummary it = (FitSummary) Objects.requireNonNull(call.proceed());
                    return call.count() <= 2
                            ? it
                            : new FitSummary(
                                    it.method(),
                                    it.from(),
                                    it.to(),
                                    it.samples(),
                                    0,
                                    it.logLikelihood(),
                                    it.parameters());
                }),
                rebuild("rebuiltModelForecastsAsTheOneFitted", call -> {
                    FitSummary it = call.arg(2, FitSummary.class);
                    boolean later = it.laterPart(call.arg(0, TimeSeries.class)).length > 0;
                    ForecastModel model = (ForecastModel) Objects.requireNonNull(call.proceed());
                    return later ? model : model.update(new double[] {77});
                }),
                rebuild("rebuiltModelHasSeenWhatFollowedTheFit", call -> {
                    FitSummary it = call.arg(2, FitSummary.class);
                    return call.with(0, it.fittedPart(call.arg(0, TimeSeries.class)));
                }),
                rebuild("summaryOfAnotherMethodIsRefusedForGood", confusing("no such method")),
                rebuild("historyThatEndsBeforeTheFitIsNotRebuiltFrom", confusing("does not hold them")),
                fit("fitsMayOverlap", boundToOneThread()));
    }
}
