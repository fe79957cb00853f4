package dev.shadow.forecast.evaluate;

import dev.shadow.spi.InvalidValueException;
import java.util.List;

/**
 * From where and how far a back-test forecasts.
 *
 * @param firstOrigin number of values known at the first origin, at least 1
 * @param spacing values from one origin to the next, at least 1
 * @param horizon steps forecast at each origin, at least 1
 * @param refitEvery a model is fitted afresh at every so manieth origin and updated at the others, at least 1
 * @param levels quantile levels between 0 and 1, strictly increasing, at least one
 * @param ranges steps that are also judged apart from the others; may be empty, may overlap
 */
public record BackTestPlan(
        int firstOrigin, int spacing, int horizon, int refitEvery, List<Double> levels, List<StepRange> ranges) {
    public BackTestPlan {
        atLeastOne("firstOrigin", firstOrigin);
        atLeastOne("spacing", spacing);
        atLeastOne("horizon", horizon);
        atLeastOne("refitEvery", refitEvery);
        levels = List.copyOf(levels);
        atLeastOne("levels.size", levels.size());
        double before = 0;
        for (int q = 0; q < levels.size(); q++) {
            double level = levels.get(q);
            if (!(level > before && level < 1)) {
                throw new InvalidValueException(
                        "levels[" + q + "]", Double.toString(level), "lie between " + before + " and 1, both excluded");
            }
            before = level;
        }
        ranges = List.copyOf(ranges);
    }

    /** A plan that judges all steps together. */
    public BackTestPlan(int firstOrigin, int spacing, int horizon, int refitEvery, List<Double> levels) {
        this(firstOrigin, spacing, horizon, refitEvery, levels, List.of());
    }

    /**
     * Returns this plan with its origins as late as {@code size} values allow: the last of {@code origins} is followed
     * by exactly {@code horizon} values.
     *
     * @throws InvalidValueException if so many origins leave no value before the first
     */
    public BackTestPlan lastOrigins(int origins, int size) {
        atLeastOne("origins", origins);
        long last = (long) size - horizon;
        long first = last - (long) spacing * (origins - 1);
        if (first < 1) {
            long most = last < 1 ? 0 : (last - 1) / spacing + 1;
            throw new InvalidValueException(
                    "origins",
                    Integer.toString(origins),
                    "be at most " + most + " for " + size + " values, " + horizon + " steps ahead and " + spacing
                            + " apart");
        }
        return new BackTestPlan((int) first, spacing, horizon, refitEvery, levels, ranges);
    }

    private static void atLeastOne(String field, int value) {
        if (value < 1) {
            throw new InvalidValueException(field, Integer.toString(value), "be at least 1");
        }
    }

    double[] levelArray() {
        return levels.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
