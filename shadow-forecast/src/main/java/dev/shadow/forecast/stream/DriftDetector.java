package dev.shadow.forecast.stream;

import java.io.IOException;

/**
 * Tells when outcomes fall outside their 95 percent interval far more often than one time in twenty: the cumulative sum
 * of log-likelihood ratios of two Bernoulli rates (Page, Biometrika 41, 1954). Being about the share of outcomes, it
 * needs no scale, and a single wild value does not set it off. Not thread-safe.
 */
final class DriftDetector {
    private static final double USUAL = 0.05;
    private static final double DRIFTED = 0.4;
    private static final double ON_OUTSIDE = Math.log(DRIFTED / USUAL);
    private static final double ON_INSIDE = Math.log((1 - DRIFTED) / (1 - USUAL));
    /** Five outcomes outside in a row, or as much. */
    private static final double LIMIT = 10;

    private double sum;
    private long drifts;

    /** Takes what was found of an outcome; whether this makes it a drift. */
    boolean isDrift(Mixture.Verdict verdict) {
        if (verdict == Mixture.Verdict.UNKNOWN) {
            return false;
        }
        sum = Math.max(0, sum + (verdict == Mixture.Verdict.OUTSIDE ? ON_OUTSIDE : ON_INSIDE));
        if (sum < LIMIT) {
            return false;
        }
        sum = 0;
        drifts++;
        return true;
    }

    /** Drifts found so far. */
    long drifts() {
        return drifts;
    }

    DriftDetector copy() {
        DriftDetector twin = new DriftDetector();
        twin.sum = sum;
        twin.drifts = drifts;
        return twin;
    }

    void write(StateWriter out) {
        out.putDouble(sum);
        out.putLong(drifts);
    }

    void read(StateReader in) throws IOException {
        sum = in.inside("sum of the drift detector", in.getDouble(), 0, LIMIT);
        drifts = in.getLong();
        in.require(drifts >= 0, "drifts must not be negative, were " + drifts);
    }
}
