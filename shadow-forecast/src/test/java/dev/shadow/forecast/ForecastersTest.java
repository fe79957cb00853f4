package dev.shadow.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.Forecast;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import dev.shadow.tck.property.SeededTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ForecastersTest {
    private static final double[] LEVELS = {0.01, 0.05, 0.1, 0.5, 0.9, 0.95, 0.99};
    private static final Instant START = Instant.parse("2024-03-01T00:00:00Z");
    private static final Duration STEP = Duration.ofMinutes(5);

    static Stream<Arguments> methods() {
        return Stream.of(
                Arguments.of("standard", Forecasters.standard()),
                Arguments.of("naive", Forecasters.naive()),
                Arguments.of("seasonalNaive", Forecasters.seasonalNaive()),
                Arguments.of("theta", Forecasters.theta()),
                Arguments.of("ets", Forecasters.ets()),
                Arguments.of("histogram", Forecasters.histogram()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void startsAtTheStepAfterTheLastValueAndMovesOnWithEachUpdate(String name, Forecaster forecaster)
            throws ForecastException {
        ForecastModel model = forecaster.fit(series(wave(100, 10)), FitOptions.unbounded(1));

        Forecast before = model.forecast(3, LEVELS);
        Forecast after = model.update(new double[] {1, Double.NaN}).forecast(3, LEVELS);

        assertThat(before.start()).isEqualTo(START.plus(STEP.multipliedBy(100)));
        assertThat(before.step()).isEqualTo(STEP);
        assertThat(after.start()).isEqualTo(START.plus(STEP.multipliedBy(102)));
        assertSame(model.forecast(3, LEVELS), before);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void saysHowManyValuesAreThereAndNeeded(String name, Forecaster forecaster) throws ForecastException {
        double[] values = new double[40];
        Arrays.fill(values, Double.NaN);
        values[3] = 3.0;

        assertThatThrownBy(() -> forecaster.fit(series(values), FitOptions.unbounded(1)))
                .isInstanceOfSatisfying(
                        ForecastException.class, e -> assertThat(e.retry()).isEqualTo(Retry.PERMANENT))
                .hasMessage("at least 2 values are needed to fit, 1 of the last 40 are there; collect 1 more");

        values[30] = 3.0;
        assertExactly(
                3.0, forecaster.fit(series(values), FitOptions.unbounded(1)).forecast(5, LEVELS));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void refusesAnEmptySeries(String name, Forecaster forecaster) {
        assertThatThrownBy(() -> forecaster.fit(series(), FitOptions.percent(1)))
                .isInstanceOf(ForecastException.class)
                .hasMessageContaining("at least 2 values are needed");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void refusesBoundsWithoutAFiniteValueBetween(String name, Forecaster forecaster) {
        double infinity = Double.POSITIVE_INFINITY;
        FitOptions options = new FitOptions(1, OptionalInt.empty(), infinity, infinity);

        assertThatThrownBy(() -> forecaster.fit(series(wave(50, 5)), options))
                .isInstanceOf(ForecastException.class)
                .hasMessageContaining("no finite value lies between the bounds");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void refusesAWrongHorizonAndWrongLevels(String name, Forecaster forecaster) throws ForecastException {
        ForecastModel model = forecaster.fit(series(wave(50, 5)), FitOptions.unbounded(1));

        assertThatThrownBy(() -> model.forecast(0, LEVELS))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("horizon");
        assertThatThrownBy(() -> model.forecast(1, new double[] {0.5, 0.5})).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> model.forecast(1, new double[] {1.0})).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> model.update(new double[] {Double.POSITIVE_INFINITY}))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("values[0]");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void forecastsWithoutLevels(String name, Forecaster forecaster) throws ForecastException {
        Forecast forecast =
                forecaster.fit(series(wave(50, 5)), FitOptions.unbounded(1)).forecast(4, new double[0]);

        assertThat(forecast.horizon()).isEqualTo(4);
        assertThat(forecast.levels()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void forecastsAHandfulOfValuesByTheLastOne(String name, Forecaster forecaster) throws ForecastException {
        for (double[] values : new double[][] {{4, 6}, {1, Double.NaN, 3}, {5, 1, 9, 2}}) {
            ForecastModel model = forecaster.fit(series(values), FitOptions.unbounded(1));
            Forecast forecast = model.forecast(3, LEVELS);

            assertThat(forecast.mean(2)).isEqualTo(values[values.length - 1]);
            assertThat(forecast.quantile(0, 0)).isLessThan(forecast.quantile(0, 3));
            assertSound(model.update(new double[] {7, Double.NaN, 2}).forecast(40, LEVELS), -100, 100);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void staysWithinThriceTheRangeOfTheHistory(String name, Forecaster forecaster) throws ForecastException {
        double[] values = new double[60];
        Arrays.setAll(values, t -> Math.exp(t / 6.0) * (1 + t % 3));
        double range = Arrays.stream(values).max().orElseThrow()
                - Arrays.stream(values).min().orElseThrow();

        Forecast forecast =
                forecaster.fit(series(values), FitOptions.unbounded(1)).forecast(5000, LEVELS);

        assertSound(forecast, values[0] - range, values[0] + 2 * range);
    }

    @Test
    void looksForNoSeasonWhereThereIsNone() throws ForecastException {
        FitOptions none = new FitOptions(1, OptionalInt.of(1), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

        ForecastModel model = Forecasters.standard().fit(series(wave(200, 24)), none);

        assertThat(model.summary().parameters()).containsEntry("season", 1.0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, -1.0 / 3, 42, 1e-300, Double.MIN_VALUE, 1e300, -Double.MAX_VALUE, Double.MAX_VALUE})
    void repeatsAConstantExactly(double constant) throws ForecastException {
        double[] values = new double[900];
        Arrays.fill(values, constant);
        FitOptions daily = new FitOptions(1, OptionalInt.of(288), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        for (FitOptions options : new FitOptions[] {daily, FitOptions.unbounded(1)}) {
            ForecastModel model = Forecasters.standard().fit(series(values), options);
            assertExactly(constant, model.forecast(700, LEVELS));
            assertExactly(constant, model.update(Arrays.copyOf(values, 20)).forecast(40, LEVELS));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 24, 48, 288})
    void findsTheSeasonWhenNoneIsGiven(int season) throws ForecastException {
        double[] values = wave(Math.max(200, 6 * season), season);

        ForecastModel model = Forecasters.standard().fit(series(values), FitOptions.unbounded(1));
        Forecast forecast = model.forecast(season, LEVELS);

        assertThat(model.summary().parameters()).containsEntry("season", (double) season);
        for (int h = 0; h < season; h++) {
            assertThat(forecast.mean(h)).isCloseTo(waveAt(values.length + h, season), within(3.0));
        }
    }

    @SeededTest(runs = 20)
    void seesNoSeasonInNoise(RandomGenerator random) throws ForecastException {
        double[] values = random.doubles(600).toArray();

        ForecastModel model = Forecasters.standard().fit(series(values), FitOptions.unbounded(1));

        assertThat(model.summary().parameters()).containsEntry("season", 1.0);
    }

    @Test
    void saysWhatItWasFittedOn() throws ForecastException {
        double[] values = wave(10_000, 24);
        values[9_000] = Double.NaN;

        var summary = Forecasters.standard()
                .fit(series(values), new FitOptions(77, OptionalInt.of(24), -1000, 1000))
                .summary();

        assertThat(summary.method()).isEqualTo("blend");
        assertThat(summary.seed()).isEqualTo(77);
        assertThat(summary.samples()).isEqualTo(8191);
        assertThat(summary.from()).isEqualTo(START.plus(STEP.multipliedBy(10_000 - 8192)));
        assertThat(summary.to()).isEqualTo(START.plus(STEP.multipliedBy(10_000)));
        assertThat(summary.parameters()).containsEntry("season", 24.0).containsKeys("recent@1", "seasonal@1");
    }

    @SeededTest(runs = 60)
    void givesFiniteQuantilesInOrderWithinTheBoundsForAnyInput(RandomGenerator random) throws ForecastException {
        double[] values = Nasty.values(random, 2 + random.nextInt(400));
        double low = random.nextBoolean() ? Double.NEGATIVE_INFINITY : -10;
        double high = random.nextBoolean() ? Double.POSITIVE_INFINITY : 50;
        OptionalInt season = random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(2 + random.nextInt(60));
        FitOptions options = new FitOptions(1, season, low, high);
        for (Forecaster forecaster : new Forecaster[] {Forecasters.standard(), Forecasters.seasonalNaive()}) {
            ForecastModel model = forecaster.fit(series(values), options);
            assertSound(model.forecast(1 + random.nextInt(700), LEVELS), low, high);
            assertSound(model.update(Nasty.values(random, 50)).forecast(20, LEVELS), low, high);
        }
    }

    @SeededTest(runs = 30)
    void updatingAtOnceEqualsUpdatingOneByOne(RandomGenerator random) throws ForecastException {
        double[] news = Nasty.values(random, 1 + random.nextInt(100));
        TimeSeries series = series(Nasty.values(random, 50 + random.nextInt(300)));
        for (Forecaster forecaster : new Forecaster[] {Forecasters.standard(), Forecasters.seasonalNaive()}) {
            ForecastModel model = forecaster.fit(series, FitOptions.unbounded(3));
            Forecast before = model.forecast(30, LEVELS);
            ForecastModel one = model;
            for (double value : news) {
                one = one.update(new double[] {value});
            }
            assertSame(one.forecast(30, LEVELS), model.update(news).forecast(30, LEVELS));
            assertSame(model.forecast(30, LEVELS), before);
        }
    }

    @SeededTest(runs = 10)
    void equalSeriesAndSeedGiveEqualForecasts(RandomGenerator random) throws ForecastException {
        double[] values = Nasty.values(random, 300);

        Forecast first = Forecasters.standard()
                .fit(series(values), FitOptions.unbounded(5))
                .forecast(40, LEVELS);
        Forecast second = Forecasters.standard()
                .fit(series(values), FitOptions.unbounded(5))
                .forecast(40, LEVELS);

        assertSame(first, second);
    }

    private static void assertSound(Forecast forecast, double low, double high) {
        for (int h = 0; h < forecast.horizon(); h++) {
            assertThat(forecast.mean(h)).isFinite().isBetween(low, high);
            for (int q = 0; q < LEVELS.length; q++) {
                assertThat(forecast.quantile(h, q)).isFinite().isBetween(low, high);
                assertThat(forecast.quantile(h, q)).isGreaterThanOrEqualTo(forecast.quantile(h, Math.max(0, q - 1)));
            }
        }
    }

    private static void assertExactly(double constant, Forecast forecast) {
        for (int h = 0; h < forecast.horizon(); h++) {
            assertThat(forecast.mean(h)).isEqualTo(constant);
            for (int q = 0; q < LEVELS.length; q++) {
                assertThat(forecast.quantile(h, q)).isEqualTo(constant);
            }
        }
    }

    private static void assertSame(Forecast actual, Forecast expected) {
        assertThat(actual.start()).isEqualTo(expected.start());
        assertThat(actual.horizon()).isEqualTo(expected.horizon());
        for (int h = 0; h < expected.horizon(); h++) {
            assertThat(actual.mean(h)).isEqualTo(expected.mean(h));
            for (int q = 0; q < LEVELS.length; q++) {
                assertThat(actual.quantile(h, q)).isEqualTo(expected.quantile(h, q));
            }
        }
    }

    private static TimeSeries series(double... values) {
        return TimeSeries.of(START, STEP, values);
    }

    private static double[] wave(int length, int season) {
        double[] values = new double[length];
        Arrays.setAll(values, t -> waveAt(t, season));
        return values;
    }

    private static double waveAt(int t, int season) {
        return 50 + 20 * Math.sin(2 * Math.PI * t / season);
    }
}
