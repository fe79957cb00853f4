package dev.shadow.sync.internal;

import dev.shadow.spi.InvalidValueException;
import java.time.Duration;

/** Refuses values of a configuration that are out of their range. */
public final class Bounds {
    private Bounds() {}

    /** Refuses a number outside {@code min} to {@code max}. */
    public static void range(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new InvalidValueException(field, Long.toString(value), "be from " + min + " to " + max);
        }
    }

    /** Refuses a time of zero or less. */
    public static void positive(String field, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new InvalidValueException(field, value.toString(), "be more than zero");
        }
    }

    /** Refuses a time below {@code least}. */
    public static void notBelow(String field, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            throw new InvalidValueException(field, value.toString(), "be at least " + least);
        }
    }
}
