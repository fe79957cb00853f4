package dev.shadow.forecast.stream;

import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.Forecast;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What the tests of streams share. */
final class Streams {
    static final Instant START = Instant.parse("2024-03-01T00:00:00Z");
    static final Duration STEP = Duration.ofMinutes(5);
    static final double[] LEVELS = {0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99};

    private Streams() {}

    static DemandStream opened(int season) {
        return DemandStream.open(START, STEP, unbounded(season));
    }

    static FitOptions unbounded(int season) {
        OptionalInt phases = season > 1 ? OptionalInt.of(season) : OptionalInt.empty();
        return new FitOptions(1, phases, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    static DemandStream fed(int season, double... values) {
        DemandStream stream = opened(season);
        feed(stream, values);
        return stream;
    }

    static void feed(DemandStream stream, double... values) {
        for (double value : values) {
            stream.update(value);
        }
    }

    /** All numbers of a forecast, and its start. */
    static List<Object> numbers(Forecast forecast) {
        List<Object> numbers = new ArrayList<>(List.of(forecast.start()));
        for (int h = 0; h < forecast.horizon(); h++) {
            numbers.add(forecast.mean(h));
            for (int q = 0; q < forecast.levels().length; q++) {
                numbers.add(forecast.quantile(h, q));
            }
        }
        return numbers;
    }
}
