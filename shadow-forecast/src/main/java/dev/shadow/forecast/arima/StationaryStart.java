package dev.shadow.forecast.arima;

/**
 * Second moments of a stationary ARMA process with unit innovations, at which its filter starts.
 *
 * <p>The autocovariances of the autoregressive part come from its partial autocorrelations (the Levinson-Durbin
 * recursion run backwards), those of the process by filtering them with the moving average part: {@code O(r^2)} for
 * {@code r} states, against {@code O(r^6)} for the textbook's linear system.
 */
final class StationaryStart {
    private StationaryStart() {}

    /**
     * Writes the covariance of the state of Harvey's representation with the value of the same step into
     * {@code covariance}; its first element is the variance of the process.
     *
     * @return false if the autoregressive part is not stationary
     */
    static boolean covariance(ArmaPolynomials arma, double[] covariance) {
        int states = arma.states();
        double[] gamma = autocovariances(arma, states);
        if (gamma.length == 0) {
            return false;
        }
        double[] psi = psi(arma, states);
        java.util.Arrays.fill(covariance, 0);
        covariance[0] = gamma[0];
        for (int j : arma.arLags) {
            double phi = arma.ar[j];
            for (int i = 1; i <= j; i++) {
                covariance[i] += phi * gamma[j + 1 - i];
            }
        }
        for (int j : arma.maLags) {
            double theta = arma.ma[j];
            for (int i = 1; i <= j + 1; i++) {
                covariance[i] += theta * psi[j + 1 - i];
            }
        }
        return true;
    }

    /** First {@code count} weights of the infinite moving average, beginning with 1. */
    static double[] psi(ArmaPolynomials arma, int count) {
        double[] psi = new double[count];
        psi[0] = 1;
        for (int k = 1; k < count; k++) {
            double sum = k <= arma.ma.length ? arma.ma[k - 1] : 0;
            for (int j : arma.arLags) {
                if (j >= k) {
                    break;
                }
                sum += arma.ar[j] * psi[k - 1 - j];
            }
            psi[k] = sum;
        }
        return psi;
    }

    private static double[] autocovariances(ArmaPolynomials arma, int states) {
        int longest = states + arma.ma.length;
        double[] autoregressive = autoregressive(arma, longest);
        int[] lags = arma.maLags;
        if (autoregressive.length == 0 || lags.length == 0) {
            return autoregressive;
        }
        double[] weights = new double[arma.ma.length + 1];
        for (int i = -1; i < lags.length; i++) {
            double theta = i < 0 ? 1 : arma.ma[lags[i]];
            int lag = i < 0 ? 0 : lags[i] + 1;
            for (int j = i; j < lags.length; j++) {
                double other = j < 0 ? 1 : arma.ma[lags[j]];
                int distance = (j < 0 ? 0 : lags[j] + 1) - lag;
                weights[distance] += theta * other;
            }
        }
        double[] gamma = new double[states + 1];
        for (int k = 0; k <= states; k++) {
            gamma[k] = weights[0] * autoregressive[k];
        }
        for (int l = 1; l < weights.length; l++) {
            double weight = weights[l];
            if (weight == 0) {
                continue;
            }
            for (int k = 0; k <= states; k++) {
                gamma[k] += weight * (autoregressive[k + l] + autoregressive[Math.abs(k - l)]);
            }
        }
        return gamma;
    }

    private static double[] autoregressive(ArmaPolynomials arma, int longest) {
        int p = arma.ar.length;
        double[] gamma = new double[longest + 1];
        double[][] predictors = new double[p + 1][];
        predictors[p] = arma.ar;
        double variance = 1;
        for (int k = p; k > 0; k--) {
            double[] of = predictors[k];
            double partial = of[k - 1];
            double rest = (1 - partial) * (1 + partial);
            if (!(rest > 0)) {
                return new double[0];
            }
            variance /= rest;
            double[] shorter = new double[k - 1];
            if (partial == 0) {
                System.arraycopy(of, 0, shorter, 0, k - 1);
            } else {
                for (int j = 0; j < k - 1; j++) {
                    shorter[j] = (of[j] + partial * of[k - 2 - j]) / rest;
                }
            }
            predictors[k - 1] = shorter;
        }
        gamma[0] = variance;
        for (int k = 1; k <= longest; k++) {
            double sum = 0;
            if (k < p) {
                double[] predictor = predictors[k];
                for (int j = 0; j < k; j++) {
                    sum += predictor[j] * gamma[k - 1 - j];
                }
            } else {
                for (int j : arma.arLags) {
                    sum += arma.ar[j] * gamma[k - 1 - j];
                }
            }
            gamma[k] = sum;
        }
        return gamma;
    }
}
