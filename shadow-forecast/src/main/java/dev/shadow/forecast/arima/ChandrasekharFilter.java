package dev.shadow.forecast.arima;

import java.util.Arrays;

/**
 * The innovations of a stationary ARMA process without missing values, exactly, in {@code O(n r)} for {@code r} states
 * until the filter is steady and in {@code O(n)} times the number of coefficients from there.
 *
 * <p>The Kalman filter of a stationary start changes its state covariance by a matrix of rank one at each step, so that a
 * vector stands for the matrix (Morf, Sidhu, Kailath, IEEE Transactions on Automatic Control 19, 1974; Pearlman,
 * Biometrika 67, 1980; Mélard, Applied Statistics 33, 1984). Shifting the state is moving an offset, and a step at which
 * the vector starts with zero, as most of a purely seasonal model do, costs nothing but the shift.
 *
 * <p>Several columns, the series and its regressors, go through the same gains. An instance holds scratch memory and
 * belongs to one thread.
 */
final class ChandrasekharFilter {
    /** The rest of the filter's way to its steady state is below the square of this. */
    private static final double STEADY = 1e-7;

    private double[] gain = new double[0];
    private double[] direction = new double[0];
    private double[] start = new double[0];
    private double[][] states = new double[0][];

    /**
     * Filters columns of equal length.
     *
     * @param out receives the innovations, each divided by its standard deviation in units of the innovations'
     * @return the sum of the logarithms of the innovations' variances, or NaN if the process is not stationary
     */
    double filter(ArmaPolynomials arma, double[][] columns, double[][] out) {
        int n = columns[0].length;
        int r = arma.states();
        reserve(n + r + 1, r, columns.length);
        if (!StationaryStart.covariance(arma, start)) {
            return Double.NaN;
        }
        double[] k = gain;
        double[] l = direction;
        double variance = start[0];
        for (int i = 0; i < r; i++) {
            k[i] = (i + 1 < r ? start[i + 1] : 0) + (i < arma.ar.length ? arma.ar[i] * variance : 0);
            l[i] = k[i];
        }
        double product = 1;
        double logarithms = 0;
        int t = 0;
        while (t < n) {
            double inverse = 1 / variance;
            double root = Math.sqrt(inverse);
            product *= variance;
            if (product > 1e100) {
                logarithms += Math.log(product);
                product = 1;
            }
            for (int c = 0; c < columns.length; c++) {
                double[] state = states[c];
                double innovation = columns[c][t] - state[t];
                out[c][t] = innovation * root;
                shift(arma, state, t);
                if (innovation != 0) {
                    add(k, innovation * inverse, state, t + 1, r);
                }
            }
            double head = l[t];
            if (head != 0) {
                shift(arma, l, t);
                double reflection = head * inverse;
                turn(k, l, t + 1, r, reflection);
                variance = Math.max(1, variance - head * reflection);
            }
            t++;
            if ((t & 3) == 0 && variance < 1 + 1e-6 && isSmall(l, t, r)) {
                break;
            }
        }
        for (int c = 0; c < columns.length; c++) {
            steady(arma, columns[c], states[c], out[c], t);
        }
        return logarithms + Math.log(product);
    }

    private static void shift(ArmaPolynomials arma, double[] state, int t) {
        double head = state[t];
        if (head != 0) {
            for (int i : arma.arLags) {
                state[t + 1 + i] += arma.ar[i] * head;
            }
        }
    }

    private static void add(double[] vector, double factor, double[] to, int at, int r) {
        for (int i = 0; i < r; i++) {
            to[at + i] += factor * vector[i];
        }
    }

    private static void turn(double[] k, double[] l, int at, int r, double reflection) {
        for (int i = 0; i < r; i++) {
            double old = k[i];
            double moved = l[at + i];
            k[i] = old - reflection * moved;
            l[at + i] = moved - reflection * old;
        }
    }

    private static boolean isSmall(double[] l, int at, int r) {
        double squares = 0;
        for (int i = 0; i < r; i++) {
            squares += l[at + i] * l[at + i];
        }
        return squares < STEADY * STEADY;
    }

    private static void steady(ArmaPolynomials arma, double[] column, double[] state, double[] out, int from) {
        double[] ar = arma.ar;
        double[] ma = arma.ma;
        int[] arLags = arma.arLags;
        int[] maLags = arma.maLags;
        for (int t = from; t < column.length; t++) {
            double value = column[t];
            double innovation = value - state[t];
            out[t] = innovation;
            for (int i : arLags) {
                state[t + 1 + i] += ar[i] * value;
            }
            for (int i : maLags) {
                state[t + 1 + i] += ma[i] * innovation;
            }
        }
    }

    private void reserve(int length, int r, int columns) {
        if (gain.length < r || start.length < r + 1) {
            gain = new double[r];
            start = new double[r + 1];
        }
        direction = cleared(direction, length);
        if (states.length < columns) {
            states = Arrays.copyOf(states, columns);
        }
        for (int c = 0; c < columns; c++) {
            states[c] = cleared(states[c], length);
        }
    }

    private static double[] cleared(double @org.jspecify.annotations.Nullable [] buffer, int length) {
        if (buffer == null || buffer.length < length) {
            return new double[length];
        }
        Arrays.fill(buffer, 0, length, 0);
        return buffer;
    }
}
