package dev.shadow.forecast.arima;

import java.util.Arrays;

/**
 * The search space of the fit: partial autocorrelations of each polynomial, by which every point inside is stationary
 * and invertible (Monahan, Biometrika 71, 1984).
 *
 * <p>Autoregressive ones go through Fisher's z, in which the likelihood is nearly quadratic, and stay off the unit
 * circle, where the likelihood is zero. Moving average ones are themselves the parameters, between -1 and 1 with both
 * ends: the likelihood is smooth across a unit root and may have its maximum there.
 */
final class PartialCoefficients {
    private static final double FARTHEST = 9;

    private PartialCoefficients() {}

    /** Coefficients in the order ar, ma, seasonal ar, seasonal ma. */
    static double[] coefficients(ArimaOrder order, double[] point) {
        double[] result = new double[point.length];
        int at = 0;
        at = expand(point, result, at, order.p(), true);
        at = expand(point, result, at, order.q(), false);
        at = expand(point, result, at, order.seasonalP(), true);
        expand(point, result, at, order.seasonalQ(), false);
        return result;
    }

    /** The nearest point of the search space whose polynomials have the roots' moduli of at least {@code 1 + margin}. */
    static double[] point(ArimaOrder order, double[] coefficients, double margin) {
        double[] result = new double[coefficients.length];
        int at = 0;
        at = reduce(coefficients, result, at, order.p(), true, margin);
        at = reduce(coefficients, result, at, order.q(), false, margin);
        at = reduce(coefficients, result, at, order.seasonalP(), true, margin);
        reduce(coefficients, result, at, order.seasonalQ(), false, margin);
        return result;
    }

    /** The largest absolute value that element {@code i} of a point may have. */
    static double bound(ArimaOrder order, int i) {
        int q = i - order.p();
        int seasonalQ = q - order.q() - order.seasonalP();
        boolean movingAverage = (q >= 0 && q < order.q()) || seasonalQ >= 0;
        return movingAverage ? 1 : FARTHEST;
    }

    private static int expand(double[] point, double[] result, int at, int n, boolean autoregressive) {
        double[] before = new double[n];
        for (int k = 0; k < n; k++) {
            double partial = autoregressive ? Math.tanh(point[at + k]) : -point[at + k];
            for (int j = 0; j < k; j++) {
                before[j] = result[at + j];
            }
            for (int j = 0; j < k; j++) {
                result[at + j] = before[j] - partial * before[k - 1 - j];
            }
            result[at + k] = partial;
        }
        if (!autoregressive) {
            for (int k = 0; k < n; k++) {
                result[at + k] = -result[at + k];
            }
        }
        return at + n;
    }

    private static int reduce(
            double[] coefficients, double[] result, int at, int n, boolean autoregressive, double margin) {
        double[] row = Arrays.copyOfRange(coefficients, at, at + n);
        double shrink = 1 / (1 + margin);
        double power = 1;
        for (int k = 0; k < n; k++) {
            power *= shrink;
            row[k] *= autoregressive ? power : -power;
        }
        for (int k = n - 1; k >= 0; k--) {
            double partial = Math.max(-0.98, Math.min(0.98, row[k]));
            double limit = autoregressive ? FARTHEST : 1;
            if (margin == 0) {
                partial = Math.max(-1, Math.min(1, row[k]));
            }
            result[at + k] = autoregressive ? bounded(atanh(partial), limit) : -partial;
            double rest = Math.max(1e-12, (1 - partial) * (1 + partial));
            double[] shorter = new double[k];
            for (int j = 0; j < k; j++) {
                shorter[j] = (row[j] + partial * row[k - 1 - j]) / rest;
            }
            row = shorter;
        }
        return at + n;
    }

    /** Whether {@code 1 - phi1 B - ...} has all roots outside of the unit circle: its partial autocorrelations are below 1. */
    static boolean isStationary(double[] phi) {
        double[] row = phi;
        for (int k = phi.length - 1; k >= 0; k--) {
            double partial = row[k];
            double rest = (1 - partial) * (1 + partial);
            if (!(rest > 0)) {
                return false;
            }
            double[] shorter = new double[k];
            for (int j = 0; j < k; j++) {
                shorter[j] = (row[j] + partial * row[k - 1 - j]) / rest;
            }
            row = shorter;
        }
        return true;
    }

    private static double bounded(double value, double limit) {
        return Math.max(-limit, Math.min(limit, value));
    }

    private static double atanh(double x) {
        return 0.5 * Math.log((1 + x) / (1 - x));
    }
}
