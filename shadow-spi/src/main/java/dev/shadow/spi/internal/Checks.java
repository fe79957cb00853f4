package dev.shadow.spi.internal;

import dev.shadow.spi.InvalidValueException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Argument checks of the model records; each throws {@link InvalidValueException} on a refused value. */
public final class Checks {
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private Checks() {}

    /** Returns {@code value} if it can safely be part of a path, a URL and a log line. */
    public static String identifier(String field, @Nullable String value) {
        if (value == null || !IDENTIFIER.matcher(value).matches()) {
            throw refused(
                    field, value, "be 1 to 128 letters, digits, '.', '_' or '-', starting with a letter or a digit");
        }
        return value;
    }

    /** Returns {@code value} if it is not blank and at most {@code max} characters long. */
    public static String text(String field, @Nullable String value, int max) {
        if (value == null || value.isBlank() || value.length() > max) {
            throw refused(field, value, "be 1 to " + max + " characters and not blank");
        }
        return value;
    }

    /** Returns {@code value} if it lies in the closed range. */
    public static long range(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw refused(field, value, allowedRange(min, max));
        }
        return value;
    }

    /** Returns {@code value} if it lies in the closed range. */
    public static int range(String field, int value, int min, int max) {
        return (int) range(field, (long) value, (long) min, (long) max);
    }

    private static String allowedRange(long min, long max) {
        return max == Long.MAX_VALUE ? "be at least " + min : "be from " + min + " to " + max;
    }

    /** Returns {@code value} if it lies in the closed range; NaN is refused. */
    public static double range(String field, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw refused(
                    field,
                    value,
                    max == Double.MAX_VALUE
                            ? "be a finite number of at least " + min
                            : "be from " + min + " to " + max);
        }
        return value;
    }

    /** Returns {@code value} if it lies in the open interval; NaN is refused. */
    public static double inside(String field, double value, double low, double high) {
        if (!(value > low && value < high)) {
            throw refused(field, value, "lie between " + low + " and " + high + ", both excluded");
        }
        return value;
    }

    /** Returns {@code value} if it is a finite number. */
    public static double finite(String field, double value) {
        if (!Double.isFinite(value)) {
            throw refused(field, value, "be a finite number");
        }
        return value;
    }

    /** Returns {@code value} if it is zero or more. */
    public static Duration notNegative(String field, @Nullable Duration value) {
        if (value == null || value.isNegative()) {
            throw refused(field, value, "be zero or more");
        }
        return value;
    }

    /** Returns {@code value} if it is more than zero. */
    public static Duration positive(String field, @Nullable Duration value) {
        if (value == null || value.isNegative() || value.isZero()) {
            throw refused(field, value, "be more than zero");
        }
        return value;
    }

    /** Returns {@code value} if it is there. */
    public static <T> T present(String field, @Nullable T value) {
        if (value == null) {
            throw refused(field, null, "be given");
        }
        return value;
    }

    /** Returns an unmodifiable copy of {@code values}, none of which may be missing. */
    public static <T> List<T> list(String field, @Nullable List<? extends T> values) {
        List<? extends T> list = present(field, values);
        for (int i = 0; i < list.size(); i++) {
            present(field + "[" + i + "]", list.get(i));
        }
        return List.copyOf(list);
    }

    /** Returns the exception for a refused value; the caller throws it. */
    public static InvalidValueException refused(String field, @Nullable Object value, String allowed) {
        return new InvalidValueException(field, quoted(value), allowed);
    }

    private static String quoted(@Nullable Object value) {
        if (value == null) {
            return "missing";
        }
        String text = Objects.toString(value);
        return value instanceof String
                ? "\"" + (text.length() > 160 ? text.substring(0, 160) + "..." : text) + "\""
                : text;
    }
}
