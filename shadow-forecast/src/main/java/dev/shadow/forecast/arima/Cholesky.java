package dev.shadow.forecast.arima;

/** Small symmetric positive definite systems. */
final class Cholesky {
    private Cholesky() {}

    static boolean isPositiveDefinite(double[][] a) {
        int n = a.length;
        double[][] l = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = a[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= l[i][k] * l[j][k];
                }
                if (i > j) {
                    l[i][j] = sum / l[j][j];
                } else if (sum > 1e-10 * Math.abs(a[i][i])) {
                    l[i][i] = Math.sqrt(sum);
                } else {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Solves {@code a x = b}; overwrites the lower triangle of {@code a}. A pivot that is not positive to working
     * precision leaves its unknown at zero.
     */
    static double[] solve(double[][] a, double[] b) {
        int n = b.length;
        double[] x = b.clone();
        boolean[] dropped = new boolean[n];
        for (int i = 0; i < n; i++) {
            double diagonal = a[i][i];
            for (int j = 0; j <= i; j++) {
                double sum = a[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= a[i][k] * a[j][k];
                }
                if (i == j) {
                    dropped[i] = !(sum > 1e-14 * diagonal);
                    a[i][i] = dropped[i] ? 1 : Math.sqrt(sum);
                } else {
                    a[i][j] = dropped[j] ? 0 : sum / a[j][j];
                }
            }
        }
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++) {
                x[i] -= a[i][k] * x[k];
            }
            x[i] = dropped[i] ? 0 : x[i] / a[i][i];
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                x[i] -= a[k][i] * x[k];
            }
            x[i] = dropped[i] ? 0 : x[i] / a[i][i];
        }
        return x;
    }
}
