package dev.shadow.forecast.stationarity;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/** Ordinary least squares by QR, for the regressions of the tests. */
final class LeastSquares {
    private final double[] coefficients;
    private final double[] residuals;
    private final RealMatrix r;

    private LeastSquares(double[] coefficients, double[] residuals, RealMatrix r) {
        this.coefficients = coefficients;
        this.residuals = residuals;
        this.r = r;
    }

    /** @param rows the regressors of each value */
    static LeastSquares fit(double[][] rows, double[] values) {
        RealMatrix x = new Array2DRowRealMatrix(rows, false);
        QRDecomposition qr = new QRDecomposition(x, 1e-300);
        double[] coefficients =
                qr.getSolver().solve(new ArrayRealVector(values, false)).toArray();
        double[] residuals = values.clone();
        for (int t = 0; t < values.length; t++) {
            for (int i = 0; i < coefficients.length; i++) {
                residuals[t] -= coefficients[i] * rows[t][i];
            }
        }
        return new LeastSquares(coefficients, residuals, qr.getR());
    }

    double[] residuals() {
        return residuals;
    }

    double coefficient(int i) {
        return coefficients[i];
    }

    double standardError(int i) {
        int k = coefficients.length;
        double squares = 0;
        for (double residual : residuals) {
            squares += residual * residual;
        }
        // Row i of the inverse of R, from the bottom: its length is the square root of the diagonal of (X'X)^-1.
        double[] row = new double[k];
        double length = 0;
        for (int j = i; j < k; j++) {
            double sum = j == i ? 1 : 0;
            for (int l = i; l < j; l++) {
                sum -= row[l] * r.getEntry(l, j);
            }
            row[j] = sum / r.getEntry(j, j);
            length += row[j] * row[j];
        }
        return Math.sqrt(length * squares / (residuals.length - k));
    }
}
