package dev.shadow.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.forecast.evaluate.Accuracy;
import dev.shadow.forecast.evaluate.BackTest;
import dev.shadow.forecast.evaluate.BackTestPlan;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import dev.shadow.tck.property.SeededTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the accuracy on real series and the coverage on series whose noise is known. */
final class AccuracyTest {
    private static final FitOptions DAILY = new FitOptions(1, OptionalInt.of(288), 0, Double.POSITIVE_INFINITY);
    private static final List<Double> LEVELS = List.of(0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95);

    /** The first repeats its day almost to the minute, which is what the seasonal naive can do. */
    @ParameterizedTest
    @CsvSource({"bitbrains-daily, 1.0", "bitbrains-irregular, 0.92", "nab-ec2-cpu, 0.75"})
    void beatsTheSeasonalNaiveOnRealMachines(String name, double share) throws ForecastException {
        BackTestPlan plan = new BackTestPlan(1440, 12, 36, 24, LEVELS);
        TimeSeries series = RealSeries.load(name);

        Accuracy standard = run(Forecasters.standard(), DAILY, plan, series);
        Accuracy naive = run(Forecasters.seasonalNaive(), DAILY, plan, series);

        assertThat(standard.pinball()).isLessThan(share * naive.pinball());
        assertThat(standard.inside()).isBetween(0.84, 0.99);
    }

    @SeededTest(runs = 6)
    void coversIndependentNoiseAroundASeason(RandomGenerator random) throws ForecastException {
        double[] values = new double[1500];
        Arrays.setAll(values, t -> 40 + 15 * Math.sin(2 * Math.PI * t / 48) + 4 * random.nextGaussian());
        assertCovers(values, 48, 24);
    }

    @SeededTest(runs = 6)
    void coversAnAutoregressiveProcess(RandomGenerator random) throws ForecastException {
        double[] values = new double[1500];
        double state = 0;
        for (int t = 0; t < values.length; t++) {
            state = 0.8 * state + random.nextGaussian();
            values[t] = 50 + state;
        }
        assertCovers(values, 2, 12);
    }

    /** Nominal 80 and 90 percent. The margin is that of 500 correlated outcomes. */
    private static void assertCovers(double[] values, int season, int horizon) throws ForecastException {
        FitOptions options =
                new FitOptions(1, OptionalInt.of(season), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        BackTestPlan plan = new BackTestPlan(900, 5, horizon, 40, LEVELS);
        TimeSeries series = TimeSeries.of(Instant.EPOCH, Duration.ofMinutes(30), values);

        Accuracy report = run(Forecasters.standard(), options, plan, series);

        assertThat(report.inside()).isBetween(0.83, 0.96);
        assertThat(report.below().get(5) - report.below().get(1)).isBetween(0.71, 0.89);
        assertThat(report.below().get(3)).isBetween(0.38, 0.62);
    }

    private static Accuracy run(Forecaster forecaster, FitOptions options, BackTestPlan plan, TimeSeries series)
            throws ForecastException {
        return BackTest.of(forecaster, options, plan).run(series).overall();
    }
}
