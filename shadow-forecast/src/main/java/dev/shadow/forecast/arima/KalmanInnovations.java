package dev.shadow.forecast.arima;

/**
 * The likelihood by {@link KalmanFilter}, with its large but finite prior instead of differencing: the convention of R's
 * {@code arima}. Regressors follow the filter of the series, since gains do not depend on values.
 */
final class KalmanInnovations implements Innovations {
    private final double[] delta;
    private final double[][] columns;
    private final int used;
    private int counted;

    private KalmanInnovations(double[] delta, double[][] columns, int used) {
        this.delta = delta;
        this.columns = columns;
        this.used = used;
    }

    static KalmanInnovations of(ArimaOrder order, double[] values, double[][] regressors) {
        double[][] columns = new double[regressors.length + 1][];
        columns[0] = values.clone();
        for (int c = 0; c < regressors.length; c++) {
            columns[c + 1] = regressors[c].clone();
            for (int t = 0; t < values.length; t++) {
                if (Double.isNaN(values[t])) {
                    columns[c + 1][t] = Double.NaN;
                }
            }
        }
        int used = values.length - Gaps.count(values) - order.differenced();
        return new KalmanInnovations(order.delta(), columns, used);
    }

    @Override
    public int columns() {
        return columns.length;
    }

    @Override
    public int missing() {
        return 0;
    }

    @Override
    public int rows() {
        return columns[0].length;
    }

    @Override
    public double filter(ArmaPolynomials arma, double[][] out) {
        if (!StationaryStart.covariance(arma, new double[arma.states() + 1])) {
            return Double.NaN;
        }
        double logarithms = 0;
        for (int c = 0; c < columns.length; c++) {
            KalmanFilter filter = KalmanFilter.start(arma, delta);
            for (int t = 0; t < columns[c].length; t++) {
                filter.observe(columns[c][t]);
                boolean counts = !Double.isNaN(columns[c][t]) && filter.innovationVariance() < KalmanFilter.DIFFUSE;
                out[c][t] = counts ? filter.innovation() / Math.sqrt(filter.innovationVariance()) : 0;
            }
            logarithms = filter.logarithms();
            counted = filter.counted();
        }
        return logarithms;
    }

    @Override
    public int counted() {
        return counted;
    }

    @Override
    public int used() {
        return used;
    }
}
