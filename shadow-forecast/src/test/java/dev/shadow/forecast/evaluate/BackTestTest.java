package dev.shadow.forecast.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shadow.forecast.Forecasters;
import dev.shadow.spi.InvalidValueException;
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
import java.util.List;
import org.junit.jupiter.api.Test;

final class BackTestTest {
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final FitOptions OPTIONS = FitOptions.unbounded(1);

    @Test
    void scoresByHand() throws ForecastException {
        BackTestPlan plan = new BackTestPlan(3, 1, 1, 1, List.of(0.1, 0.5, 0.9));

        BackTestReport report = BackTest.of(always(10, 20, 30), OPTIONS, plan).run(series(1, 3, 7, 25, 31, Double.NaN));

        assertThat(report.origins()).isEqualTo(3);
        assertThat(report.outcomes()).isEqualTo(2);
        assertThat(report.pinball()).isCloseTo((1.5 + 2.5 + 0.5 + 2.1 + 5.5 + 0.9) / 6, within(1e-12));
        assertThat(report.absoluteError()).isEqualTo(8);
        assertThat(report.mase().orElseThrow()).isCloseTo(8 / 3.0, within(1e-12));
        assertThat(report.below()).containsExactly(0.0, 0.0, 0.5);
        assertThat(report.inside()).isEqualTo(0.5);
    }

    @Test
    void givesNoScaledFigureWhereTheScaleIsZero() throws ForecastException {
        BackTestPlan plan = new BackTestPlan(3, 1, 1, 1, List.of(0.5));

        BackTestReport report = BackTest.of(always(4), OPTIONS, plan).run(series(4, 4, 4, 5));

        assertThat(report.mase()).isEmpty();
        assertThat(report.scaledPinball()).isEmpty();
        assertThat(report.absoluteError()).isEqualTo(1);
    }

    @Test
    void showsTheForecasterNothingAfterTheOrigin() throws ForecastException {
        List<Integer> seen = new ArrayList<>();
        Forecaster spy = (series, options) -> {
            seen.add(series.size());
            return Forecasters.seasonalNaive().fit(series, options);
        };

        BackTest.of(spy, OPTIONS, new BackTestPlan(10, 5, 2, 2, List.of(0.5))).run(series(new double[31]));

        assertThat(seen).containsExactly(10, 20, 30);
    }

    @Test
    void updatesGiveTheSameAsFittingForAMethodWithoutParameters() throws ForecastException {
        double[] values = new double[60];
        Arrays.setAll(values, t -> t * 7 % 11);

        assertThat(BackTest.of(
                                Forecasters.seasonalNaive(),
                                seasonal(4),
                                new BackTestPlan(20, 3, 4, 100, List.of(0.2, 0.8)))
                        .run(series(values)))
                .isEqualTo(BackTest.of(
                                Forecasters.seasonalNaive(),
                                seasonal(4),
                                new BackTestPlan(20, 3, 4, 1, List.of(0.2, 0.8)))
                        .run(series(values)));
    }

    @Test
    void refusesAPlanThatLeavesNothingToCompare() {
        assertThatThrownBy(() -> BackTest.of(always(1), OPTIONS, new BackTestPlan(9, 1, 1, 1, List.of(0.5)))
                        .run(series(1, 2)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("the series has 2 values");
        assertThatThrownBy(() -> new BackTestPlan(0, 1, 1, 1, List.of(0.5))).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> new BackTestPlan(1, 1, 1, 1, List.of())).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> new BackTestPlan(1, 1, 1, 1, List.of(0.5, 0.4)))
                .isInstanceOf(InvalidValueException.class);
    }

    private static FitOptions seasonal(int season) {
        return new FitOptions(1, java.util.OptionalInt.of(season), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    private static TimeSeries series(double... values) {
        return TimeSeries.of(Instant.EPOCH, STEP, values);
    }

    private static Forecaster always(double... quantiles) {
        return (series, options) -> new ForecastModel() {
            @Override
            public Forecast forecast(int horizon, double[] levels) {
                double[][] rows = new double[horizon][];
                Arrays.fill(rows, quantiles);
                return Forecast.of(series.end(), STEP, new double[horizon], levels, rows);
            }

            @Override
            public ForecastModel update(double[] values) {
                return this;
            }

            @Override
            public FitSummary summary() {
                throw new UnsupportedOperationException("not asked for");
            }
        };
    }
}
