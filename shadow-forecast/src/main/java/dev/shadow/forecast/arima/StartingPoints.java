package dev.shadow.forecast.arima;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the search for the maximum of the likelihood begins: the estimate of Hannan and Rissanen (Biometrika 69, 1982),
 * by regression on lagged values and on the residuals of a long autoregression, and a few typical points. None needs
 * chance.
 */
final class StartingPoints {
    private static final double[][] TYPICAL = {{0.1, 0.1}, {0.5, -0.5}, {0.8, -0.3}, {-0.3, -0.8}, {0.3, 0.5}};

    private StartingPoints() {}

    /** @param series the differenced series without gaps and regressors */
    static List<double[]> of(ArimaOrder order, double[] series) {
        List<double[]> points = new ArrayList<>();
        if (order.coefficients() == 0) {
            points.add(new double[0]);
            return points;
        }
        double[] estimate = hannanRissanen(order, series);
        if (estimate.length > 0) {
            points.add(PartialCoefficients.point(order, estimate, 0.01));
        }
        for (double[] typical : TYPICAL) {
            points.add(typical(order, typical[0], typical[1]));
        }
        return points;
    }

    private static double[] typical(ArimaOrder order, double ar, double ma) {
        double[] point = new double[order.coefficients()];
        int seasonalAr = order.p() + order.q();
        int seasonalMa = seasonalAr + order.seasonalP();
        if (order.p() > 0) {
            point[0] = ar;
        }
        if (order.q() > 0) {
            point[order.p()] = ma;
        }
        if (order.seasonalP() > 0) {
            point[seasonalAr] = 0.2;
        }
        if (order.seasonalQ() > 0) {
            point[seasonalMa] = order.seasonalD() > 0 ? -0.6 : 0.1;
        }
        return point;
    }

    private static double[] hannanRissanen(ArimaOrder order, double[] series) {
        int n = series.length;
        int longest = Math.max(
                order.p() + order.period() * order.seasonalP(), order.q() + order.period() * order.seasonalQ());
        int length = Math.min(n / 4, Math.max(longest + 2, (int) (2 * Math.cbrt(n))));
        int from = length + order.q() + order.period() * order.seasonalQ();
        from = Math.max(from, order.p() + order.period() * order.seasonalP());
        int k = order.coefficients();
        if (n - from < 2 * k + 5) {
            return new double[0];
        }
        double[] centred = centred(series);
        double[] residuals = longAutoregression(centred, length);
        double[][] columns = new double[k][n];
        int at = 0;
        at = lags(centred, columns, at, order.p(), 1);
        at = lags(residuals, columns, at, order.q(), 1);
        at = lags(centred, columns, at, order.seasonalP(), order.period());
        lags(residuals, columns, at, order.seasonalQ(), order.period());
        double[][] a = new double[k][k];
        double[] b = new double[k];
        for (int i = 0; i < k; i++) {
            for (int t = from; t < n; t++) {
                b[i] += columns[i][t] * centred[t];
            }
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int t = from; t < n; t++) {
                    sum += columns[i][t] * columns[j][t];
                }
                a[i][j] = sum;
                a[j][i] = sum;
            }
        }
        double[] solution = Cholesky.solve(a, b);
        for (double value : solution) {
            if (!(Math.abs(value) < 1e6)) {
                return new double[0];
            }
        }
        return solution;
    }

    private static int lags(double[] series, double[][] columns, int at, int count, int lag) {
        for (int i = 1; i <= count; i++) {
            System.arraycopy(series, 0, columns[at + i - 1], i * lag, series.length - i * lag);
        }
        return at + count;
    }

    private static double[] centred(double[] series) {
        double mean = 0;
        for (int t = 0; t < series.length; t++) {
            mean += (series[t] - mean) / (t + 1);
        }
        double[] centred = new double[series.length];
        for (int t = 0; t < series.length; t++) {
            centred[t] = series[t] - mean;
        }
        return centred;
    }

    /** Residuals of the autoregression of a given length by Levinson and Durbin; 0 where it has too little past. */
    private static double[] longAutoregression(double[] series, int length) {
        int n = series.length;
        double[] covariance = new double[length + 1];
        for (int lag = 0; lag <= length; lag++) {
            double sum = 0;
            for (int t = lag; t < n; t++) {
                sum += series[t] * series[t - lag];
            }
            covariance[lag] = sum;
        }
        double[] phi = new double[length];
        double[] before = new double[length];
        double variance = covariance[0];
        for (int k = 0; k < length && variance > 1e-12 * covariance[0]; k++) {
            double sum = covariance[k + 1];
            for (int j = 0; j < k; j++) {
                sum -= phi[j] * covariance[k - j];
            }
            double partial = sum / variance;
            System.arraycopy(phi, 0, before, 0, k);
            for (int j = 0; j < k; j++) {
                phi[j] = before[j] - partial * before[k - 1 - j];
            }
            phi[k] = partial;
            variance *= 1 - partial * partial;
        }
        double[] residuals = new double[n];
        for (int t = length; t < n; t++) {
            double sum = series[t];
            for (int j = 0; j < length; j++) {
                sum -= phi[j] * series[t - 1 - j];
            }
            residuals[t] = sum;
        }
        return residuals;
    }
}
