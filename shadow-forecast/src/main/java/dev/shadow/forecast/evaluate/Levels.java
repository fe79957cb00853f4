package dev.shadow.forecast.evaluate;

import java.util.ArrayList;
import java.util.List;

/** The quantile levels of a plan and what they are used for. */
final class Levels {
    private static final double SAME = 1e-9;
    private static final double SAFE = 0.95;

    /** Two levels that add up to 1. */
    record Interval(int low, int high, double alpha) {}

    final double[] values;
    /** Index of the level nearest to the median. */
    final int middle;
    /** Index of the level 0.95, or -1. */
    final int safe;

    final List<Interval> intervals;

    Levels(double[] values) {
        this.values = values;
        int nearest = 0;
        for (int q = 1; q < values.length; q++) {
            if (Math.abs(values[q] - 0.5) < Math.abs(values[nearest] - 0.5)) {
                nearest = q;
            }
        }
        this.middle = nearest;
        this.safe = indexOf(SAFE);
        List<Interval> found = new ArrayList<>();
        for (int low = 0; low < values.length && values[low] < 0.5 - SAME; low++) {
            int high = indexOf(1 - values[low]);
            if (high >= 0) {
                found.add(new Interval(low, high, 2 * values[low]));
            }
        }
        this.intervals = List.copyOf(found);
    }

    private int indexOf(double level) {
        for (int q = 0; q < values.length; q++) {
            if (Math.abs(values[q] - level) < SAME) {
                return q;
            }
        }
        return -1;
    }
}
