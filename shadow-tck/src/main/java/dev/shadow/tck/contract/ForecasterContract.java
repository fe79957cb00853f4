package dev.shadow.tck.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.forecast.Forecast;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The promises of {@link Forecaster} and its {@link ForecastModel}. */
public abstract class ForecasterContract extends SpiContract {
    /** The forecaster under test. */
    protected abstract Forecaster forecaster();

    /** How many values it is fitted to in these tests; enough for the method. */
    protected int enough() {
        return 400;
    }

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration STEP = Duration.ofMinutes(5);
    private static final double[] LEVELS = {0.05, 0.5, 0.95};

    /** A daily-looking wave between 20 and 80 with a seeded ripple. */
    private double[] wave(int from, int to) {
        double[] values = new double[to - from];
        for (int i = from; i < to; i++) {
            double ripple = ((i * 2654435761L) >>> 8) % 1000 / 100.0;
            values[i - from] = 45 + 25 * Math.sin(2 * Math.PI * i / 48) + ripple;
        }
        return values;
    }

    private TimeSeries history() {
        return TimeSeries.of(START, STEP, wave(0, enough()));
    }

    private ForecastModel fitted() throws Exception {
        return forecaster().fit(history(), FitOptions.percent(7));
    }

    private static List<Double> flat(Forecast forecast) {
        List<Double> all = new ArrayList<>();
        for (int h = 0; h < forecast.horizon(); h++) {
            all.add(forecast.mean(h));
            for (int q = 0; q < forecast.levels().length; q++) {
                all.add(forecast.quantile(h, q));
            }
        }
        return all;
    }

    @Test
    void forecastBeginsAtTheStepAfterTheHistory() throws Exception {
        Forecast forecast = fitted().forecast(3, LEVELS);
        assertThat(forecast.start()).isEqualTo(history().end());
        assertThat(forecast.step()).isEqualTo(STEP);
    }

    @Test
    void forecastHasAsManyStepsAsAskedFor() throws Exception {
        assertThat(fitted().forecast(17, LEVELS).horizon()).isEqualTo(17);
    }

    @Test
    void forecastHasTheLevelsAskedFor() throws Exception {
        assertThat(fitted().forecast(3, LEVELS).levels()).isEqualTo(LEVELS);
        assertThat(fitted().forecast(3, new double[0]).levels()).isEmpty();
    }

    @Test
    void forecastStaysWithinTheBoundsOfTheFit() throws Exception {
        ForecastModel model = forecaster()
                .fit(history(), new FitOptions(7, FitOptions.percent(7).season(), 49, 51));
        assertThat(flat(model.forecast(100, LEVELS))).allMatch(value -> value >= 49 && value <= 51);
    }

    @Test
    void equalSeriesAndOptionsGiveEqualForecasts() throws Exception {
        assertThat(flat(fitted().forecast(20, LEVELS))).isEqualTo(flat(fitted().forecast(20, LEVELS)));
    }

    @Test
    void modelGivesTheSameForecastWhenAskedAgain() throws Exception {
        ForecastModel model = fitted();
        List<Double> first = flat(model.forecast(20, LEVELS));
        assertThat(flat(model.forecast(20, LEVELS))).isEqualTo(first);
        assertThat(flat(model.forecast(20, LEVELS))).isEqualTo(first);
    }

    @Test
    void horizonBelowOneIsRefused() throws Exception {
        ForecastModel model = fitted();
        assertThatThrownBy(() -> model.forecast(0, LEVELS)).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void levelsThatDoNotRiseAreRefused() throws Exception {
        ForecastModel model = fitted();
        assertThatThrownBy(() -> model.forecast(1, new double[] {0.9, 0.1})).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void updatedModelForecastsAfterTheNewValues() throws Exception {
        ForecastModel updated = fitted().update(wave(enough(), enough() + 3));
        assertThat(updated.forecast(1, LEVELS).start()).isEqualTo(history().timeOf(enough() + 3));
    }

    @Test
    void updateLeavesTheModelAsItWas() throws Exception {
        ForecastModel model = fitted();
        List<Double> before = flat(model.forecast(10, LEVELS));
        ForecastModel unused = model.update(new double[] {99, 99, 99});
        assertThat(flat(model.forecast(10, LEVELS))).isEqualTo(before);
    }

    @Test
    void updateWithNothingForecastsTheSame() throws Exception {
        ForecastModel model = fitted();
        assertThat(flat(model.update(new double[0]).forecast(10, LEVELS))).isEqualTo(flat(model.forecast(10, LEVELS)));
    }

    @Test
    void missingSamplesAreBridgedInAnUpdate() throws Exception {
        double[] gap = new double[5];
        Arrays.fill(gap, Double.NaN);
        assertThat(flat(fitted().update(gap).forecast(2, LEVELS))).isNotEmpty();
    }

    @Test
    void missingSamplesAreBridgedInAFit() throws Exception {
        double[] values = wave(0, enough());
        for (int i = 3; i < values.length; i += 7) {
            values[i] = Double.NaN;
        }
        ForecastModel model = forecaster().fit(TimeSeries.of(START, STEP, values), FitOptions.percent(7));
        assertThat(flat(model.forecast(2, LEVELS))).isNotEmpty();
    }

    @Test
    void emptySeriesIsRefusedForGood() {
        TimeSeries empty = TimeSeries.of(START, STEP, new double[0]);
        assertRefused(
                Retry.PERMANENT, ForecastException.class, () -> forecaster().fit(empty, FitOptions.percent(7)));
    }

    @Test
    void seriesWithoutOneValueIsRefusedForGood() {
        double[] missing = new double[enough()];
        Arrays.fill(missing, Double.NaN);
        TimeSeries series = TimeSeries.of(START, STEP, missing);
        assertRefused(
                Retry.PERMANENT, ForecastException.class, () -> forecaster().fit(series, FitOptions.percent(7)));
    }

    @Test
    void constantSeriesIsForecastFinitely() throws Exception {
        double[] values = new double[enough()];
        Arrays.fill(values, 50);
        Forecast forecast = forecaster()
                .fit(TimeSeries.of(START, STEP, values), FitOptions.unbounded(7))
                .forecast(10, LEVELS);
        assertThat(flat(forecast)).allMatch(value -> value > 0 && value < 100);
    }

    @Test
    void summaryTellsWhatTheModelWasFittedOn() throws Exception {
        ForecastModel model = fitted();
        assertThat(model.summary().from())
                .isBetween(history().start(), history().end());
        assertThat(model.summary().to()).isEqualTo(history().end());
        assertThat(model.summary().samples()).isBetween(1, enough());
        assertThat(model.summary().seed()).isEqualTo(7);
    }

    @Test
    void rebuiltModelForecastsAsTheOneFitted() throws Exception {
        ForecastModel model = fitted();
        ForecastModel rebuilt = forecaster().rebuild(history(), FitOptions.percent(7), model.summary());
        assertThat(flat(rebuilt.forecast(20, LEVELS))).isEqualTo(flat(model.forecast(20, LEVELS)));
        assertThat(rebuilt.summary()).isEqualTo(model.summary());
    }

    @Test
    void rebuiltModelHasSeenWhatFollowedTheFit() throws Exception {
        ForecastModel model = fitted();
        TimeSeries longer = TimeSeries.of(START.minus(STEP.multipliedBy(10)), STEP, wave(-10, enough() + 5));
        ForecastModel rebuilt = forecaster().rebuild(longer, FitOptions.percent(7), model.summary());
        ForecastModel updated = model.update(wave(enough(), enough() + 5));
        assertThat(rebuilt.forecast(20, LEVELS).start()).isEqualTo(longer.end());
        assertThat(flat(rebuilt.forecast(20, LEVELS))).isEqualTo(flat(updated.forecast(20, LEVELS)));
    }

    @Test
    void summaryOfAnotherMethodIsRefusedForGood() throws Exception {
        FitSummary it = fitted().summary();
        FitSummary other = new FitSummary(
                "no such method", it.from(), it.to(), it.samples(), it.seed(), it.logLikelihood(), it.parameters());
        assertRefused(
                Retry.PERMANENT,
                ForecastException.class,
                () -> forecaster().rebuild(history(), FitOptions.percent(7), other));
    }

    @Test
    void historyThatEndsBeforeTheFitIsNotRebuiltFrom() throws Exception {
        FitSummary summary = fitted().summary();
        TimeSeries shorter = TimeSeries.of(START, STEP, wave(0, enough() - 1));
        assertRefused(
                Retry.PERMANENT,
                ForecastException.class,
                () -> forecaster().rebuild(shorter, FitOptions.percent(7), summary));
    }

    @Test
    void fitsMayOverlap() throws Exception {
        List<Callable<Boolean>> fits = new ArrayList<>(
                Collections.nCopies(4, () -> flat(fitted().forecast(5, LEVELS)).isEmpty()));
        assertThat(allAtOnce(fits)).containsOnly(false);
    }
}
