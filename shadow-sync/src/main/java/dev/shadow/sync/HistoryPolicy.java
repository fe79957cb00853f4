package dev.shadow.sync;

import dev.shadow.spi.InvalidValueException;
import java.time.Duration;

/**
 * How far back a replica can be activated. A point in time is kept while both limits allow it; what is kept takes about
 * the space of the blocks that changed since.
 *
 * @param points earlier points kept at most, from 0, which keeps none, to {@value #MOST_POINTS}
 * @param age how much older than the newest epoch a point may be, by the source's clock; more than zero if {@code points}
 *     is
 * @param spacing the least time between two points; epochs in between share the point before them. Zero keeps every
 *     epoch, which costs an extra flush and file for each
 */
public record HistoryPolicy(int points, Duration age, Duration spacing) {
    /** Points at most. */
    public static final int MOST_POINTS = 1000;

    /** Only the last committed epoch can be activated. */
    public static final HistoryPolicy NONE = new HistoryPolicy(0, Duration.ZERO, Duration.ZERO);

    public HistoryPolicy {
        if (points < 0 || points > MOST_POINTS) {
            throw new InvalidValueException("points", Integer.toString(points), "be from 0 to " + MOST_POINTS);
        }
        if (age.isNegative() || (points > 0 && age.isZero())) {
            throw new InvalidValueException("age", age.toString(), "be more than zero");
        }
        if (spacing.isNegative()) {
            throw new InvalidValueException("spacing", spacing.toString(), "not be negative");
        }
    }

    /** Returns a policy that keeps the last {@code points} points of at most this age, each at least a second apart. */
    public static HistoryPolicy keep(int points, Duration age) {
        return new HistoryPolicy(points, age, Duration.ofSeconds(1));
    }

    /** Returns this policy with another least time between two points. */
    public HistoryPolicy withSpacing(Duration value) {
        return new HistoryPolicy(points, age, value);
    }
}
