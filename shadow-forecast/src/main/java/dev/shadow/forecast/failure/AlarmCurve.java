package dev.shadow.forecast.failure;

import dev.shadow.spi.InvalidValueException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many alarms found how many failures at every threshold worth having, counted on units that the judging trees had
 * not seen. Between two failures a lower threshold only adds false alarms, so there is a point per failure at most.
 */
public final class AlarmCurve {
    private final int rows;
    private final int failures;
    private final List<Point> points;

    /**
     * What one threshold would have done.
     *
     * @param threshold an alarm is a probability of at least this; infinite for no alarm
     * @param alarms rows with an alarm
     * @param found those of them that failed
     */
    public record Point(double threshold, int alarms, int found) {
        /** No alarm at all. */
        public static final Point NONE = new Point(Double.POSITIVE_INFINITY, 0, 0);

        public Point {
            if (!(threshold >= 0)) {
                throw new InvalidValueException("threshold", Double.toString(threshold), "be at least 0");
            }
            if (found < 0 || found > alarms) {
                throw new InvalidValueException("found", Integer.toString(found), "be from 0 to " + alarms);
            }
        }
    }

    AlarmCurve(int rows, int failures, List<Point> points) {
        this.rows = rows;
        this.failures = failures;
        this.points = List.copyOf(points);
    }

    static AlarmCurve of(double[] probabilities, boolean[] failed) {
        int[] order = IntStream.range(0, failed.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -probabilities[i]))
                .mapToInt(i -> i)
                .toArray();
        Point[] points = new Point[failed.length];
        int count = 0;
        int found = 0;
        int foundBefore = 0;
        for (int i = 0; i < order.length; i++) {
            found += failed[order[i]] ? 1 : 0;
            boolean tied = i + 1 < order.length && probabilities[order[i + 1]] == probabilities[order[i]];
            if (!tied && found > foundBefore) {
                points[count++] = new Point(probabilities[order[i]], i + 1, found);
                foundBefore = found;
            }
        }
        return new AlarmCurve(failed.length, found, List.of(Arrays.copyOf(points, count)));
    }

    /** Rows judged. */
    public int rows() {
        return rows;
    }

    /** Those of them that failed. */
    public int failures() {
        return failures;
    }

    /** From the highest threshold to the lowest. */
    public List<Point> points() {
        return points;
    }

    /**
     * The threshold that would have cost least; {@link Point#NONE} if that was cheaper than any. Prefer {@link
     * AlarmCosts#threshold} when the probabilities can be trusted; this one makes no use of them, but is only as good as
     * the failures are many.
     */
    public Point cheapest(AlarmCosts costs) {
        Point best = Point.NONE;
        for (Point point : points) {
            best = cost(point, costs) < cost(best, costs) ? point : best;
        }
        return best;
    }

    /**
     * The lowest threshold with at most a share of the rows alarmed, for those who can only act on so many; {@link
     * Point#NONE} if even the highest has more.
     *
     * @param share of all rows, 0 to 1
     */
    public Point within(double share) {
        TreeShape.inside("share", share, 0, 1);
        Point best = Point.NONE;
        for (Point point : points) {
            best = point.alarms() <= share * rows ? point : best;
        }
        return best;
    }

    /** What a threshold would have cost, a row on average. */
    public double cost(Point point, AlarmCosts costs) {
        return (point.alarms() * costs.alarm()
                        + point.found() * costs.foreseenFailure()
                        + (failures - point.found()) * costs.unforeseenFailure())
                / rows;
    }
}
