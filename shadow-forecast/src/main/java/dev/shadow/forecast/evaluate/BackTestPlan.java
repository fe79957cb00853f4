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
 */
public record BackTestPlan(int firstOrigin, int spacing, int horizon, int refitEvery, List<Double> levels) {
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
