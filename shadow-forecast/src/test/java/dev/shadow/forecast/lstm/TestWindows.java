package dev.shadow.forecast.lstm;

import dev.shadow.spi.metrics.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Seeded series, and windows drawn from them. */
final class TestWindows {
    private TestWindows() {}

    /** Waves of 48 steps with noise, bursts, gaps and sizes from thousandths to millions. */
    static List<TimeSeries> series(int count, int length) {
        List<TimeSeries> all = new ArrayList<>();
        for (int s = 0; s < count; s++) {
            SplittableRandom random = new SplittableRandom(s);
            double size = Math.pow(10, s % 10 - 3);
            double[] values = new double[length];
            for (int t = 0; t < length; t++) {
                double burst = random.nextInt(40) == 0 ? 5 * random.nextDouble() : 0;
                double value = 3 + Math.sin(2 * Math.PI * t / 48) + 0.2 * random.nextGaussian() + burst;
                values[t] = random.nextInt(50) == 0 ? Double.NaN : size * value;
            }
            all.add(TimeSeries.of(Instant.parse("2026-01-01T00:00:00Z"), Duration.ofMinutes(30), values));
        }
        return all;
    }

    static Windows drawn(int rows, long seed) {
        Windows windows = new Windows(rows);
        TrainingSet.of(series(5, 500), 48, 0.1, true)
                .drawTraining(new SplittableRandom(seed), new WindowReader(), windows);
        return windows;
    }
}
