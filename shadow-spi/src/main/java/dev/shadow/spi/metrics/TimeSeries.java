package dev.shadow.spi.metrics;

import dev.shadow.spi.internal.Checks;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;

/**
 * A series of values at a regular step; NaN where a sample is missing. Immutable: arrays are copied on
 * the way in and on the way out.
 */
public final class TimeSeries {
    private final Instant start;
    private final Duration step;
    private final double[] values;

    private TimeSeries(Instant start, Duration step, double[] values) {
        this.start = start;
        this.step = step;
        this.values = values;
    }

    /**
     * Returns a series.
     *
     * @param start time of the first value
     * @param step time between two values, more than zero
     * @param values the values in order, each finite or NaN for a missing sample; may be empty
     * @throws dev.shadow.spi.InvalidValueException if a value is infinite or the step is not positive
     */
    public static TimeSeries of(Instant start, Duration step, double[] values) {
        Checks.present("start", start);
        Checks.positive("step", step);
        double[] copy = Checks.present("values", values).clone();
        for (int i = 0; i < copy.length; i++) {
            if (Double.isInfinite(copy[i])) {
                throw Checks.refused("values[" + i + "]", copy[i], "be finite, or NaN for a missing sample");
            }
        }
        return new TimeSeries(start, step, copy);
    }

    /** Time of the first value. */
    public Instant start() {
        return start;
    }

    /** Time between two values. */
    public Duration step() {
        return step;
    }

    /** Number of values, missing ones included. */
    public int size() {
        return values.length;
    }

    /** The value at {@code index}, NaN if it is missing. */
    public double value(int index) {
        return values[index];
    }

    /** Time of the value at {@code index}, which may lie beyond the end. */
    public Instant timeOf(int index) {
        return start.plus(step.multipliedBy(index));
    }

    /** Time of the first step after the last value. */
    public Instant end() {
        return timeOf(values.length);
    }

    /** A copy of all values. */
    public double[] values() {
        return values.clone();
    }

    /** Number of values that are there. */
    public int present() {
        int present = 0;
        for (double value : values) {
            if (!Double.isNaN(value)) {
                present++;
            }
        }
        return present;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TimeSeries that
                && start.equals(that.start)
                && step.equals(that.step)
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Objects.hash(start, step, Arrays.hashCode(values));
    }

    @Override
    public String toString() {
        return "TimeSeries[start=" + start + ", step=" + step + ", size=" + values.length + "]";
    }
}
