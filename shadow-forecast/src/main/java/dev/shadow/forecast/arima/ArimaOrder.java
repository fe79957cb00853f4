package dev.shadow.forecast.arima;

import dev.shadow.spi.InvalidValueException;

/**
 * Order of a seasonal ARIMA model: {@code (1 - a1 B - ..)(1 - A1 B^m - ..)(1 - B)^d (1 - B^m)^D y = (1 + b1 B + ..)(1 + B1
 * B^m + ..) e}, in the notation of Box and Jenkins.
 *
 * @param p autoregressive lags, 0 to 60
 * @param d differences, 0 to 3
 * @param q moving average lags, 0 to 60
 * @param seasonalP seasonal autoregressive lags, 0 to 10
 * @param seasonalD seasonal differences, 0 to 2
 * @param seasonalQ seasonal moving average lags, 0 to 10
 * @param period steps in one season, 1 to 1000; with 1 the seasonal part must be 0
 */
public record ArimaOrder(int p, int d, int q, int seasonalP, int seasonalD, int seasonalQ, int period) {
    public ArimaOrder {
        check("p", p, 0, 60);
        check("d", d, 0, 3);
        check("q", q, 0, 60);
        check("period", period, 1, 1000);
        check("seasonalP", seasonalP, 0, period > 1 ? 10 : 0);
        check("seasonalD", seasonalD, 0, period > 1 ? 2 : 0);
        check("seasonalQ", seasonalQ, 0, period > 1 ? 10 : 0);
    }

    /** An order without a season. */
    public static ArimaOrder of(int p, int d, int q) {
        return new ArimaOrder(p, d, q, 0, 0, 0, 1);
    }

    /** This order with a seasonal part. */
    public ArimaOrder seasonal(int seasonalP, int seasonalD, int seasonalQ, int period) {
        return new ArimaOrder(p, d, q, seasonalP, seasonalD, seasonalQ, period);
    }

    /** Number of autoregressive and moving average coefficients. */
    public int coefficients() {
        return p + q + seasonalP + seasonalQ;
    }

    /** Values lost by differencing. */
    public int differenced() {
        return d + period * seasonalD;
    }

    /** {@code delta} of {@code y_t = w_t + sum delta[j] y_(t-1-j)}, where {@code w} is the differenced series. */
    double[] delta() {
        double[] polynomial = {1};
        for (int i = 0; i < d; i++) {
            polynomial = timesDifference(polynomial, 1);
        }
        for (int i = 0; i < seasonalD; i++) {
            polynomial = timesDifference(polynomial, period);
        }
        double[] delta = new double[polynomial.length - 1];
        for (int j = 0; j < delta.length; j++) {
            delta[j] = -polynomial[j + 1];
        }
        return delta;
    }

    /** The differenced series, shorter by {@link #differenced}; NaN where any value it needs is NaN. */
    double[] difference(double[] values) {
        double[] result = values;
        for (int i = 0; i < d; i++) {
            result = difference(result, 1);
        }
        for (int i = 0; i < seasonalD; i++) {
            result = difference(result, period);
        }
        return result == values ? values.clone() : result;
    }

    private static double[] difference(double[] values, int lag) {
        double[] result = new double[Math.max(0, values.length - lag)];
        for (int t = 0; t < result.length; t++) {
            result[t] = values[t + lag] - values[t];
        }
        return result;
    }

    private static double[] timesDifference(double[] polynomial, int lag) {
        double[] product = new double[polynomial.length + lag];
        for (int i = 0; i < polynomial.length; i++) {
            product[i] += polynomial[i];
            product[i + lag] -= polynomial[i];
        }
        return product;
    }

    private static void check(String field, int value, int low, int high) {
        if (value < low || value > high) {
            throw new InvalidValueException(field, Integer.toString(value), "be between " + low + " and " + high);
        }
    }

    @Override
    public String toString() {
        String regular = "ARIMA(" + p + "," + d + "," + q + ")";
        return period == 1
                ? regular
                : regular + "(" + seasonalP + "," + seasonalD + "," + seasonalQ + ")[" + period + "]";
    }
}
