package dev.shadow.forecast.arima;

import dev.shadow.spi.InvalidValueException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A fitted ARIMA model with what a statistician asks of it. Immutable; standard errors, residuals and forecasts are
 * computed when asked for.
 */
public final class ArimaFit {
    private final ArimaSpecification specification;
    private final double[] values;
    private final double[][] columns;
    private final double[] coefficients;
    private final double[] regression;
    private final Likelihood likelihood;
    private final double variance;
    private final double logLikelihood;
    private final int observations;

    private ArimaFit(
            ArimaSpecification specification,
            double[] values,
            double[][] columns,
            double[] coefficients,
            double[] regression,
            Likelihood likelihood) {
        this.specification = specification;
        this.values = values.clone();
        this.columns = columns;
        this.coefficients = coefficients.clone();
        this.regression = regression.clone();
        this.likelihood = likelihood;
        Innovations innovations = innovations(rest());
        ArmaObjective objective = new ArmaObjective(specification.order(), innovations);
        double[] residuals = new double[objective.rows()];
        double squares = objective.residualsAt(coefficients, residuals);
        if (Double.isInfinite(squares)) {
            throw new InvalidValueException("coefficients", Arrays.toString(coefficients), "be stationary");
        }
        this.logLikelihood = objective.logLikelihood(squares);
        this.variance = objective.variance(squares);
        this.observations = innovations.used();
    }

    static ArimaFit of(
            ArimaSpecification specification,
            double[] values,
            double[][] regressors,
            double[] coefficients,
            ArmaObjective objective,
            Likelihood likelihood) {
        objective.residualsAt(coefficients, new double[objective.rows()]);
        return at(specification, values, regressors, coefficients, objective.regression(), likelihood);
    }

    static ArimaFit at(
            ArimaSpecification specification,
            double[] values,
            double[][] regressors,
            double[] coefficients,
            double[] regression,
            Likelihood likelihood) {
        double[][] columns = Arima.columns(specification, values.length, regressors);
        return new ArimaFit(specification, values, columns, coefficients, regression, likelihood);
    }

    private Innovations innovations(double[] series) {
        ArimaOrder order = specification.order();
        return likelihood == Likelihood.EXACT
                ? DifferencedInnovations.of(order, series, new double[0][])
                : KalmanInnovations.of(order, series, new double[0][]);
    }

    /** The series less its regression. */
    private double[] rest() {
        double[] rest = values.clone();
        for (int c = 0; c < columns.length; c++) {
            for (int t = 0; t < rest.length; t++) {
                rest[t] -= regression[c] * columns[c][t];
            }
        }
        return rest;
    }

    /** What was fitted. */
    public ArimaSpecification specification() {
        return specification;
    }

    /** Which likelihood was maximised. */
    public Likelihood likelihood() {
        return likelihood;
    }

    /** A copy of the coefficients in the order ar, ma, seasonal ar, seasonal ma. */
    public double[] coefficients() {
        return coefficients.clone();
    }

    /** A copy of the mean, the drift and the coefficients of the regressors, as far as there are any. */
    public double[] regression() {
        return regression.clone();
    }

    /** All parameters by name ({@code ar1}, {@code ma1}, {@code sar1}, {@code sma1}, {@code mean}, {@code drift}, {@code x1}). */
    public Map<String, Double> parameters() {
        return named(concatenated());
    }

    /** Variance of the innovations at the maximum of the likelihood. */
    public double variance() {
        return variance;
    }

    /** Variance of the innovations, with the number of parameters taken off the number of values. */
    public double unbiasedVariance() {
        return variance * observations / Math.max(1, observations - concatenated().length);
    }

    /** Logarithm of the likelihood, all constants included. */
    public double logLikelihood() {
        return logLikelihood;
    }

    /** Values that are there, less those that differencing takes. */
    public int observations() {
        return observations;
    }

    /** Akaike's criterion. */
    public double aic() {
        return -2 * logLikelihood + 2 * freedom();
    }

    /** Akaike's criterion corrected for small samples; infinite if there are too few values for it. */
    public double aicc() {
        int k = freedom();
        int rest = observations - k - 1;
        return rest > 0 ? aic() + 2.0 * k * (k + 1) / rest : Double.POSITIVE_INFINITY;
    }

    /** Schwarz's criterion. */
    public double bic() {
        return -2 * logLikelihood + Math.log(observations) * freedom();
    }

    private int freedom() {
        return coefficients.length + regression.length + 1;
    }

    /**
     * Standard errors of {@link #parameters} from the curvature of the log-likelihood; NaN where it has no maximum inside,
     * as at a unit root.
     */
    public Map<String, Double> standardErrors() {
        return named(Curvature.standardErrors(this));
    }

    /** The log-likelihood at other parameters, those of the model first; minus infinity outside of the stationary region. */
    double logLikelihoodAt(double[] parameters) {
        double[] moved = values.clone();
        for (int c = 0; c < columns.length; c++) {
            for (int t = 0; t < moved.length; t++) {
                moved[t] -= parameters[coefficients.length + c] * columns[c][t];
            }
        }
        ArmaObjective objective = new ArmaObjective(specification.order(), innovations(moved));
        double squares =
                objective.residualsAt(Arrays.copyOf(parameters, coefficients.length), new double[objective.rows()]);
        return Double.isInfinite(squares) ? Double.NEGATIVE_INFINITY : objective.logLikelihood(squares);
    }

    double[] concatenated() {
        double[] all = Arrays.copyOf(coefficients, coefficients.length + regression.length);
        System.arraycopy(regression, 0, all, coefficients.length, regression.length);
        return all;
    }

    /** Size of each regression column, in which the step of its coefficient is measured. */
    double columnSize(int c) {
        return Math.sqrt(Vectors.dot(columns[c], columns[c]));
    }

    /** Innovations over their standard deviation in units of that of a step ahead; NaN where the value is missing. */
    public double[] residuals() {
        KalmanFilter filter = filter();
        double[] rest = rest();
        double[] residuals = new double[rest.length];
        for (int t = 0; t < rest.length; t++) {
            filter.observe(rest[t]);
            residuals[t] = filter.innovation() / Math.sqrt(filter.innovationVariance());
        }
        return residuals;
    }

    /** What the residuals still hold, at lags up to {@code lags}. */
    public ResidualDiagnostics diagnostics(int lags) {
        return ResidualDiagnostics.of(residuals(), coefficients.length, lags);
    }

    private KalmanFilter filter() {
        return KalmanFilter.start(
                ArmaPolynomials.of(specification.order(), coefficients),
                specification.order().delta());
    }

    /** The filter after the last value. */
    KalmanFilter state() {
        KalmanFilter filter = filter();
        for (double value : rest()) {
            filter.observe(value);
        }
        return filter;
    }

    /** The filter after the last value, to go on with. */
    OnlineFilter online() {
        OnlineFilter filter = OnlineFilter.start(
                ArmaPolynomials.of(specification.order(), coefficients),
                specification.order().delta());
        for (double value : rest()) {
            filter.observe(value);
        }
        return filter;
    }

    /**
     * Means and standard errors of the steps after the last value, the uncertainty of the parameters not included.
     *
     * @param futureRegressors as many columns as in the fit, each as long as the horizon
     * @return two rows: the means and the standard errors
     */
    public double[][] forecast(int horizon, double[][] futureRegressors) {
        if (horizon < 1) {
            throw new InvalidValueException("horizon", Integer.toString(horizon), "be at least 1");
        }
        int own = specification.columns();
        if (futureRegressors.length != regression.length - own) {
            throw new InvalidValueException(
                    "futureRegressors.length",
                    Integer.toString(futureRegressors.length),
                    "be " + (regression.length - own) + " as in the fit");
        }
        KalmanFilter filter = state();
        double[] row = new double[own];
        double[][] result = new double[2][horizon];
        for (int h = 0; h < horizon; h++) {
            specification.fill(values.length + h, row);
            double mean = filter.prediction();
            for (int c = 0; c < regression.length; c++) {
                mean += regression[c] * (c < own ? row[c] : futureRegressors[c - own][h]);
            }
            result[0][h] = mean;
            result[1][h] = Math.sqrt(filter.predictionVariance() * variance);
            filter.advance();
        }
        return result;
    }

    private Map<String, Double> named(double[] all) {
        ArimaOrder order = specification.order();
        Map<String, Double> named = new LinkedHashMap<>();
        int at = 0;
        at = put(named, "ar", order.p(), all, at);
        at = put(named, "ma", order.q(), all, at);
        at = put(named, "sar", order.seasonalP(), all, at);
        at = put(named, "sma", order.seasonalQ(), all, at);
        if (specification.mean()) {
            named.put("mean", all[at++]);
        }
        if (specification.drift()) {
            named.put("drift", all[at++]);
        }
        put(named, "x", all.length - at, all, at);
        return named;
    }

    private static int put(Map<String, Double> named, String name, int count, double[] all, int at) {
        for (int i = 0; i < count; i++) {
            named.put(name + (i + 1), all[at + i]);
        }
        return at + count;
    }

    @Override
    public String toString() {
        return specification + " " + parameters() + " variance=" + variance + " logLikelihood=" + logLikelihood;
    }
}
