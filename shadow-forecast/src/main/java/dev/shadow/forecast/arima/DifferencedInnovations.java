package dev.shadow.forecast.arima;

import java.util.ArrayList;
import java.util.List;

/**
 * The exact likelihood of the differenced series by {@link ChandrasekharFilter}. A missing value is filled with any
 * number and gets a column of its own that is 1 there: with the coefficient of that column left free and the
 * determinant corrected, the likelihood is that of the values which are there (Gómez, Maravall, Peña, Journal of
 * Econometrics 88, 1999).
 */
final class DifferencedInnovations implements Innovations {
    private final ChandrasekharFilter filter = new ChandrasekharFilter();
    private final double[][] columns;
    private final int missing;

    private DifferencedInnovations(double[][] columns, int missing) {
        this.columns = columns;
        this.missing = missing;
    }

    static DifferencedInnovations of(ArimaOrder order, double[] values, double[][] regressors) {
        List<double[]> columns = new ArrayList<>();
        columns.add(order.difference(Gaps.filled(values)));
        for (int t = 0; t < values.length; t++) {
            if (Double.isNaN(values[t])) {
                double[] column = new double[values.length];
                column[t] = 1;
                columns.add(order.difference(column));
            }
        }
        int missing = columns.size() - 1;
        for (double[] regressor : regressors) {
            columns.add(order.difference(regressor));
        }
        return new DifferencedInnovations(columns.toArray(new double[0][]), missing);
    }

    @Override
    public int columns() {
        return columns.length;
    }

    @Override
    public int missing() {
        return missing;
    }

    @Override
    public int rows() {
        return columns[0].length;
    }

    @Override
    public double filter(ArmaPolynomials arma, double[][] out) {
        return filter.filter(arma, columns, out);
    }

    @Override
    public int counted() {
        return rows();
    }

    @Override
    public int used() {
        return rows() - missing;
    }
}
