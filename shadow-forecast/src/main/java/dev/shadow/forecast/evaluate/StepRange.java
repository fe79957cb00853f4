package dev.shadow.forecast.evaluate;

import dev.shadow.spi.InvalidValueException;
import java.util.ArrayList;
import java.util.List;

/**
 * Some neighbouring steps of a forecast.
 *
 * @param first the nearest step, counted from 1
 * @param last the farthest step, included; not before {@code first}
 */
public record StepRange(int first, int last) {
    private static final int GROWTH = 4;

    public StepRange {
        if (first < 1) {
            throw new InvalidValueException("first", Integer.toString(first), "be at least 1");
        }
        if (last < first) {
            throw new InvalidValueException("last", Integer.toString(last), "not be before first, " + first);
        }
    }

    /**
     * Returns the ranges that end at {@code ends}, the first from step 1 and each other behind the one before.
     *
     * @param ends at least 1, strictly increasing
     */
    public static List<StepRange> endingAt(List<Integer> ends) {
        List<StepRange> ranges = new ArrayList<>();
        int next = 1;
        for (int end : ends) {
            ranges.add(new StepRange(next, end));
            next = end + 1;
        }
        return List.copyOf(ranges);
    }

    /** Returns the ranges 1, 2 to 4, 5 to 16 and so on, of which the last ends at {@code horizon}. */
    public static List<StepRange> widening(int horizon) {
        List<Integer> ends = new ArrayList<>();
        for (long end = 1; end < horizon; end *= GROWTH) {
            ends.add((int) end);
        }
        ends.add(horizon);
        return endingAt(ends);
    }

    boolean contains(int step) {
        return step >= first && step <= last;
    }

    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + ".." + last;
    }
}
