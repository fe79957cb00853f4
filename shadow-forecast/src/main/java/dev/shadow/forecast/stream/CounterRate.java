package dev.shadow.forecast.stream;

import dev.shadow.spi.InvalidValueException;

/**
 * Turns readings of a counter that only rises into rates per second.
 *
 * <p>A reading below the one before is a wrap, if the rise through the counter's end is at most half of its range and not
 * faster than the greatest plausible rate; otherwise the counter was reset at some unknown time, which gives no rate. The first reading gives none either, and neither does one that is not later than the one before, which is left
 * out. Negative readings of a 64-bit counter are unsigned. Not thread-safe.
 */
public final class CounterRate {
    private final Width width;
    private final double greatestPerSecond;
    private boolean started;
    private long lastNanos;
    private long last;
    private long wraps;
    private long resets;
    private long notLater;

    /** How wide a counter is. */
    public enum Width {
        /** Counts from 0 to 2^32 - 1 and then from 0 again. */
        BITS_32,
        /** Counts from 0 to 2^64 - 1 and then from 0 again. */
        BITS_64,
        /** Never wraps: below its last reading it was reset. */
        UNLIMITED
    }

    private CounterRate(Width width, double greatestPerSecond) {
        this.width = width;
        this.greatestPerSecond = greatestPerSecond;
    }

    /**
     * Returns a converter that has seen no reading.
     *
     * @param greatestPerSecond the greatest plausible rate, such as the speed of the link, above 0; tells a wrap of a
     *     narrow counter from a reset; positive infinity if none is known
     * @throws InvalidValueException if the rate is not above 0
     */
    public static CounterRate of(Width width, double greatestPerSecond) {
        if (!(greatestPerSecond > 0)) {
            throw new InvalidValueException("greatestPerSecond", Double.toString(greatestPerSecond), "be above 0");
        }
        return new CounterRate(width, greatestPerSecond);
    }

    /**
     * Takes a reading.
     *
     * @param atNanos when it was taken, on any clock in nanoseconds
     * @param reading what the counter showed
     * @return rise per second since the reading before, at least 0; NaN if it is not known
     * @throws InvalidValueException if the counter cannot show that
     */
    public double rate(long atNanos, long reading) {
        if (width == Width.BITS_32 ? reading < 0 || reading > 0xFFFF_FFFFL : width == Width.UNLIMITED && reading < 0) {
            throw new InvalidValueException("reading", Long.toString(reading), "be within the counter's range");
        }
        if (!started) {
            started = true;
            keep(atNanos, reading);
            return Double.NaN;
        }
        double seconds = ((double) atNanos - lastNanos) / 1e9;
        if (atNanos <= lastNanos) {
            notLater++;
            return Double.NaN;
        }
        double rise = rise(reading, seconds);
        keep(atNanos, reading);
        return rise / seconds;
    }

    private void keep(long atNanos, long reading) {
        lastNanos = atNanos;
        last = reading;
    }

    private double rise(long reading, double seconds) {
        if (Long.compareUnsigned(reading, last) >= 0) {
            return unsigned(reading - last);
        }
        long through = width == Width.BITS_32 ? (reading - last) & 0xFFFF_FFFFL : reading - last;
        long half = width == Width.BITS_32 ? 1L << 31 : Long.MIN_VALUE;
        boolean plausible = unsigned(through) / seconds <= greatestPerSecond;
        if (width != Width.UNLIMITED && plausible && Long.compareUnsigned(through, half) <= 0) {
            wraps++;
            return unsigned(through);
        }
        resets++;
        return Double.NaN;
    }

    private static double unsigned(long value) {
        return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
    }

    /** Readings after which the counter had gone through its end. */
    public long wraps() {
        return wraps;
    }

    /** Readings that showed a reset. */
    public long resets() {
        return resets;
    }

    /** Readings left out because they were not later than the one before. */
    public long notLater() {
        return notLater;
    }
}
