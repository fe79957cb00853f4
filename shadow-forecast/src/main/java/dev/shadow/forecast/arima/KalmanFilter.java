package dev.shadow.forecast.arima;

/**
 * The plain Kalman filter of an ARIMA process in state space: the reference for everything faster, and the way through
 * missing values.
 *
 * <p>The state is Harvey's for the ARMA part followed by the past values that differencing needs (Durbin and Koopman,
 * "Time Series Analysis by State Space Methods", 2012, section 3.4). Past values before the first have a large but
 * finite prior variance; an innovation whose variance is above {@link #DIFFUSE} comes from that prior and does not
 * count in the likelihood. {@code O(s^2)} a step for {@code s} states. Variances are in units of the innovations'.
 *
 * <p>Mutable, for one thread; {@link #copy} gives an independent one.
 */
final class KalmanFilter {
    /** Prior variance of a past value before the first, in units of the innovations'. */
    static final double PRIOR = 1e6;

    /** A variance from which an innovation tells of the prior, not of the process. */
    static final double DIFFUSE = 1e4;

    private final double[] phi;
    private final double[] theta;
    private final int[] phiLags;
    private final double[] delta;
    private final int[] deltaLags;
    private final int r;
    private final int size;
    private final double[] mean;
    private final double[] covariance;
    private final double[] gain;
    private final double[] line;

    private double squares;
    private double logarithms;
    private int counted;
    private double innovation;
    private double variance;

    private KalmanFilter(ArmaPolynomials arma, double[] delta) {
        this.r = arma.states();
        this.phi = arma.ar;
        this.phiLags = arma.arLags;
        this.theta = new double[r];
        theta[0] = 1;
        System.arraycopy(arma.ma, 0, theta, 1, arma.ma.length);
        this.delta = delta;
        this.deltaLags = ArmaPolynomials.nonZero(delta);
        this.size = r + delta.length;
        this.mean = new double[size];
        this.covariance = new double[size * size];
        this.gain = new double[size];
        this.line = new double[size];
    }

    private KalmanFilter(KalmanFilter other) {
        phi = other.phi;
        theta = other.theta;
        phiLags = other.phiLags;
        delta = other.delta;
        deltaLags = other.deltaLags;
        r = other.r;
        size = other.size;
        mean = other.mean.clone();
        covariance = other.covariance.clone();
        gain = new double[size];
        line = new double[size];
        squares = other.squares;
        logarithms = other.logarithms;
        counted = other.counted;
    }

    /**
     * Returns a filter before its first value.
     *
     * @throws IllegalArgumentException if the autoregressive part is not stationary
     */
    static KalmanFilter start(ArmaPolynomials arma, double[] delta) {
        KalmanFilter filter = new KalmanFilter(arma, delta);
        int r = filter.r;
        int size = filter.size;
        double[] first = new double[r + 1];
        if (!StationaryStart.covariance(arma, first)) {
            throw new IllegalArgumentException("the autoregressive part must be stationary");
        }
        double[] p = filter.covariance;
        for (int i = r - 1; i >= 0; i--) {
            for (int j = i; j >= 0; j--) {
                double value;
                if (j == 0) {
                    value = first[i];
                } else {
                    double phiI = i < filter.phi.length ? filter.phi[i] : 0;
                    double phiJ = j < filter.phi.length ? filter.phi[j] : 0;
                    double below = i + 1 < r ? phiJ * first[i + 1] + p[(i + 1) * size + j + 1] : 0;
                    double beside = j + 1 < r ? phiI * first[j + 1] : 0;
                    value = phiI * phiJ * first[0] + below + beside + filter.theta[i] * filter.theta[j];
                }
                p[i * size + j] = value;
                p[j * size + i] = value;
            }
        }
        for (int j = r; j < size; j++) {
            p[j * size + j] = PRIOR;
        }
        return filter;
    }

    /** Returns a filter of a process that is not differenced and of which only the next innovation is unknown. */
    static KalmanFilter steady(ArmaPolynomials arma, double[] mean) {
        KalmanFilter filter = new KalmanFilter(arma, new double[0]);
        System.arraycopy(mean, 0, filter.mean, 0, filter.r);
        for (int i = 0; i < filter.r; i++) {
            for (int j = 0; j < filter.r; j++) {
                filter.covariance[i * filter.r + j] = filter.theta[i] * filter.theta[j];
            }
        }
        return filter;
    }

    /** Returns a filter with the ARMA part of this one and other past values, which are known. */
    KalmanFilter withPast(ArmaPolynomials arma, double[] otherDelta, double[] past) {
        KalmanFilter filter = new KalmanFilter(arma, otherDelta);
        System.arraycopy(mean, 0, filter.mean, 0, r);
        System.arraycopy(past, 0, filter.mean, r, past.length);
        for (int i = 0; i < r; i++) {
            System.arraycopy(covariance, i * size, filter.covariance, i * filter.size, r);
        }
        return filter;
    }

    /** Whether no state of the ARMA part has a variance above that of the next innovation's share by {@code tolerance}. */
    boolean knowsAllButTheNext(double tolerance) {
        for (int i = 0; i < r; i++) {
            if (!(Math.abs(covariance[i * size + i] - theta[i] * theta[i]) <= tolerance)) {
                return false;
            }
        }
        return true;
    }

    /** Copies the expectations of as many states as {@code to} is long, beginning with state {@code from}. */
    void copyMean(int from, double[] to) {
        System.arraycopy(mean, from, to, 0, to.length);
    }

    KalmanFilter copy() {
        return new KalmanFilter(this);
    }

    /** Number of states. */
    int size() {
        return size;
    }

    /** Takes one value, NaN if it is missing, and moves to the next step. */
    void observe(double value) {
        double predicted = prediction();
        fillGain();
        variance = observed(gain);
        if (Double.isNaN(value)) {
            innovation = Double.NaN;
        } else {
            innovation = value - predicted;
            if (variance < DIFFUSE) {
                squares += innovation * innovation / variance;
                logarithms += Math.log(variance);
                counted++;
            }
            double factor = 1 / variance;
            for (int i = 0; i < size; i++) {
                double scaled = gain[i] * factor;
                mean[i] += scaled * innovation;
                if (scaled != 0) {
                    for (int j = 0; j < size; j++) {
                        covariance[i * size + j] -= scaled * gain[j];
                    }
                }
            }
        }
        advance();
    }

    /** Expectation of the next value. */
    double prediction() {
        return observed(mean);
    }

    /** Expectations of the next values, without their variances. */
    double[] path(int steps) {
        double[] vector = mean.clone();
        double[] path = new double[steps];
        for (int h = 0; h < steps; h++) {
            path[h] = observed(vector);
            move(vector, 0);
        }
        return path;
    }

    /** Variances of the next values given all before, in units of the innovations'. */
    double[] variances(int steps) {
        KalmanFilter ahead = copy();
        double[] variances = new double[steps];
        for (int h = 0; h < steps; h++) {
            variances[h] = ahead.predictionVariance();
            ahead.advance();
        }
        return variances;
    }

    /** Variance of the sum of the first states of the ARMA part, state {@code i} weighted with {@code weights[last - i]}. */
    double varianceOf(double[] weights, int last) {
        double sum = 0;
        int count = Math.min(r, last + 1);
        for (int i = 0; i < count; i++) {
            double row = 0;
            for (int j = 0; j < count; j++) {
                row += weights[last - j] * covariance[i * size + j];
            }
            sum += weights[last - i] * row;
        }
        return sum;
    }

    /** Variance of the next value given all before, in units of the innovations'. */
    double predictionVariance() {
        fillGain();
        return observed(gain);
    }

    /** The difference between the last value and its expectation, NaN if it was missing. */
    double innovation() {
        return innovation;
    }

    /** Variance of {@link #innovation}, in units of the innovations'. */
    double innovationVariance() {
        return variance;
    }

    /** Sum of the squared standardised innovations that count. */
    double squares() {
        return squares;
    }

    /** Sum of the logarithms of the variances that count. */
    double logarithms() {
        return logarithms;
    }

    /** Number of innovations that count. */
    int counted() {
        return counted;
    }

    private void fillGain() {
        for (int i = 0; i < size; i++) {
            int row = i * size;
            double sum = covariance[row];
            for (int j : deltaLags) {
                sum += delta[j] * covariance[row + r + j];
            }
            gain[i] = sum;
        }
    }

    private double observed(double[] vector) {
        double sum = vector[0];
        for (int j : deltaLags) {
            sum += delta[j] * vector[r + j];
        }
        return sum;
    }

    /** Moves one step without a value. */
    void advance() {
        move(mean, 0);
        for (int i = 0; i < size; i++) {
            move(covariance, i * size);
        }
        moveRows();
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                covariance[i * size + j] += theta[i] * theta[j];
            }
        }
    }

    private void move(double[] vector, int at) {
        double head = vector[at];
        double value = head;
        for (int j : deltaLags) {
            value += delta[j] * vector[at + r + j];
        }
        System.arraycopy(vector, at + 1, vector, at, r - 1);
        vector[at + r - 1] = 0;
        for (int i : phiLags) {
            vector[at + i] += phi[i] * head;
        }
        if (size > r) {
            System.arraycopy(vector, at + r, vector, at + r + 1, size - r - 1);
            vector[at + r] = value;
        }
    }

    private void moveRows() {
        double[] p = covariance;
        double[] head = line;
        double[] value = gain;
        System.arraycopy(p, 0, head, 0, size);
        System.arraycopy(p, 0, value, 0, size);
        for (int j : deltaLags) {
            int row = (r + j) * size;
            for (int k = 0; k < size; k++) {
                value[k] += delta[j] * p[row + k];
            }
        }
        System.arraycopy(p, size, p, 0, (r - 1) * size);
        java.util.Arrays.fill(p, (r - 1) * size, r * size, 0);
        for (int i : phiLags) {
            int row = i * size;
            for (int k = 0; k < size; k++) {
                p[row + k] += phi[i] * head[k];
            }
        }
        if (size > r) {
            System.arraycopy(p, r * size, p, (r + 1) * size, (size - r - 1) * size);
            System.arraycopy(value, 0, p, r * size, size);
        }
    }
}
