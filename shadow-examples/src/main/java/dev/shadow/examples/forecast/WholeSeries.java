package dev.shadow.examples.forecast;

import dev.shadow.spi.metrics.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts the tasks of one series, each a stretch of values that ends at its origin, together again. Origins count steps
 * from the start of the series; a task without one is a series from its start. Owned by one thread.
 */
final class WholeSeries {
    private final Map<String, Whole> wholes = new TreeMap<>();
    private int season = 1;

    private static final class Whole {
        private final Duration step;
        private double[] values = new double[0];

        private Whole(Duration step) {
            this.step = step;
        }

        private void put(TimeSeries part, int end) {
            int before = values.length;
            if (end > before) {
                values = Arrays.copyOf(values, end);
                Arrays.fill(values, before, end, Double.NaN);
            }
            System.arraycopy(part.values(), 0, values, end - part.size(), part.size());
        }
    }

    /** Adds a task; its season counts if it is the longest so far. */
    void add(ForecastTask task) {
        Whole whole = wholes.computeIfAbsent(
                task.series(), id -> new Whole(task.history().step()));
        whole.put(task.history(), end(task));
        season = Math.max(season, task.season());
    }

    /** The origin, where the id tells one that the values fit before; else the number of values. */
    private static int end(ForecastTask task) {
        String origin =
                task.id().substring(Math.min(task.id().length(), task.series().length() + 1));
        int size = task.history().size();
        try {
            int end = Integer.parseInt(origin);
            return end >= size && end <= TaskReader.MOST_VALUES ? end : size;
        } catch (NumberFormatException e) {
            return size;
        }
    }

    /** The longest season of a task, 1 for none. */
    int season() {
        return season;
    }

    /** The series in the order of their names, from the epoch. */
    List<TimeSeries> all() {
        return wholes.values().stream()
                .map(whole -> TimeSeries.of(Instant.EPOCH, whole.step, whole.values))
                .toList();
    }
}
