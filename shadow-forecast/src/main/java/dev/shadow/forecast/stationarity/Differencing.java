package dev.shadow.forecast.stationarity;

import dev.shadow.forecast.decomposition.Stl;
import java.util.Arrays;

/** How often a series must be differenced until it is stationary. Missing values, NaN, are left out or bridged. */
public final class Differencing {
    private static final double STRONG_SEASON = 0.64;

    private Differencing() {}

    /** The test that decides. All run at 5 percent. */
    public enum Test {
        /** {@link UnitRootTests#kpss} around a level. */
        KPSS,
        /** {@link UnitRootTests#augmentedDickeyFuller} around a level with one lag. */
        AUGMENTED_DICKEY_FULLER,
        /** {@link UnitRootTests#phillipsPerron}. */
        PHILLIPS_PERRON
    }

    /** Number of ordinary differences, at most {@code most}; a constant series needs none. */
    public static int regular(double[] values, Test test, int most) {
        double[] series = Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
        int differences = 0;
        while (differences < most && series.length > 8 && !isConstant(series) && hasUnitRoot(series, test)) {
            series = difference(series, 1);
            differences++;
        }
        return differences;
    }

    /**
     * Number of seasonal differences, 0 or 1: one if the season explains more than 0.64 of what the trend leaves (Wang,
     * Smith, Hyndman, Data Mining and Knowledge Discovery 13, 2006; the threshold is that of Hyndman and Athanasopoulos).
     * None with fewer than two seasons and a value.
     */
    public static int seasonal(double[] values, int period) {
        if (period < 2 || values.length <= 2 * period || isConstant(values)) {
            return 0;
        }
        return seasonalStrength(values, period) > STRONG_SEASON ? 1 : 0;
    }

    /** Share of what the trend leaves that the season explains, 0 to 1; needs more than two seasons. */
    public static double seasonalStrength(double[] values, int period) {
        Stl.Parts parts = Stl.of(period, 11).decompose(values);
        double[] remainder = parts.remainder();
        double[] both = remainder.clone();
        for (int t = 0; t < both.length; t++) {
            both[t] += parts.seasonal()[t];
        }
        double spread = variance(both);
        return spread > 0 ? Math.max(0, Math.min(1, 1 - variance(remainder) / spread)) : 0;
    }

    private static boolean hasUnitRoot(double[] series, Test test) {
        int n = series.length;
        return switch (test) {
            case KPSS ->
                UnitRootTests.kpss(series, UnitRootTests.Deterministic.LEVEL, UnitRootTests.kpssLags(n)) > 0.463;
            case AUGMENTED_DICKEY_FULLER ->
                UnitRootTests.augmentedDickeyFuller(series, UnitRootTests.Deterministic.LEVEL, 1)
                        > dickeyFuller5Percent(n - 1);
            case PHILLIPS_PERRON -> {
                int lags = (int) (4 * Math.pow(n / 100.0, 0.25));
                // MacKinnon 1991, with a constant.
                double m = n - 1;
                yield UnitRootTests.phillipsPerron(series, lags) > -2.8621 - 2.738 / m - 8.36 / (m * m);
            }
        };
    }

    /** Fuller 1976, table 8.5.2, with a constant. */
    private static double dickeyFuller5Percent(int n) {
        if (n < 25) {
            return -3.00;
        }
        if (n < 50) {
            return -2.93;
        }
        if (n < 100) {
            return -2.89;
        }
        if (n < 250) {
            return -2.88;
        }
        return n < 500 ? -2.87 : -2.86;
    }

    private static double[] difference(double[] values, int lag) {
        double[] result = new double[values.length - lag];
        Arrays.setAll(result, t -> values[t + lag] - values[t]);
        return result;
    }

    private static boolean isConstant(double[] values) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            if (!Double.isNaN(value)) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        return !(high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high)));
    }

    private static double variance(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / Math.max(1, values.length - 1);
    }
}
