package dev.shadow.forecast.arima;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A {@link KalmanFilter} that leaves out what it no longer needs, for following a series value by value.
 *
 * <p>Once all past values that differencing needs were seen, they are known exactly, and the rest is the filter of the
 * differenced series: a value costs {@code O(r^2)} for {@code r} states of the ARMA part, whatever the season differences
 * take. Once nothing but the next innovation is unknown, the gain is that of the moving average for good and a value
 * costs {@code O(r)}. A missing value takes it back to what it needs until the series has caught up. A model with a root
 * of its moving average near the unit circle never gets to the last stage.
 *
 * <p>Mutable, for one thread; {@link #copy} gives an independent one.
 */
final class OnlineFilter {
    /** A variance that is left of the innovations before the next, in units of that of the innovations. */
    private static final double NOTHING = 1e-12;

    private final ArmaPolynomials arma;
    private final double[] delta;
    private final int[] deltaLags;
    private final double[] theta;
    private final int r;

    /** The filter of the series while past values are unknown, of the differenced series after; null once it is steady. */
    private @Nullable KalmanFilter filter;

    private boolean pastIsKnown;
    /** Values since the last missing one. */
    private int run;

    /** The past values, newest first, once they are known. */
    private final double[] past;
    /** Expectation of the state once the filter is steady. */
    private final double[] mean;

    private OnlineFilter(ArmaPolynomials arma, double[] delta, @Nullable KalmanFilter filter, boolean pastIsKnown) {
        this.arma = arma;
        this.delta = delta;
        this.filter = filter;
        this.pastIsKnown = pastIsKnown;
        r = arma.states();
        deltaLags = ArmaPolynomials.nonZero(delta);
        theta = new double[r];
        theta[0] = 1;
        System.arraycopy(arma.ma, 0, theta, 1, arma.ma.length);
        past = new double[delta.length];
        mean = new double[r];
    }

    private OnlineFilter(OnlineFilter other) {
        arma = other.arma;
        delta = other.delta;
        deltaLags = other.deltaLags;
        theta = other.theta;
        r = other.r;
        filter = other.filter == null ? null : other.filter.copy();
        pastIsKnown = other.pastIsKnown;
        run = other.run;
        past = other.past.clone();
        mean = other.mean.clone();
    }

    /**
     * Returns a filter before its first value.
     *
     * @throws IllegalArgumentException if the autoregressive part is not stationary
     */
    static OnlineFilter start(ArmaPolynomials arma, double[] delta) {
        return new OnlineFilter(arma, delta, KalmanFilter.start(arma, delta), delta.length == 0);
    }

    OnlineFilter copy() {
        return new OnlineFilter(this);
    }

    /** Whether only the next innovation is unknown. */
    boolean isSteady() {
        return filter == null;
    }

    /** Takes one value, NaN if it is missing, and moves to the next step. */
    void observe(double value) {
        if (Double.isNaN(value)) {
            withUnknowns().observe(value);
            run = 0;
            return;
        }
        run = Math.min(run + 1, delta.length);
        if (filter == null) {
            observeSteady(value);
            return;
        }
        filter.observe(pastIsKnown ? value - known() : value);
        if (pastIsKnown) {
            remember(value);
        } else if (run >= delta.length) {
            filter.copyMean(r, past);
            filter = filter.withPast(arma, new double[0], new double[0]);
            pastIsKnown = true;
        }
        if (pastIsKnown && filter.knowsAllButTheNext(NOTHING)) {
            filter.copyMean(0, mean);
            filter = null;
        }
    }

    /** The filter in which a value may stay unknown. */
    private KalmanFilter withUnknowns() {
        KalmanFilter full = filter == null ? KalmanFilter.steady(arma, mean) : filter;
        if (pastIsKnown && delta.length > 0) {
            full = full.withPast(arma, delta, past);
            pastIsKnown = false;
        }
        filter = full;
        return full;
    }

    private void observeSteady(double value) {
        double differenced = value - known();
        double innovation = differenced - mean[0];
        System.arraycopy(mean, 1, mean, 0, r - 1);
        mean[r - 1] = 0;
        for (int i : arma.arLags) {
            mean[i] += arma.ar[i] * differenced;
        }
        for (int i : arma.maLags) {
            mean[i] += arma.ma[i] * innovation;
        }
        remember(value);
    }

    /** What the past values alone make of the next one. */
    private double known() {
        double sum = 0;
        for (int j : deltaLags) {
            sum += delta[j] * past[j];
        }
        return sum;
    }

    private void remember(double value) {
        if (past.length > 0) {
            System.arraycopy(past, 0, past, 1, past.length - 1);
            past[0] = value;
        }
    }

    /** Expectations of the next values. */
    double[] path(int steps) {
        if (filter != null && !pastIsKnown) {
            return filter.path(steps);
        }
        double[] path = filter == null ? steadyPath(steps) : filter.path(steps);
        for (int h = 0; h < steps; h++) {
            for (int j : deltaLags) {
                int back = h - 1 - j;
                path[h] += delta[j] * (back >= 0 ? path[back] : past[-1 - back]);
            }
        }
        return path;
    }

    private double[] steadyPath(int steps) {
        double[] path = Arrays.copyOf(mean, steps);
        for (int h = 1; h < steps; h++) {
            for (int i : arma.arLags) {
                if (i >= h) {
                    break;
                }
                path[h] += arma.ar[i] * path[h - 1 - i];
            }
        }
        return path;
    }

    /** Variances of the next values given all before, in units of the innovations'. */
    double[] variances(int steps) {
        if (filter != null && !pastIsKnown) {
            return filter.variances(steps);
        }
        double[] response = response(steps);
        double[] variances = new double[steps];
        double coming = 0;
        for (int h = 0; h < steps; h++) {
            double psi = 0;
            for (int i = 0; i < Math.min(r, h + 1); i++) {
                psi += theta[i] * response[h - i];
            }
            // The state holds what has happened and the innovation to come; those after it are added up.
            variances[h] = coming + (filter == null ? psi * psi : filter.varianceOf(response, h));
            coming += psi * psi;
        }
        return variances;
    }

    /** What one unit at a step does to the series at the steps after. */
    private double[] response(int steps) {
        double[] process = new double[steps];
        double[] series = new double[steps];
        for (int h = 0; h < steps; h++) {
            process[h] = h == 0 ? 1 : 0;
            for (int i = 0; i < Math.min(arma.ar.length, h); i++) {
                process[h] += arma.ar[i] * process[h - 1 - i];
            }
            series[h] = process[h];
            for (int j = 0; j < Math.min(delta.length, h); j++) {
                series[h] += delta[j] * series[h - 1 - j];
            }
        }
        return series;
    }
}
