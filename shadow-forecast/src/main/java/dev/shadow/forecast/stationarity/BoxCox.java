package dev.shadow.forecast.stationarity;

import dev.shadow.spi.InvalidValueException;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * The power transformation of Box and Cox (JRSS B 26, 1964), in the form of Bickel and Doksum (JASA 76, 1981), which takes
 * negative values too if the power is positive: {@code (sign(y) |y|^lambda - 1) / lambda}, the logarithm for 0.
 */
public final class BoxCox {
    private static final double TOLERANCE = Math.pow(Math.ulp(1.0), 0.25);

    private BoxCox() {}

    /** The transformed value; NaN where the power takes no such value. */
    public static double transform(double value, double lambda) {
        if (lambda == 0) {
            return value > 0 ? Math.log(value) : Double.NaN;
        }
        if (lambda < 0 && !(value > 0)) {
            return Double.NaN;
        }
        return (Math.copySign(Math.pow(Math.abs(value), lambda), value) - 1) / lambda;
    }

    /** The value that was transformed; infinite where no value is transformed to this. */
    public static double inverse(double transformed, double lambda) {
        if (lambda == 0) {
            return Math.exp(transformed);
        }
        double power = lambda * transformed + 1;
        if (lambda < 0 && !(power > 0)) {
            return Double.POSITIVE_INFINITY;
        }
        return Math.copySign(Math.pow(Math.abs(power), 1 / lambda), power);
    }

    /**
     * The power between {@code low} and {@code high} at which the spread within stretches of one season is in the steadiest
     * proportion to their level (Guerrero, Journal of Forecasting 12, 1993), to about 1e-4.
     *
     * @param values positive, NaN where missing
     * @param period steps in one season; stretches have at least 2 values
     */
    public static double guerrero(double[] values, int period, double low, double high) {
        checkPositive(values);
        int length = Math.max(2, period);
        int stretches = values.length / length;
        if (stretches < 2) {
            throw new InvalidValueException(
                    "values.length", Integer.toString(values.length), "be at least " + 2 * length);
        }
        int from = values.length - stretches * length;
        double[] means = new double[stretches];
        double[] spreads = new double[stretches];
        for (int s = 0; s < stretches; s++) {
            double[] stretch = Arrays.stream(values, from + s * length, from + (s + 1) * length)
                    .filter(v -> !Double.isNaN(v))
                    .toArray();
            means[s] = Arrays.stream(stretch).average().orElse(Double.NaN);
            spreads[s] = deviation(stretch);
        }
        return minimum(lambda -> variation(means, spreads, lambda), low, high);
    }

    private static double variation(double[] means, double[] spreads, double lambda) {
        double[] ratios = new double[means.length];
        int n = 0;
        for (int s = 0; s < means.length; s++) {
            double ratio = spreads[s] / Math.pow(means[s], 1 - lambda);
            if (!Double.isNaN(ratio)) {
                ratios[n++] = ratio;
            }
        }
        double[] present = Arrays.copyOf(ratios, n);
        return deviation(present) / Arrays.stream(present).average().orElse(Double.NaN);
    }

    /**
     * The power, a multiple of 0.05 between {@code low} and {@code high}, at which a straight line and a seasonal mean leave
     * the most likely normal residuals.
     *
     * @param values positive, none missing
     */
    public static double mostLikely(double[] values, int period, double low, double high) {
        checkPositive(values);
        int n = values.length;
        int k = Math.max(1, period) + 1;
        if (n <= k) {
            throw new InvalidValueException("values.length", Integer.toString(n), "be above " + k);
        }
        double[][] rows = new double[n][k];
        double logarithms = 0;
        for (int t = 0; t < n; t++) {
            rows[t][0] = 1;
            rows[t][1] = t / (double) n;
            if (period > 1 && t % period > 0) {
                rows[t][1 + t % period] = 1;
            }
            logarithms += Math.log(values[t]) / n;
        }
        double best = low;
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; low + 0.05 * i <= high + 1e-9; i++) {
            double lambda = Math.round((low + 0.05 * i) * 100) / 100.0;
            double factor = Math.exp(logarithms * (lambda - 1));
            double[] transformed = new double[n];
            for (int t = 0; t < n; t++) {
                transformed[t] = transform(values[t], lambda) / factor;
            }
            double squares = 0;
            for (double residual : LeastSquares.fit(rows, transformed).residuals()) {
                squares += residual * residual;
            }
            double likelihood = -0.5 * n * Math.log(squares);
            if (likelihood > highest) {
                highest = likelihood;
                best = lambda;
            }
        }
        return best;
    }

    private static double deviation(double[] values) {
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / (values.length - 1));
    }

    private static void checkPositive(double[] values) {
        for (int t = 0; t < values.length; t++) {
            if (values[t] <= 0 || Double.isInfinite(values[t])) {
                throw new InvalidValueException("values[" + t + "]", Double.toString(values[t]), "be positive");
            }
        }
    }

    /** Brent, "Algorithms for Minimization without Derivatives", 1973, chapter 5: golden section and parabolas. */
    private static double minimum(DoubleUnaryOperator f, double low, double high) {
        double golden = (3 - Math.sqrt(5)) * 0.5;
        double precision = Math.sqrt(Math.ulp(1.0));
        double a = low;
        double b = high;
        double x = a + golden * (b - a);
        double w = x;
        double v = x;
        double fx = f.applyAsDouble(x);
        double fw = fx;
        double fv = fx;
        double step = 0;
        double before = 0;
        while (true) {
            double middle = 0.5 * (a + b);
            double close = precision * Math.abs(x) + TOLERANCE / 3;
            if (Math.abs(x - middle) <= 2 * close - 0.5 * (b - a)) {
                return x;
            }
            double p = 0;
            double q = 0;
            double r = 0;
            if (Math.abs(before) > close) {
                r = (x - w) * (fx - fv);
                q = (x - v) * (fx - fw);
                p = (x - v) * q - (x - w) * r;
                q = 2 * (q - r);
                p = q > 0 ? -p : p;
                q = Math.abs(q);
                r = before;
                before = step;
            }
            double u;
            if (Math.abs(p) >= Math.abs(0.5 * q * r) || p <= q * (a - x) || p >= q * (b - x)) {
                before = x < middle ? b - x : a - x;
                step = golden * before;
            } else {
                step = p / q;
                u = x + step;
                if (u - a < 2 * close || b - u < 2 * close) {
                    step = x >= middle ? -close : close;
                }
            }
            u = x + (Math.abs(step) >= close ? step : Math.copySign(close, step));
            double fu = f.applyAsDouble(u);
            if (fu <= fx) {
                if (u < x) {
                    b = x;
                } else {
                    a = x;
                }
                v = w;
                fv = fw;
                w = x;
                fw = fx;
                x = u;
                fx = fu;
            } else {
                if (u < x) {
                    a = u;
                } else {
                    b = u;
                }
                if (fu <= fw || w == x) {
                    v = w;
                    fv = fw;
                    w = u;
                    fw = fu;
                } else if (fu <= fv || v == x || v == w) {
                    v = u;
                    fv = fu;
                }
            }
        }
    }
}
