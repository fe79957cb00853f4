package dev.shadow.benchmarks.forecast;

import dev.shadow.forecast.Forecasters;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.Forecast;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a manager pays per virtual machine: a fit now and then, and an update with a forecast at every sample. The
 * history is fourteen seasons of a busy machine: a daily wave, slow drift, and bursts.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ForecastBenchmark {
    private static final int SEASONS = 14;
    private static final int HORIZON = 36;
    private static final double[] LEVELS = {0.05, 0.1, 0.5, 0.9, 0.95};

    /** The methods that compete. */
    public enum Method {
        /** The default. */
        STANDARD,
        /** The baseline. */
        SEASONAL_NAIVE;

        private Forecaster forecaster() {
            return switch (this) {
                case STANDARD -> Forecasters.standard();
                case SEASONAL_NAIVE -> Forecasters.seasonalNaive();
            };
        }
    }

    @Param
    private Method method = Method.STANDARD;

    @Param({"24", "288"})
    private int season = 288;

    private TimeSeries history = TimeSeries.of(Instant.EPOCH, Duration.ofMinutes(5), new double[0]);
    private FitOptions options = FitOptions.percent(1);
    private Forecaster forecaster = Forecasters.standard();

    @SuppressWarnings("NullAway.Init") // JMH calls the setup first
    private ForecastModel model;

    /** Draws the history and fits the model that is updated. */
    @Setup
    public void fitOnce() throws ForecastException {
        SplittableRandom random = new SplittableRandom(1);
        double[] values = new double[SEASONS * season];
        double drift = 0;
        for (int t = 0; t < values.length; t++) {
            drift = 0.98 * drift + random.nextGaussian();
            double burst = random.nextInt(50) == 0 ? 30 * random.nextDouble() : 0;
            double wave = 40 + 20 * Math.sin(2 * Math.PI * t / season);
            values[t] = Math.max(0, Math.min(100, wave + drift + burst + random.nextGaussian()));
        }
        history = TimeSeries.of(Instant.EPOCH, Duration.ofMinutes(5), values);
        options = new FitOptions(1, OptionalInt.of(season), 0, 100);
        forecaster = method.forecaster();
        model = forecaster.fit(history, options);
    }

    /** Fits to the whole history. */
    @Benchmark
    public ForecastModel fit() throws ForecastException {
        return forecaster.fit(history, options);
    }

    /** Takes one sample and forecasts three hours of five minutes. */
    @Benchmark
    public Forecast updateAndForecast() {
        return model.update(new double[] {42}).forecast(HORIZON, LEVELS);
    }
}
