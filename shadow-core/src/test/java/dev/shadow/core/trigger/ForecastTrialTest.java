package dev.shadow.core.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.ForecastAccuracy;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import dev.shadow.tck.fake.FakeForecaster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ForecastTrialTest {
    private static final FitOptions OPTIONS = FitOptions.unbounded(1);

    /** At the origins 5 and 7 the forecast is 5 and 7, the median of what is known 3 and 4; what comes is 6 and 8. */
    @Test
    void comparesByHandWithTheQuantileOfWhatWasKnown() {
        assertThat(run(FakeForecaster.flat(1), 0.5, 1, 2, 1, 2, 3, 4, 5, 6, 7, 8))
                .contains(new ForecastAccuracy(2, 2, 0.5, 0, 0, 0.5, 1.75));
    }

    @Test
    void countsAnOutcomeThatEqualsTheQuantileOnOneSideOnly() {
        assertThat(run(FakeForecaster.flat(0), 0.9, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4))
                .contains(new ForecastAccuracy(2, 4, 0.9, 0, 1, 0, 0));
    }

    @Test
    void leavesOutMissingOutcomesAndWhatIsMissingInFront() {
        double none = Double.NaN;
        assertThat(run(FakeForecaster.flat(1), 0.5, 1, 2, none, none, none, 1, 2, 3, 4, 5, 6, 7, none))
                .contains(new ForecastAccuracy(1, 1, 0.5, 0, 0, 0.5, 1.5));
    }

    @Test
    void showsTheForecasterOneStretchAndThenUpdates() {
        List<Integer> fitted = new ArrayList<>();
        Forecaster spy = (series, options) -> {
            fitted.add(series.size());
            return FakeForecaster.flat(1).fit(series, options);
        };

        assertThat(run(spy, 0.5, 1, 4, new double[40])).isPresent();

        assertThat(fitted).containsExactly(24);
    }

    @Test
    void saysNothingOfAShortSeriesOrOneThatIsRefused() {
        Forecaster refusing = (series, options) -> {
            throw new ForecastException(Retry.PERMANENT, "too few");
        };

        assertThat(run(FakeForecaster.flat(1), 0.5, 4, 30, new double[20])).isEmpty();
        assertThat(run(FakeForecaster.flat(1), 0.5, 4, 1)).isEmpty();
        assertThat(run(refusing, 0.5, 1, 2, new double[40])).isEmpty();
    }

    private static Optional<ForecastAccuracy> run(
            Forecaster forecaster, double level, int horizon, int origins, double... values) {
        TimeSeries series = TimeSeries.of(Instant.EPOCH, Duration.ofMinutes(5), values);
        return ForecastTrial.run(forecaster, OPTIONS, series, level, horizon, origins);
    }
}
