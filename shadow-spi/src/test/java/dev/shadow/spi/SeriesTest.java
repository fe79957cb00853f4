package dev.shadow.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.shadow.spi.forecast.Forecast;
import dev.shadow.spi.metrics.TimeSeries;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SeriesTest {
    private static final Duration STEP = Duration.ofMinutes(5);

    private static TimeSeries series(double... values) {
        return TimeSeries.of(Examples.NOW, STEP, values);
    }

    private static Forecast forecast(double[] mean, double[] levels, double[][] quantiles) {
        return Forecast.of(Examples.NOW, STEP, mean, levels, quantiles);
    }

    @Test
    void seriesCopiesOnTheWayInAndOut() {
        double[] values = {1, 2};
        TimeSeries series = series(values);
        values[0] = 9;
        series.values()[1] = 9;
        assertThat(series.values()).containsExactly(1, 2);
    }

    @Test
    void seriesKnowsItsTimes() {
        TimeSeries series = series(1, 2, 3);
        assertThat(series.timeOf(1)).isEqualTo(Examples.NOW.plus(STEP));
        assertThat(series.end()).isEqualTo(Examples.NOW.plus(STEP.multipliedBy(3)));
        assertThat(series().end()).isEqualTo(Examples.NOW);
    }

    @Test
    void seriesCountsWhatIsThere() {
        assertThat(series(1, Double.NaN, 3).present()).isEqualTo(2);
        assertThat(series(1, Double.NaN, 3).size()).isEqualTo(3);
    }

    @Test
    void equalSeriesAreEqual() {
        assertThat(series(1, Double.NaN)).isEqualTo(series(1, Double.NaN)).hasSameHashCodeAs(series(1, Double.NaN));
        assertThat(series(1)).isNotEqualTo(series(2));
        assertThat(series(1)).isNotEqualTo(TimeSeries.of(Examples.NOW, STEP.plusNanos(1), new double[] {1}));
        assertThat(series(1)).isNotEqualTo(TimeSeries.of(Examples.NOW.plusNanos(1), STEP, new double[] {1}));
    }

    @Test
    void seriesRefusesAnInfiniteValueAndAStepThatIsNone() {
        assertThatThrownBy(() -> series(1, Double.NEGATIVE_INFINITY))
                .hasMessage("values[1] must be finite, or NaN for a missing sample, was -Infinity");
        assertThatThrownBy(() -> TimeSeries.of(Examples.NOW, Duration.ZERO, new double[0]))
                .hasMessage("step must be more than zero, was PT0S");
    }

    @Test
    void forecastCopiesOnTheWayInAndOut() {
        double[] mean = {1};
        double[] levels = {0.5};
        double[][] quantiles = {{1}};
        Forecast forecast = forecast(mean, levels, quantiles);
        mean[0] = 9;
        levels[0] = 0.9;
        quantiles[0][0] = 9;
        forecast.levels()[0] = 0.9;
        assertThat(forecast.mean(0)).isEqualTo(1);
        assertThat(forecast.levels()).containsExactly(0.5);
        assertThat(forecast.quantile(0, 0)).isEqualTo(1);
    }

    @Test
    void forecastKnowsItsTimes() {
        Forecast forecast = forecast(new double[] {1, 2}, new double[0], new double[][] {{}, {}});
        assertThat(forecast.horizon()).isEqualTo(2);
        assertThat(forecast.timeOf(1)).isEqualTo(Examples.NOW.plus(STEP));
    }

    static Stream<Arguments> refusedForecasts() {
        double[] one = {1};
        double[] levels = {0.1, 0.9};
        double[][] row = {{1, 2}};
        return Stream.of(
                arguments(new double[0], levels, new double[0][], "mean.length must be from 1 to 2147483647, was 0"),
                arguments(new double[] {Double.NaN}, levels, row, "mean[0] must be a finite number, was NaN"),
                arguments(one, new double[] {0}, row, "levels[0] must lie between 0.0 and 1.0, both excluded, was 0.0"),
                arguments(
                        one, new double[] {0.5, 0.5}, row, "levels[1] must be above the level before it, 0.5, was 0.5"),
                arguments(one, levels, new double[0][], "quantiles.length must be from 1 to 1, was 0"),
                arguments(one, levels, new double[][] {{1}}, "quantiles[0].length must be from 2 to 2, was 1"),
                arguments(
                        one,
                        levels,
                        new double[][] {{1, Double.POSITIVE_INFINITY}},
                        "quantiles[0][1] must be a finite number, was Infinity"),
                arguments(
                        one,
                        levels,
                        new double[][] {{2, 1}},
                        "quantiles[0][1] must not be below the quantile before it, 2.0, was 1.0"));
    }

    @ParameterizedTest
    @MethodSource("refusedForecasts")
    void forecastSaysWhatItRefuses(double[] mean, double[] levels, double[][] quantiles, String message) {
        assertThatThrownBy(() -> forecast(mean, levels, quantiles))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(message);
    }
}
