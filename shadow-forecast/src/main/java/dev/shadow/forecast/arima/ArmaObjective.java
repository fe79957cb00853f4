package dev.shadow.forecast.arima;

/**
 * Minus twice the logarithm of the likelihood, maximised over the regression and the variance, as a sum of squares: the
 * standardised innovations after regression, times the {@code 2N}-th root of the determinant of their variances
 * (Ansley, Biometrika 66, 1979). The regression is by modified Gram-Schmidt over the filtered columns.
 */
final class ArmaObjective {
    /** A column of which less is left by those before it is a combination of them. */
    private static final double SMALLEST = 1e-9;

    private final ArimaOrder order;
    private final Innovations innovations;
    private final double[][] filtered;
    private final double[][] shares;
    private final double[] norms;
    private final double[] sizes;
    private double lastLogarithms;
    private int evaluations;

    ArmaObjective(ArimaOrder order, Innovations innovations) {
        this.order = order;
        this.innovations = innovations;
        this.filtered = new double[innovations.columns()][innovations.rows()];
        this.shares = new double[innovations.columns()][innovations.columns()];
        this.norms = new double[innovations.columns()];
        this.sizes = new double[innovations.columns()];
    }

    int rows() {
        return innovations.rows();
    }

    /** Number of times the likelihood was evaluated. */
    int evaluations() {
        return evaluations;
    }

    /** Values that count: those of the differenced series without the missing ones. */
    int counted() {
        return innovations.counted() - innovations.missing();
    }

    /** Writes the residuals at a point and returns the sum of their squares; infinite outside of the stationary region. */
    double residuals(double[] point, double[] residuals) {
        return residualsAt(PartialCoefficients.coefficients(order, point), residuals);
    }

    /** As {@link #residuals}, at coefficients instead of a point of the search space. */
    double residualsAt(double[] coefficients, double[] residuals) {
        evaluations++;
        double logarithms = innovations.filter(ArmaPolynomials.of(order, coefficients), filtered);
        if (Double.isNaN(logarithms)) {
            return Double.POSITIVE_INFINITY;
        }
        for (int c = 1; c < filtered.length; c++) {
            sizes[c] = Math.sqrt(Vectors.dot(filtered[c], filtered[c]));
        }
        for (int c = 1; c < filtered.length; c++) {
            double norm = Math.sqrt(Vectors.dot(filtered[c], filtered[c]));
            norms[c] = norm > SMALLEST * sizes[c] ? norm : 0;
            if (norms[c] == 0) {
                continue;
            }
            if (c <= innovations.missing()) {
                logarithms += 2 * Math.log(norm);
            }
            Vectors.scale(filtered[c], 1 / norm);
            for (int other = c + 1; other < filtered.length; other++) {
                shares[other][c] = Vectors.subtractProjection(filtered[other], filtered[c]);
            }
            shares[0][c] = Vectors.subtractProjection(filtered[0], filtered[c]);
        }
        lastLogarithms = logarithms;
        double factor = Math.exp(logarithms / (2 * counted()));
        double squares = 0;
        for (int t = 0; t < residuals.length; t++) {
            double residual = filtered[0][t] * factor;
            residuals[t] = residual;
            squares += residual * residual;
        }
        return squares < Double.MAX_VALUE ? squares : Double.POSITIVE_INFINITY;
    }

    /** The log-likelihood that belongs to a sum of squares. */
    double logLikelihood(double squares) {
        return -0.5 * innovations.used() * (Math.log(2 * Math.PI * squares / counted()) + 1);
    }

    /** The variance of the innovations that belongs to a sum of squares at the last point evaluated. */
    double variance(double squares) {
        return squares / counted() * Math.exp(-lastLogarithms / counted());
    }

    /** The coefficients of the regressors at the last point evaluated. */
    double[] regression() {
        int first = 1 + innovations.missing();
        int n = filtered.length - first;
        double[] result = new double[n];
        for (int i = n - 1; i >= 0; i--) {
            double sum = shares[0][first + i];
            for (int j = i + 1; j < n; j++) {
                sum -= shares[first + j][first + i] * result[j];
            }
            result[i] = norms[first + i] > 0 ? sum / norms[first + i] : 0;
        }
        return result;
    }
}
