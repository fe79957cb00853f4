package dev.shadow.forecast.stationarity;

import dev.shadow.spi.InvalidValueException;

/**
 * Tests of a unit root. All take a series without missing values, oldest first, and return a statistic; critical values
 * stand in the methods that decide.
 */
public final class UnitRootTests {
    private static final int[] SAMPLES = {25, 50, 100, 250, 500, 100_000};
    private static final double[] PROBABILITIES = {0.01, 0.025, 0.05, 0.10, 0.90, 0.95, 0.975, 0.99};

    /** Quantiles of the Dickey-Fuller statistic with trend, for each of {@link #SAMPLES}: Banerjee et al. 1993, table 4.2. */
    private static final double[][] TREND = {
        {-4.38, -3.95, -3.60, -3.24, -1.14, -0.80, -0.50, -0.15},
        {-4.15, -3.80, -3.50, -3.18, -1.19, -0.87, -0.58, -0.24},
        {-4.04, -3.73, -3.45, -3.15, -1.22, -0.90, -0.62, -0.28},
        {-3.99, -3.69, -3.43, -3.13, -1.23, -0.92, -0.64, -0.31},
        {-3.98, -3.68, -3.42, -3.13, -1.24, -0.93, -0.65, -0.32},
        {-3.96, -3.66, -3.41, -3.12, -1.25, -0.94, -0.66, -0.33}
    };

    private UnitRootTests() {}

    /** What a series is taken to move around. */
    public enum Deterministic {
        /** A constant level. */
        LEVEL,
        /** A straight line. */
        TREND
    }

    /**
     * The statistic of Kwiatkowski, Phillips, Schmidt and Shin (Journal of Econometrics 54, 1992) with Bartlett weights:
     * large if the series is not stationary. Not a number for a constant series.
     *
     * @param lags of the long-run variance, at least 0 and below the length
     */
    public static double kpss(double[] values, Deterministic around, int lags) {
        checkLength(values, 3);
        checkLags(lags, values.length);
        double[] residuals =
                LeastSquares.fit(design(values.length, around), values).residuals();
        double sum = 0;
        double squares = 0;
        for (double residual : residuals) {
            sum += residual;
            squares += sum * sum;
        }
        double n = values.length;
        return squares / (n * n) / longRunVariance(residuals, lags);
    }

    /** Lags with which {@link Differencing} runs the test of KPSS. */
    public static int kpssLags(int n) {
        return (int) (3 * Math.sqrt(n) / 13);
    }

    /**
     * The statistic of Dickey and Fuller (JASA 74, 1979), augmented by lagged differences: the t ratio of the last level,
     * small if the series is stationary.
     *
     * @param lags number of lagged differences, at least 0
     */
    public static double augmentedDickeyFuller(double[] values, Deterministic around, int lags) {
        int fixed = around == Deterministic.LEVEL ? 1 : 2;
        checkLags(lags, values.length);
        checkLength(values, 2 * lags + fixed + 4);
        int n = values.length - 1 - lags;
        double[][] rows = new double[n][fixed + 1 + lags];
        double[] differences = new double[n];
        for (int i = 0; i < n; i++) {
            int t = i + lags + 1;
            differences[i] = values[t] - values[t - 1];
            rows[i][0] = 1;
            rows[i][fixed - 1] = fixed == 1 ? 1 : i + 1;
            rows[i][fixed] = values[t - 1];
            for (int lag = 1; lag <= lags; lag++) {
                rows[i][fixed + lag] = values[t - lag] - values[t - lag - 1];
            }
        }
        LeastSquares fit = LeastSquares.fit(rows, differences);
        return fit.coefficient(fixed) / fit.standardError(fixed);
    }

    /**
     * Probability of a smaller statistic of {@link #augmentedDickeyFuller} around a trend if there is a unit root,
     * interpolated in the table of Banerjee, Dolado, Galbraith and Hendry (1993); between 0.01 and 0.99.
     *
     * @param n length of the series
     */
    public static double dickeyFullerTrendProbability(double statistic, int n) {
        double[] quantiles = new double[PROBABILITIES.length];
        double[] sizes = new double[SAMPLES.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = SAMPLES[i];
        }
        for (int p = 0; p < quantiles.length; p++) {
            double[] column = new double[SAMPLES.length];
            for (int i = 0; i < column.length; i++) {
                column[i] = TREND[i][p];
            }
            quantiles[p] = interpolated(sizes, column, n - 1.0);
        }
        return interpolated(quantiles, PROBABILITIES, statistic);
    }

    /**
     * The Z-tau statistic of Phillips and Perron (Biometrika 75, 1988) around a level: small if the series is stationary.
     *
     * @param lags of the long-run variance
     */
    public static double phillipsPerron(double[] values, int lags) {
        checkLength(values, 4);
        checkLags(lags, values.length);
        int n = values.length - 1;
        double[][] rows = new double[n][2];
        double[] next = new double[n];
        double mean = 0;
        for (int t = 0; t < n; t++) {
            rows[t][0] = 1;
            rows[t][1] = values[t];
            next[t] = values[t + 1];
            mean += next[t] / n;
        }
        LeastSquares fit = LeastSquares.fit(rows, next);
        double variance = longRunVariance(fit.residuals(), 0);
        double longRun = longRunVariance(fit.residuals(), lags);
        double spread = 0;
        for (double value : next) {
            spread += (value - mean) * (value - mean);
        }
        double ratio = (fit.coefficient(1) - 1) / fit.standardError(1);
        double correction = 0.5 * (longRun - variance) / longRun;
        return Math.sqrt(variance / longRun) * ratio - correction * Math.sqrt(longRun) * n / Math.sqrt(spread);
    }

    private static double[][] design(int n, Deterministic around) {
        double[][] rows = new double[n][around == Deterministic.LEVEL ? 1 : 2];
        for (int t = 0; t < n; t++) {
            rows[t][0] = 1;
            if (around == Deterministic.TREND) {
                rows[t][1] = t - (n - 1) / 2.0;
            }
        }
        return rows;
    }

    private static double longRunVariance(double[] residuals, int lags) {
        double sum = 0;
        for (int lag = 0; lag <= lags; lag++) {
            double product = 0;
            for (int t = lag; t < residuals.length; t++) {
                product += residuals[t] * residuals[t - lag];
            }
            sum += lag == 0 ? product : 2 * (1 - lag / (lags + 1.0)) * product;
        }
        return sum / residuals.length;
    }

    private static double interpolated(double[] x, double[] y, double at) {
        if (at <= x[0]) {
            return y[0];
        }
        for (int i = 1; i < x.length; i++) {
            if (at <= x[i]) {
                return y[i - 1] + (y[i] - y[i - 1]) * (at - x[i - 1]) / (x[i] - x[i - 1]);
            }
        }
        return y[y.length - 1];
    }

    private static void checkLength(double[] values, int needed) {
        if (values.length < needed) {
            throw new InvalidValueException("values.length", Integer.toString(values.length), "be at least " + needed);
        }
        for (int t = 0; t < values.length; t++) {
            if (!Double.isFinite(values[t])) {
                throw new InvalidValueException("values[" + t + "]", Double.toString(values[t]), "be finite");
            }
        }
    }

    private static void checkLags(int lags, int n) {
        if (lags < 0 || lags >= n) {
            throw new InvalidValueException("lags", Integer.toString(lags), "be at least 0 and below the length " + n);
        }
    }
}
