package dev.shadow.forecast.arima;

import dev.shadow.forecast.ensemble.Findings;
import dev.shadow.forecast.ensemble.PointMethod;
import dev.shadow.spi.InvalidValueException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

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
        return at(values, search(values, season));
    }

    /**
     * Searches for the order and its parameters: {@code p} to {@code seasonalQ}, and those of {@link ArimaFit#parameters};
     * nothing for a constant.
     */
    public static Map<String, Double> search(double[] values, int season) {
        double[] last = last(values);
        Scale scale = Scale.of(last);
        if (scale.isConstant()) {
            return Map.of();
        }
        ArimaFit fit = OrderSearch.of(season).search(scale.applied(last));
        ArimaOrder order = fit.specification().order();
        Map<String, Double> found = new LinkedHashMap<>();
        found.put("p", (double) order.p());
        found.put("d", (double) order.d());
        found.put("q", (double) order.q());
        found.put("seasonalP", (double) order.seasonalP());
        found.put("seasonalD", (double) order.seasonalD());
        found.put("seasonalQ", (double) order.seasonalQ());
        found.put("period", (double) order.period());
        found.putAll(fit.parameters());
        return found;
    }

    /**
     * Returns the method that {@link #fit} returned, without searching again.
     *
     * @param found what {@link #search} returned
     * @throws InvalidValueException if a number is not there or out of range
     */
    public static ArimaMethod at(double[] values, Map<String, Double> found) {
        double[] last = last(values);
        Scale scale = Scale.of(last);
        if (scale.isConstant()) {
            return walk(scale);
        }
        ArimaOrder order = new ArimaOrder(
                (int) Findings.number(found, "p"),
                (int) Findings.number(found, "d"),
                (int) Findings.number(found, "q"),
                (int) Findings.number(found, "seasonalP"),
                (int) Findings.number(found, "seasonalD"),
                (int) Findings.number(found, "seasonalQ"),
                (int) Findings.number(found, "period"));
        ArimaSpecification specification =
                new ArimaSpecification(order, found.containsKey("mean"), found.containsKey("drift"));
        KalmanFilter filter = KalmanFilter.start(ArmaPolynomials.of(order, coefficients(order, found)), order.delta());
        return new ArimaMethod(
                filter, specification, regression(specification, found), scale, last.length - values.length);
    }

    private static double[] last(double[] values) {
        return Arrays.copyOfRange(values, Math.max(0, values.length - MOST_VALUES), values.length);
    }

    private static double[] coefficients(ArimaOrder order, Map<String, Double> found) {
        return IntStream.range(0, order.coefficients())
                .mapToDouble(i -> Findings.number(found, coefficient(order, i)))
                .toArray();
    }

    private static String coefficient(ArimaOrder order, int index) {
        String[] names = {"ar", "ma", "sar", "sma"};
        int[] counts = {order.p(), order.q(), order.seasonalP(), order.seasonalQ()};
        int kind = 0;
        int rest = index;
        while (rest >= counts[kind]) {
            rest -= counts[kind++];
        }
        return names[kind] + (rest + 1);
    }

    private static double[] regression(ArimaSpecification specification, Map<String, Double> found) {
        double[] regression = new double[specification.columns()];
        int at = 0;
        if (specification.mean()) {
            regression[at++] = Findings.number(found, "mean");
        }
        if (specification.drift()) {
            regression[at] = Findings.number(found, "drift");
        }
        return regression;
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
