package dev.shadow.benchmarks.forecast;

import dev.shadow.forecast.stream.DemandStream;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.Forecast;
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
 * What one series costs per sample when it is forecast as a stream: a daily wave with slow drift and bursts, of which it
 * has seen at least two seasons. Run with {@code -prof gc}: an update makes no garbage.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StreamBenchmark {
    private static final int HORIZON = 12;
    private static final double[] LEVELS = {0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99};
    private static final int VALUES = 1 << 13;

    @Param({"1", "24", "288", "2016"})
    private int season = 288;

    private final double[] values = new double[VALUES];
    private int next;

    @SuppressWarnings("NullAway.Init") // JMH calls the setup first
    private DemandStream stream;

    /** Draws the values and feeds them once. */
    @Setup
    public void feed() {
        SplittableRandom random = new SplittableRandom(1);
        double drift = 0;
        for (int t = 0; t < VALUES; t++) {
            drift = 0.98 * drift + random.nextGaussian();
            double burst = random.nextInt(50) == 0 ? 30 * random.nextDouble() : 0;
            double wave = 40 + 20 * Math.sin(2 * Math.PI * t / Math.max(288, season));
            values[t] = Math.max(0, Math.min(100, wave + drift + burst + random.nextGaussian()));
        }
        OptionalInt phases = season > 1 ? OptionalInt.of(season) : OptionalInt.empty();
        stream = DemandStream.open(Instant.EPOCH, Duration.ofMinutes(5), new FitOptions(1, phases, 0, 100));
        for (double value : values) {
            stream.update(value);
        }
    }

    /** Takes one sample. */
    @Benchmark
    public void update() {
        stream.update(values[next++ & (VALUES - 1)]);
    }

    /** Takes one sample and forecasts an hour of five minutes. */
    @Benchmark
    public Forecast updateAndForecast() {
        stream.update(values[next++ & (VALUES - 1)]);
        return stream.forecast(HORIZON, LEVELS);
    }
}
