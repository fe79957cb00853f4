package dev.shadow.forecast.lstm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.Forecast;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import dev.shadow.tck.contract.ForecasterContract;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class LstmForecasterTest extends ForecasterContract {
    private static final LstmForecaster FORECASTER = LstmForecaster.of(new LstmNetwork(
            Parameters.random(32, new SplittableRandom(1)), new LstmNetwork.Training(false, 1, 1, 0, 0)));
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final double[] LEVELS = {0.001, 0.01, 0.3, 0.5, 0.99, 0.999};

    @Override
    protected Forecaster forecaster() {
        return FORECASTER;
    }

    private static TimeSeries series(double[] values) {
        return TimeSeries.of(START, Duration.ofMinutes(5), values);
    }

    private static double[] wave(int size, double unit, double middle) {
        double[] values = new double[size];
        for (int t = 0; t < size; t++) {
            values[t] = middle + unit * (Math.sin(2 * Math.PI * t / 288) + 0.1 * (t * 7919L % 13));
        }
        return values;
    }

    private static void assertSame(Forecast actual, Forecast expected, double unit, double middle, double slack) {
        for (int h = 0; h < expected.horizon(); h++) {
            for (int q = 0; q < LEVELS.length; q++) {
                assertThat(actual.quantile(h, q))
                        .isCloseTo(middle + unit * expected.quantile(h, q), within(slack * Math.abs(unit)));
            }
        }
    }

    @Test
    void updatesGiveWhatAFitToTheWholeGives() throws Exception {
        double[] values = wave(1400, 1, 5);
        LstmModel whole = FORECASTER.fit(series(values), FitOptions.unbounded(1));
        LstmModel moved = FORECASTER.fit(series(Arrays.copyOf(values, 1000)), FitOptions.unbounded(1));
        for (int t = 1000; t < 1400; t++) {
            moved = moved.update(new double[] {values[t]});
        }
        assertSame(moved.forecast(300, LEVELS), whole.forecast(300, LEVELS), 1, 0, 1e-9);
    }

    @Test
    void forecastGrowsAndShiftsWithTheSeries() throws Exception {
        Forecast plain =
                FORECASTER.fit(series(wave(900, 1, 0)), FitOptions.unbounded(1)).forecast(20, LEVELS);
        Forecast large = FORECASTER
                .fit(series(wave(900, 1e6, 3e6)), FitOptions.unbounded(1))
                .forecast(20, LEVELS);
        assertSame(large, plain, 1e6, 3e6, 1e-4);
    }

    @Test
    void constantSeriesIsForecastExactly() throws Exception {
        double[] values = new double[700];
        Arrays.fill(values, 0.1);
        Forecast forecast =
                FORECASTER.fit(series(values), FitOptions.unbounded(1)).forecast(400, LEVELS);
        for (int h = 0; h < 400; h++) {
            for (int q = 0; q < LEVELS.length; q++) {
                assertThat(forecast.quantile(h, q)).isCloseTo(0.1, within(1e-15));
            }
        }
    }

    @Test
    void hugeAndTinyValuesAreForecastFinitely() throws Exception {
        for (double unit : new double[] {1e-300, 1e-12, 1e12, 1e307}) {
            Forecast forecast = FORECASTER
                    .fit(series(wave(700, unit, 0)), FitOptions.unbounded(1))
                    .forecast(300, LEVELS);
            for (int h = 0; h < 300; h++) {
                assertThat(forecast.mean(h)).isBetween(-5 * unit, 5 * unit);
            }
        }
    }

    @Test
    void seriesThatFallsSilentForDaysIsStillForecast() throws Exception {
        double[] silence = new double[2000];
        Arrays.fill(silence, Double.NaN);
        Forecast forecast = FORECASTER
                .fit(series(wave(900, 1, 5)), FitOptions.unbounded(1))
                .update(silence)
                .forecast(3, LEVELS);
        assertThat(forecast.mean(0)).isBetween(0.0, 10.0);
    }

    @Test
    void summaryTellsOfTheNetwork() throws Exception {
        assertThat(FORECASTER
                        .fit(series(wave(900, 1, 5)), FitOptions.unbounded(1))
                        .summary()
                        .parameters())
                .containsEntry("season", 288.0)
                .containsEntry("hidden", 32.0);
    }
}
