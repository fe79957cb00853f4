package dev.shadow.forecast.arima;

import java.util.Arrays;

/** The curvature of the log-likelihood by central differences, and the standard errors it gives. */
final class Curvature {
    private static final double STEP = 1e-3;

    private Curvature() {}

    static double[] standardErrors(ArimaFit fit) {
        double[] at = fit.concatenated();
        int n = at.length;
        double[] steps = new double[n];
        int coefficients = fit.coefficients().length;
        for (int i = 0; i < n; i++) {
            steps[i] = i < coefficients ? STEP : Math.sqrt(fit.variance()) / fit.columnSize(i - coefficients);
        }
        double[][] information = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double second = shifted(fit, at, steps, i, 1, j, 1)
                        - shifted(fit, at, steps, i, 1, j, -1)
                        - shifted(fit, at, steps, i, -1, j, 1)
                        + shifted(fit, at, steps, i, -1, j, -1);
                information[i][j] = -second / (4 * steps[i] * steps[j]);
                information[j][i] = information[i][j];
            }
        }
        double[] errors = new double[n];
        Arrays.fill(errors, Double.NaN);
        double[] scale = new double[n];
        for (int i = 0; i < n; i++) {
            scale[i] = 1 / Math.sqrt(information[i][i]);
            if (!(scale[i] > 0)) {
                return errors;
            }
        }
        for (int i = 0; i < n; i++) {
            double[][] a = new double[n][n];
            for (int k = 0; k < n; k++) {
                for (int l = 0; l < n; l++) {
                    a[k][l] = information[k][l] * scale[k] * scale[l];
                }
            }
            double[] unit = new double[n];
            unit[i] = 1;
            errors[i] = scale[i] * Math.sqrt(Cholesky.solve(a, unit)[i]);
        }
        return errors;
    }

    private static double shifted(ArimaFit fit, double[] at, double[] steps, int i, int up, int j, int right) {
        double[] moved = at.clone();
        moved[i] += up * steps[i];
        moved[j] += right * steps[j];
        return fit.logLikelihoodAt(moved);
    }
}
