package dev.shadow.forecast.arima;

import dev.shadow.spi.InvalidValueException;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;

/**
 * Whether residuals look like noise.
 *
 * @param lags number of lags looked at
 * @param ljungBox statistic of Ljung and Box (Biometrika 65, 1978): large if the residuals are correlated
 * @param ljungBoxProbability probability of a larger one if they are not
 * @param skewness 0 for a normal distribution
 * @param excessKurtosis 0 for a normal distribution
 * @param jarqueBeraProbability probability of a larger departure from both (Jarque, Bera, Economics Letters 6, 1980) if
 *     the residuals are normal
 */
public record ResidualDiagnostics(
        int lags,
        double ljungBox,
        double ljungBoxProbability,
        double skewness,
        double excessKurtosis,
        double jarqueBeraProbability) {

    /**
     * Looks at residuals; missing ones are NaN and left out.
     *
     * @param fitted number of fitted coefficients, taken off the degrees of freedom
     * @param lags at least one more than {@code fitted}
     */
    public static ResidualDiagnostics of(double[] residuals, int fitted, int lags) {
        if (lags <= fitted || lags >= residuals.length) {
            throw new InvalidValueException(
                    "lags",
                    Integer.toString(lags),
                    "be above the " + fitted + " fitted coefficients and below the " + residuals.length + " residuals");
        }
        int n = 0;
        double mean = 0;
        for (double residual : residuals) {
            if (!Double.isNaN(residual)) {
                n++;
                mean += (residual - mean) / n;
            }
        }
        double[] moments = new double[5];
        for (double residual : residuals) {
            double deviation = Double.isNaN(residual) ? 0 : residual - mean;
            for (int power = 2; power <= 4; power++) {
                moments[power] += Math.pow(deviation, power) / n;
            }
        }
        double box = 0;
        for (int lag = 1; lag <= lags; lag++) {
            double sum = 0;
            for (int t = lag; t < residuals.length; t++) {
                double product = (residuals[t] - mean) * (residuals[t - lag] - mean);
                sum += Double.isNaN(product) ? 0 : product;
            }
            double correlation = moments[2] > 0 ? sum / (n * moments[2]) : 0;
            box += correlation * correlation / (n - lag);
        }
        box *= n * (n + 2.0);
        double skewness = moments[2] > 0 ? moments[3] / Math.pow(moments[2], 1.5) : 0;
        double kurtosis = moments[2] > 0 ? moments[4] / (moments[2] * moments[2]) - 3 : 0;
        double jarqueBera = n / 6.0 * (skewness * skewness + kurtosis * kurtosis / 4);
        return new ResidualDiagnostics(lags, box, above(lags - fitted, box), skewness, kurtosis, above(2, jarqueBera));
    }

    private static double above(int freedom, double statistic) {
        return 1 - new ChiSquaredDistribution(freedom).cumulativeProbability(statistic);
    }
}
