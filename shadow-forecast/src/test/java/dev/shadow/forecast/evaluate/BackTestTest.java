package dev.shadow.forecast.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
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
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class BackTestTest {
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final FitOptions OPTIONS = FitOptions.unbounded(1);

    @Test
    void scoresByHand() throws ForecastException {
        BackTestPlan plan = new BackTestPlan(3, 1, 1, 1, List.of(0.1, 0.5, 0.9));

        BackTestReport report = BackTest.of(always(10, 20, 30), OPTIONS, plan).run(series(1, 3, 7, 25, 31, Double.NaN));

        Accuracy accuracy = report.overall();
        assertThat(report.series()).isEqualTo(1);
        assertThat(report.origins()).isEqualTo(3);
        assertThat(accuracy.steps()).isEqualTo(new StepRange(1, 1));
        assertThat(accuracy.forecasts()).isEqualTo(2);
        assertThat(accuracy.outcomes()).isEqualTo(2);
        assertThat(accuracy.pinball()).isCloseTo((1.5 + 2.5 + 0.5 + 2.1 + 5.5 + 0.9) / 6, within(1e-12));
        assertThat(accuracy.absoluteError()).isEqualTo(8);
        assertThat(accuracy.below()).containsExactly(0.0, 0.0, 0.5);
        assertThat(accuracy.inside()).isEqualTo(0.5);
        assertThat(accuracy.headroom95()).isEmpty();
        // The mean absolute difference is (2 + 4) / 2 before 25 and (2 + 4 + 18) / 3 before 31.
        assertCloseTo(accuracy.mase(), (5 / 3.0 + 11 / 8.0) / 2);
        assertCloseTo(accuracy.scaledPinball(), (4.5 / 3 / 3 + 8.5 / 3 / 8) / 2);
        assertThat(accuracy.smape()).isCloseTo((200 * 5 / 45.0 + 200 * 11 / 51.0) / 2, within(1e-12));
        double relativeMase = (5 / 3.0 + 11 / 8.0) / (18 / 3.0 + 6 / 8.0);
        double relativeSmape = (200 * 5 / 45.0 + 200 * 11 / 51.0) / (200 * 18 / 32.0 + 200 * 6 / 56.0);
        assertCloseTo(accuracy.owa(), (relativeMase + relativeSmape) / 2);
        assertCloseTo(accuracy.relativeError(), Math.sqrt(5 / 18.0 * (11 / 6.0)));
        assertCloseTo(accuracy.weightedPinball(), 2 * (4.5 / 3 + 8.5 / 3) / (25 + 31));
        IntervalAccuracy interval = accuracy.interval(0.8).orElseThrow();
        assertThat(interval.coverage()).isEqualTo(0.5);
        assertCloseTo(interval.msis(), (20 / 3.0 + (20 + 2 / 0.2 * 1) / 8) / 2);
        assertThat(accuracy.intervals()).hasSize(1);
    }

    @Test
    void judgesRangesOfStepsApart() throws ForecastException {
        BackTestPlan plan = new BackTestPlan(2, 1, 3, 1, List.of(0.5, 0.95), StepRange.endingAt(List.of(1, 3)));

        BackTestReport report = BackTest.of(always(5, 9), OPTIONS, plan).run(series(1, 2, 4, 8, 16));

        assertThat(report.ranges())
                .extracting(Accuracy::steps, Accuracy::outcomes, Accuracy::forecasts)
                .containsExactly(tuple(new StepRange(1, 1), 3L, 3), tuple(new StepRange(2, 3), 3L, 2));
        assertThat(report.ranges().get(0).absoluteError()).isCloseTo((1 + 3 + 11) / 3.0, within(1e-12));
        assertThat(report.ranges().get(1).absoluteError()).isCloseTo(((3 + 11) / 2.0 + 11) / 2, within(1e-12));
        assertThat(report.overall().outcomes()).isEqualTo(6);
        assertCloseTo(
                report.overall().headroom95(),
                ((5 + 1 - 7) / 3.0 + (1 - 7) / 2.0 - 7) / ((4 + 8 + 16) / 3.0 + (8 + 16) / 2.0 + 16));
    }

    @Test
    void putsTheLastOriginsAsLateAsTheValuesAllow() {
        BackTestPlan plan = new BackTestPlan(1, 5, 4, 1, List.of(0.5));

        assertThat(plan.lastOrigins(3, 20).firstOrigin()).isEqualTo(6);
        assertThat(plan.lastOrigins(4, 20).firstOrigin()).isEqualTo(1);
        assertThatThrownBy(() -> plan.lastOrigins(5, 20))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("origins must be at most 4 for 20 values, 4 steps ahead and 5 apart, was 5");
        assertThatThrownBy(() -> plan.lastOrigins(1, 4)).hasMessageContaining("at most 0 for 4 values");
    }

    @Test
    void widensTheRangesUpToTheHorizon() {
        assertThat(StepRange.widening(1)).containsExactly(new StepRange(1, 1));
        assertThat(StepRange.widening(12))
                .containsExactly(new StepRange(1, 1), new StepRange(2, 4), new StepRange(5, 12));
        assertThat(StepRange.widening(Integer.MAX_VALUE)).hasSize(17);
        assertThatThrownBy(() -> StepRange.endingAt(List.of(3, 3))).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> StepRange.endingAt(List.of(0))).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void givesNoScaledFigureWhereTheScaleIsZero() throws ForecastException {
        BackTestPlan plan = new BackTestPlan(3, 1, 1, 1, List.of(0.5));

        BackTestReport report = BackTest.of(always(4), OPTIONS, plan).run(series(4, 4, 4, 5));

        assertThat(report.overall().unscaled()).isEqualTo(1);
        assertThat(report.overall().mase()).isEmpty();
        assertThat(report.overall().owa()).isEmpty();
        assertThat(report.overall().scaledPinball()).isEmpty();
        assertThat(report.overall().absoluteError()).isEqualTo(1);
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

    private static void assertCloseTo(OptionalDouble actual, double expected) {
        assertThat(actual.orElseThrow()).isCloseTo(expected, within(1e-12));
    }

    private static FitOptions seasonal(int season) {
        return new FitOptions(1, OptionalInt.of(season), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
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
