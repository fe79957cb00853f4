package dev.shadow.forecast.stream;

import dev.shadow.spi.InvalidValueException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.DoubleConsumer;

/**
 * Turns samples with times, irregular and not quite in order, into one value per step.
 *
 * <p>A step takes the samples from its time on, up to and not including the next step's. It stays open while the newest
 * sample lies less than the lateness beyond its end, or until {@link #advance} says that the time has come; then its value
 * goes out, NaN for a step without a sample, and later samples of it are dropped. Of samples with one and the same time
 * in an open step, the first counts. A gap is told as that many NaN, unless it exceeds the longest: then the grid starts
 * anew at the sample behind it, and {@link #restarts} tells, since a series with such a hole is better begun again.
 *
 * <p>Memory is bounded by the lateness and the samples kept per step; more samples in a step than that still count, but
 * duplicates among them are not known. Infinite samples are dropped. Everything dropped is counted. Not thread-safe.
 */
public final class Resampler {
    private static final int MOST_OPEN = 4096;
    private static final int TIMES_KEPT = 16;
    private static final Duration LONGEST_STEP = Duration.ofDays(1);
    private static final Duration FARTHEST = Duration.ofDays(36_500);

    private final long stepNanos;
    private final long latenessNanos;
    private final int longestGap;
    private final Rule rule;
    private final Instant origin;
    /** Open steps in a ring, by step number. */
    private final int open;

    private final double[] values;
    private final int[] counts;
    private final long[] lastTimes;
    private final long[] times;
    private boolean started;
    /** Number of the first open step. */
    private long first;

    private long newest;
    private long taken;
    private long late;
    private long duplicates;
    private long unusable;
    private long gaps;
    private long restarts;

    /** What a step's value is made of. */
    public enum Rule {
        /** The mean of its samples. */
        MEAN,
        /** The greatest of its samples. */
        MAX,
        /** The sample with the latest time. */
        LAST
    }

    private Resampler(Instant origin, Duration step, Duration lateness, int longestGap, Rule rule) {
        this.origin = origin;
        this.stepNanos = step.toNanos();
        this.latenessNanos = lateness.toNanos();
        this.longestGap = longestGap;
        this.rule = rule;
        open = (int) (latenessNanos / stepNanos) + 2;
        values = new double[open];
        counts = new int[open];
        lastTimes = new long[open];
        times = new long[open * TIMES_KEPT];
    }

    /**
     * Returns a resampler.
     *
     * @param origin a time at which a step begins; samples lie within 36,500 days of it
     * @param step length of a step, more than zero, at most a day
     * @param lateness how much later than a newer one a sample may come, at most 4094 steps
     * @param longestGap steps without a sample after which the grid starts anew, at least 1
     * @throws InvalidValueException if an argument is out of its range
     */
    public static Resampler of(Instant origin, Duration step, Duration lateness, int longestGap, Rule rule) {
        if (step.isNegative() || step.isZero() || step.compareTo(LONGEST_STEP) > 0) {
            throw new InvalidValueException("step", step.toString(), "be more than zero and at most a day");
        }
        if (lateness.isNegative() || lateness.dividedBy(step) > MOST_OPEN - 2) {
            throw new InvalidValueException(
                    "lateness", lateness.toString(), "be from zero to " + (MOST_OPEN - 2) + " steps");
        }
        if (longestGap < 1) {
            throw new InvalidValueException("longestGap", Integer.toString(longestGap), "be at least 1");
        }
        return new Resampler(origin, step, lateness, longestGap, rule);
    }

    /**
     * Takes a sample, and hands over the values of steps that it closes, oldest first.
     *
     * @param value what was measured; NaN and infinite ones are dropped
     * @throws InvalidValueException if the time is more than 36,500 days from the origin
     */
    public void sample(Instant at, double value, DoubleConsumer out) {
        long nanos = nanos(at);
        if (!Double.isFinite(value)) {
            unusable++;
            return;
        }
        long number = Math.floorDiv(nanos, stepNanos);
        if (!started) {
            begin(number, nanos);
        }
        if (number < first) {
            late++;
            return;
        }
        if (number - Math.floorDiv(newest, stepNanos) > longestGap) {
            closeUpTo(Math.floorDiv(newest, stepNanos) + 1, out);
            begin(number, nanos);
            restarts++;
        }
        if (nanos > newest) {
            newest = nanos;
            closeUpTo(Math.floorDiv(newest - latenessNanos, stepNanos), out);
        }
        take(number, nanos, value);
    }

    /** Hands over the values of all steps whose lateness has run out at {@code now}, also those without a sample. */
    public void advance(Instant now, DoubleConsumer out) {
        long nanos = nanos(now);
        if (started && nanos > newest) {
            long until = Math.floorDiv(nanos - latenessNanos, stepNanos);
            long most = Math.floorDiv(newest, stepNanos) + 1 + longestGap;
            closeUpTo(Math.min(until, most), out);
        }
    }

    private long nanos(Instant at) {
        Duration since = Duration.between(origin, at);
        if (since.abs().compareTo(FARTHEST) > 0) {
            throw new InvalidValueException("at", at.toString(), "be within 36500 days of the origin " + origin);
        }
        return since.toNanos();
    }

    private void begin(long number, long nanos) {
        started = true;
        first = number;
        newest = nanos;
        Arrays.fill(counts, 0);
    }

    private void closeUpTo(long number, DoubleConsumer out) {
        for (; first < number; first++) {
            int slot = slot(first);
            gaps += counts[slot] == 0 ? 1 : 0;
            out.accept(counts[slot] == 0 ? Double.NaN : values[slot]);
            counts[slot] = 0;
        }
    }

    private int slot(long number) {
        return (int) Math.floorMod(number, (long) open);
    }

    private void take(long number, long nanos, double value) {
        int slot = slot(number);
        int count = counts[slot];
        int known = slot * TIMES_KEPT;
        for (int i = known; i < known + Math.min(count, TIMES_KEPT); i++) {
            if (times[i] == nanos) {
                duplicates++;
                return;
            }
        }
        if (count < TIMES_KEPT) {
            times[known + count] = nanos;
        }
        taken++;
        counts[slot] = Math.min(count, Integer.MAX_VALUE - 1) + 1;
        boolean latest = count == 0 || nanos > lastTimes[slot];
        lastTimes[slot] = latest ? nanos : lastTimes[slot];
        values[slot] = count == 0 ? value : combined(values[slot], value, counts[slot], latest);
    }

    private double combined(double before, double value, int count, boolean latest) {
        return switch (rule) {
            case MEAN -> before + (value / count - before / count);
            case MAX -> Math.max(before, value);
            case LAST -> latest ? value : before;
        };
    }

    /** Time of the step whose value comes out next; the origin if no sample came yet. */
    public Instant next() {
        return started ? origin.plusNanos(Math.multiplyExact(first, stepNanos)) : origin;
    }

    /** Samples that went into a step. */
    public long taken() {
        return taken;
    }

    /** Samples dropped because their step was closed. */
    public long late() {
        return late;
    }

    /** Samples dropped because the same time had been seen. */
    public long duplicates() {
        return duplicates;
    }

    /** Samples dropped because they were not finite. */
    public long unusable() {
        return unusable;
    }

    /** Steps that went out without a sample. */
    public long gaps() {
        return gaps;
    }

    /** How often the grid started anew behind too long a gap. */
    public long restarts() {
        return restarts;
    }
}
