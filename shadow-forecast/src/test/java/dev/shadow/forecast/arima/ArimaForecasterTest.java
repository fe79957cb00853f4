package dev.shadow.forecast.arima;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.forecast.Forecast;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.metrics.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArimaForecasterTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration STEP = Duration.ofHours(1);
    private static final double[] LEVELS = {0.1, 0.5, 0.9};
    private static final ArimaForecaster FORECASTER = ArimaForecaster.create();

    @ParameterizedTest
    @ValueSource(ints = {1, 12, 48})
    void rebuildsTheModelFromItsSummaryWithoutASearch(int season) throws Exception {
        TimeSeries history = waves(season, 300);
        ForecastModel fitted = FORECASTER.fit(history, options(season));

        ForecastModel rebuilt = FORECASTER.rebuild(history, options(season), fitted.summary());

        assertSame(rebuilt, fitted);
        assertThat(rebuilt.summary()).isEqualTo(fitted.summary());
    }

    @Test
    void theRebuiltModelHasSeenWhatTheHistoryHoldsBesidesTheSpanOfTheFit() throws Exception {
        double[] all = waves(12, 330).values();
        TimeSeries known = TimeSeries.of(START, STEP, Arrays.copyOf(all, 300));
        ForecastModel fitted = FORECASTER.fit(known, options(12));

        double[] longer = new double[340];
        System.arraycopy(all, 0, longer, 10, 330);
        TimeSeries history = TimeSeries.of(START.minus(STEP.multipliedBy(10)), STEP, longer);
        ForecastModel rebuilt = FORECASTER.rebuild(history, options(12), fitted.summary());

        assertSame(rebuilt, fitted.update(Arrays.copyOfRange(all, 300, 330)));
    }

    @Test
    void rebuildsAConstant() throws Exception {
        TimeSeries history = TimeSeries.of(START, STEP, new double[50]);
        ForecastModel fitted = FORECASTER.fit(history, options(1));

        assertSame(FORECASTER.rebuild(history, options(1), fitted.summary()), fitted);
    }

    @Test
    void aForeignSummaryOrAHistoryThatDoesNotCoverItIsRefusedForGood() throws Exception {
        TimeSeries history = waves(1, 100);
        FitSummary summary = FORECASTER.fit(history, options(1)).summary();
        FitSummary foreign =
                new FitSummary("theta", START, history.end(), 100, 7, OptionalDouble.empty(), Map.of("season", 1.0));
        TimeSeries shorter = TimeSeries.of(START, STEP, Arrays.copyOf(history.values(), 90));
        TimeSeries shifted = TimeSeries.of(START.plusSeconds(1), STEP, history.values());

        assertRefused(history, foreign);
        assertRefused(shorter, summary);
        assertRefused(shifted, summary);
    }

    private static void assertRefused(TimeSeries history, FitSummary summary) {
        assertThatThrownBy(() -> FORECASTER.rebuild(history, options(1), summary))
                .isInstanceOfSatisfying(
                        ForecastException.class, e -> assertThat(e.retry()).isEqualTo(Retry.PERMANENT));
    }

    private static void assertSame(ForecastModel actual, ForecastModel expected) {
        Forecast one = actual.forecast(20, LEVELS);
        Forecast other = expected.forecast(20, LEVELS);
        assertThat(one.start()).isEqualTo(other.start());
        for (int h = 0; h < 20; h++) {
            assertThat(one.mean(h)).isEqualTo(other.mean(h));
            for (int q = 0; q < LEVELS.length; q++) {
                assertThat(one.quantile(h, q)).isEqualTo(other.quantile(h, q));
            }
        }
    }

    private static FitOptions options(int season) {
        return new FitOptions(7, OptionalInt.of(season), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    private static TimeSeries waves(int season, int length) {
        SplittableRandom random = new SplittableRandom(season);
        double[] values = new double[length];
        double level = 0;
        for (int t = 0; t < length; t++) {
            level = 0.7 * level + random.nextGaussian();
            values[t] = 40 + level + (season > 1 ? 8 * Math.sin(2 * Math.PI * t / season) : 0);
        }
        values[length / 3] = Double.NaN;
        return TimeSeries.of(START, STEP, values);
    }
}
