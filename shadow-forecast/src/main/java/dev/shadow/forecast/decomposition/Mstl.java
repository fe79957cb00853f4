package dev.shadow.forecast.decomposition;

import dev.shadow.spi.InvalidValueException;
import java.util.Arrays;

/**
 * Several seasons taken out of a series one after another by {@link Stl}, twice, each from the series without the others
 * (Bandara, Hyndman, Bergmeir, International Journal of Operational Research, 2022).
 */
public final class Mstl {
    private Mstl() {}

    /**
     * The seasons, one row per period.
     *
     * @param values NaN where missing
     * @param periods steps in one season, increasing, each below half of the length
     */
    public static double[][] seasons(double[] values, int... periods) {
        double[] rest = Bridged.of(values);
        double[][] seasons = new double[periods.length][values.length];
        for (int i = 1; i < periods.length; i++) {
            if (periods[i] <= periods[i - 1]) {
                throw new InvalidValueException("periods", Arrays.toString(periods), "be increasing");
            }
        }
        for (int pass = 0; pass < (periods.length > 1 ? 2 : 1); pass++) {
            for (int i = 0; i < periods.length; i++) {
                for (int t = 0; t < rest.length; t++) {
                    rest[t] += seasons[i][t];
                }
                seasons[i] = Stl.of(periods[i], 11 + 4 * i).decompose(rest).seasonal();
                for (int t = 0; t < rest.length; t++) {
                    rest[t] -= seasons[i][t];
                }
            }
        }
        return seasons;
    }
}
