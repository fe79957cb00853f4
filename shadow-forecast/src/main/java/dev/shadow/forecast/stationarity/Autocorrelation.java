package dev.shadow.forecast.stationarity;

import dev.shadow.spi.InvalidValueException;

/** Sample autocorrelations, {@code O(n)} a lag. Missing values, NaN, are left out of every sum. */
public final class Autocorrelation {
    private Autocorrelation() {}

    /** Autocorrelations at lags 0 to {@code lags}; all sums are divided by the same number. A constant series has only 0s. */
    public static double[] of(double[] values, int lags) {
        check(values, lags);
        double mean = 0;
        int n = 0;
        for (double value : values) {
            if (!Double.isNaN(value)) {
                n++;
                mean += (value - mean) / n;
            }
        }
        double[] result = new double[lags + 1];
        for (int lag = 0; lag <= lags; lag++) {
            for (int t = lag; t < values.length; t++) {
                double product = (values[t] - mean) * (values[t - lag] - mean);
                result[lag] += Double.isNaN(product) ? 0 : product;
            }
        }
        double variance = result[0];
        for (int lag = 0; lag <= lags; lag++) {
            result[lag] = variance > 0 ? result[lag] / variance : 0;
        }
        return result;
    }

    /** Partial autocorrelations at lags 1 to {@code lags} by the recursion of Durbin and Levinson; element 0 is lag 1. */
    public static double[] partial(double[] values, int lags) {
        double[] rho = of(values, lags);
        double[] partial = new double[lags];
        double[] phi = new double[lags];
        double[] before = new double[lags];
        double variance = rho[0];
        for (int k = 0; k < lags && variance > 0; k++) {
            double sum = rho[k + 1];
            for (int j = 0; j < k; j++) {
                sum -= phi[j] * rho[k - j];
            }
            partial[k] = sum / variance;
            System.arraycopy(phi, 0, before, 0, k);
            for (int j = 0; j < k; j++) {
                phi[j] = before[j] - partial[k] * before[k - 1 - j];
            }
            phi[k] = partial[k];
            variance *= 1 - partial[k] * partial[k];
        }
        return partial;
    }

    private static void check(double[] values, int lags) {
        if (lags < 0 || lags >= values.length) {
            throw new InvalidValueException(
                    "lags", Integer.toString(lags), "be at least 0 and below the length " + values.length);
        }
    }
}
