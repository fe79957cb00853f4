package dev.shadow.forecast.regression;

import java.util.Arrays;

/**
 * A linear regression that takes one observation after the other, with a prior, forgetting, and errors cut off.
 *
 * <p>Recursive least squares with an exponential window (Haykin, "Adaptive Filter Theory", 4th ed., ch. 9) in
 * {@code O(d^2)} per observation. Each observation weighs inversely to its own error, as in iteratively reweighted
 * least absolute deviations (Huber and Ronchetti, "Robust Statistics", 2nd ed., ch. 7), so that a burst moves the
 * coefficients little and the fit leans towards the conditional median. The inverse covariance is kept symmetric and
 * its trace bounded, so that directions in which nothing varies do not blow up. Not thread-safe.
 */
final class RecursiveRegression {
    private static final double LARGEST_TRACE = 1e6;

    private final double forgetting;
    private final double[] coefficients;
    private final double[] inverse;
    private final double[] gain;
    private double typicalError;

    private RecursiveRegression(double forgetting, double[] coefficients, double[] inverse, double typicalError) {
        this.forgetting = forgetting;
        this.coefficients = coefficients;
        this.inverse = inverse;
        this.gain = new double[coefficients.length];
        this.typicalError = typicalError;
    }

    /**
     * Returns a regression at its prior.
     *
     * @param prior coefficients before the first observation
     * @param looseness variance of the prior in units of the errors' variance
     * @param forgetting weight of an observation relative to the one after it, above 0, at most 1
     */
    static RecursiveRegression of(double[] prior, double looseness, double forgetting) {
        int d = prior.length;
        double[] inverse = new double[d * d];
        for (int i = 0; i < d; i++) {
            inverse[i * d + i] = looseness;
        }
        return new RecursiveRegression(forgetting, prior.clone(), inverse, 0);
    }

    RecursiveRegression copy() {
        return new RecursiveRegression(forgetting, coefficients.clone(), inverse.clone(), typicalError);
    }

    double predict(double[] features) {
        double sum = 0;
        for (int i = 0; i < coefficients.length; i++) {
            sum += coefficients[i] * features[i];
        }
        return sum;
    }

    void observe(double[] features, double outcome) {
        double error = outcome - predict(features);
        double size = Math.abs(error);
        if (!(size < Double.MAX_VALUE)) {
            return;
        }
        typicalError += (typicalError == 0 ? 1 : 0.02) * (Math.min(size, 10 * typicalError + (typicalError == 0 ? size : 0)) - typicalError);
        double weight = typicalError == 0 ? 1 : 1 / Math.max(0.3, Math.min(30, size / typicalError));
        int d = coefficients.length;
        double spread = forgetting / weight;
        double trace = 0;
        for (int i = 0; i < d; i++) {
            double sum = 0;
            for (int j = 0; j < d; j++) {
                sum += inverse[i * d + j] * features[j];
            }
            gain[i] = sum;
            spread += features[i] * sum;
            trace += inverse[i * d + i];
        }
        double grow = trace < LARGEST_TRACE ? 1 / forgetting : 1;
        for (int i = 0; i < d; i++) {
            coefficients[i] += gain[i] / spread * error;
            for (int j = 0; j <= i; j++) {
                double next = (inverse[i * d + j] - gain[i] * gain[j] / spread) * grow;
                inverse[i * d + j] = next;
                inverse[j * d + i] = next;
            }
        }
    }

    @Override
    public String toString() {
        return Arrays.toString(coefficients);
    }
}
