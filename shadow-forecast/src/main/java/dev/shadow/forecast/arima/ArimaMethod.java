package dev.shadow.forecast.arima;

import dev.shadow.forecast.ensemble.PointMethod;
import java.util.Arrays;

/**
 * An ARIMA model whose order {@link OrderSearch} finds as a method of an ensemble: the parameters stay, the filter moves
 * on with every value. Not thread-safe.
 */
public final class ArimaMethod implements PointMethod {
    /** The last values are enough to tell the order; the search costs as many times their number. */
    private static final int MOST_VALUES = 1024;

    private final KalmanFilter filter;
    private final ArimaSpecification specification;
    private final double[] regression;
    private final Scale scale;
    /** Index in the fit of the value to come. */
    private int index;

    private double[] path = {};

    private ArimaMethod(
            KalmanFilter filter, ArimaSpecification specification, double[] regression, Scale scale, int index) {
        this.filter = filter;
        this.specification = specification;
        this.regression = regression;
        this.scale = scale;
        this.index = index;
    }

    /**
     * Returns a method that has seen nothing, fitted to a history.
     *
     * @param values the history, NaN for a missing value, at least 8 there
     * @param season steps in one season of the model, 1 for none
     */
    public static ArimaMethod fit(double[] values, int season) {
        int from = Math.max(0, values.length - MOST_VALUES);
        double[] last = Arrays.copyOfRange(values, from, values.length);
        Scale scale = Scale.of(last);
        if (scale.isConstant()) {
            return walk(scale);
        }
        ArimaFit fit = OrderSearch.of(season).search(scale.applied(last));
        KalmanFilter filter = KalmanFilter.start(
                ArmaPolynomials.of(fit.specification().order(), fit.coefficients()),
                fit.specification().order().delta());
        return new ArimaMethod(filter, fit.specification(), fit.regression(), scale, -from);
    }

    /** A random walk in the unit of the values. */
    private static ArimaMethod walk(Scale scale) {
        ArimaOrder order = ArimaOrder.of(0, 1, 0);
        KalmanFilter filter = KalmanFilter.start(ArmaPolynomials.of(order, new double[0]), order.delta());
        Scale unit = new Scale(scale.centre(), 1);
        return new ArimaMethod(filter, new ArimaSpecification(order, false, false), new double[0], unit, 0);
    }

    @Override
    public void observe(double value) {
        filter.observe(scale.applied(value) - deterministic(index));
        index++;
        path = new double[0];
    }

    @Override
    public double ahead(int h) {
        if (path.length < h) {
            path = filter.path(Math.max(h, 2 * path.length));
        }
        return scale.undone(path[h - 1] + deterministic(index + h - 1));
    }

    private double deterministic(int at) {
        double[] row = new double[regression.length];
        specification.fill(at, row);
        return Vectors.dot(row, regression);
    }

    @Override
    public ArimaMethod copy() {
        return new ArimaMethod(filter.copy(), specification, regression, scale, index);
    }
}
