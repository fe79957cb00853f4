package dev.shadow.forecast.arima;

import dev.shadow.spi.InvalidValueException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Fits seasonal ARIMA models with regressors by exact maximum likelihood; missing values are NaN.
 *
 * <p>The regression and the variance are maximised out, the rest is found by {@link LevenbergMarquardt} over partial
 * autocorrelations, so that every model is stationary and invertible. It starts from the estimate of Hannan and Rissanen,
 * and, where autoregressive and moving average parts compete, from the likeliest of a few typical points too, since the
 * likelihood of such models has several maxima.
 */
public final class Arima {
    private static final double[][] NONE = {};
    private static final double TOLERANCE = 1e-9;
    private static final int ITERATIONS = 100;

    private Arima() {}

    /** Fits without regressors. */
    public static ArimaFit fit(ArimaSpecification specification, double[] values) {
        return fit(specification, values, NONE, Likelihood.EXACT);
    }

    /**
     * Fits a model.
     *
     * @param values the series, NaN for a missing value
     * @param regressors columns as long as the series, each value finite
     * @throws InvalidValueException if a value is infinite, a regressor has the wrong length or is not finite, or too few
     *     values are there
     */
    public static ArimaFit fit(
            ArimaSpecification specification, double[] values, double[][] regressors, Likelihood likelihood) {
        checkSample(specification, values, regressors);
        double[][] columns = columns(specification, values.length, regressors);
        ArimaOrder order = specification.order();
        ArmaObjective objective = new ArmaObjective(order, DifferencedInnovations.of(order, values, columns));
        List<double[]> starts = StartingPoints.of(order, series(order, values, columns));
        LevenbergMarquardt best = best(order, objective, starts);
        if (likelihood == Likelihood.LARGE_PRIOR) {
            objective = new ArmaObjective(order, KalmanInnovations.of(order, values, columns));
            List<double[]> points = new ArrayList<>(List.of(best.point()));
            if (order.p() > 0 && order.differenced() == 0) {
                double[] edge = best.point();
                edge[0] = PartialCoefficients.bound(order, 0);
                points.add(edge);
            }
            best = all(order, objective, points);
        }
        double[] coefficients = PartialCoefficients.coefficients(order, best.point());
        return ArimaFit.of(specification, values, regressors, coefficients, objective, likelihood);
    }

    /**
     * Returns the model at given parameters, with the regression fitted by generalised least squares if it is not given.
     *
     * @param coefficients in the order ar, ma, seasonal ar, seasonal ma, with the signs of {@link ArimaOrder}
     * @param regression mean, drift and coefficients of the regressors, as far as there are any
     */
    public static ArimaFit at(
            ArimaSpecification specification,
            double[] values,
            double[][] regressors,
            double[] coefficients,
            double[] regression,
            Likelihood likelihood) {
        checkSample(specification, values, regressors);
        checkLength("coefficients", coefficients, specification.order().coefficients());
        checkLength("regression", regression, specification.columns() + regressors.length);
        return ArimaFit.at(specification, values, regressors, coefficients, regression, likelihood);
    }

    /**
     * Whether the autoregressive part, the seasonal one included, has all roots outside of the unit circle; on it or
     * inside, the process has no stationary variance and the model no likelihood.
     *
     * @param coefficients in the order ar, ma, seasonal ar, seasonal ma
     */
    public static boolean isStationary(ArimaOrder order, double[] coefficients) {
        checkLength("coefficients", coefficients, order.coefficients());
        return PartialCoefficients.isStationary(ArmaPolynomials.of(order, coefficients).ar);
    }

    /** Mean, drift and regressors as columns. */
    static double[][] columns(ArimaSpecification specification, int n, double[][] regressors) {
        int own = specification.columns();
        double[][] columns = new double[own + regressors.length][n];
        double[] row = new double[own];
        for (int t = 0; t < n; t++) {
            specification.fill(t, row);
            for (int c = 0; c < own; c++) {
                columns[c][t] = row[c];
            }
        }
        for (int c = 0; c < regressors.length; c++) {
            columns[own + c] = regressors[c].clone();
        }
        return columns;
    }

    /** The differenced series less its regression by ordinary least squares: good enough to start from. */
    static double[] series(ArimaOrder order, double[] values, double[][] columns) {
        double[] series = order.difference(Gaps.filled(values));
        double[][] units = new double[columns.length][];
        for (int c = 0; c < columns.length; c++) {
            double[] unit = order.difference(columns[c]);
            for (int other = 0; other < c; other++) {
                Vectors.subtractProjection(unit, units[other]);
            }
            double norm = Math.sqrt(Vectors.dot(unit, unit));
            Vectors.scale(unit, norm > 0 ? 1 / norm : 0);
            units[c] = unit;
            Vectors.subtractProjection(series, unit);
        }
        return series;
    }

    private static LevenbergMarquardt best(ArimaOrder order, ArmaObjective objective, List<double[]> starts) {
        double[] scratch = new double[objective.rows()];
        List<double[]> chosen = new ArrayList<>(List.of(starts.get(0)));
        boolean competing = order.p() + order.seasonalP() > 0 && order.q() + order.seasonalQ() > 0;
        if (competing || order.coefficients() > 2) {
            starts.stream()
                    .skip(1)
                    .min(Comparator.comparingDouble(point -> objective.residuals(point, scratch)))
                    .ifPresent(chosen::add);
        }
        return all(order, objective, chosen);
    }

    private static LevenbergMarquardt all(ArimaOrder order, ArmaObjective objective, List<double[]> starts) {
        double[] bounds = new double[order.coefficients()];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = PartialCoefficients.bound(order, i);
        }
        LevenbergMarquardt best = new LevenbergMarquardt(objective, bounds);
        best.minimise(starts.get(0), ITERATIONS, TOLERANCE);
        for (double[] start : starts.subList(1, starts.size())) {
            LevenbergMarquardt other = new LevenbergMarquardt(objective, bounds);
            other.minimise(start, ITERATIONS, TOLERANCE);
            if (objective.logLikelihood(other.squares()) > objective.logLikelihood(best.squares())) {
                best = other;
            }
        }
        return best;
    }

    private static void checkSample(ArimaSpecification specification, double[] values, double[][] regressors) {
        for (int t = 0; t < values.length; t++) {
            if (Double.isInfinite(values[t])) {
                throw refused("values[" + t + "]", values[t], "be finite, or NaN if it is missing");
            }
        }
        for (int c = 0; c < regressors.length; c++) {
            checkLength("regressors[" + c + "]", regressors[c], values.length);
            for (int t = 0; t < values.length; t++) {
                if (!Double.isFinite(regressors[c][t])) {
                    throw refused("regressors[" + c + "][" + t + "]", regressors[c][t], "be finite");
                }
            }
        }
        ArimaOrder order = specification.order();
        int needed = order.differenced() + order.coefficients() + specification.columns() + regressors.length + 2;
        int present = values.length - Gaps.count(values);
        if (present < needed) {
            throw new InvalidValueException(
                    "values", present + " values that are there", "hold at least " + needed + " for " + specification);
        }
    }

    private static void checkLength(String field, double[] values, int length) {
        if (values.length != length) {
            throw new InvalidValueException(field + ".length", Integer.toString(values.length), "be " + length);
        }
    }

    private static InvalidValueException refused(String field, double value, String allowed) {
        return new InvalidValueException(field, Double.toString(value), allowed);
    }
}
