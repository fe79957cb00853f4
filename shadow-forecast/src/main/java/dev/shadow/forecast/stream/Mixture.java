package dev.shadow.forecast.stream;

import java.io.IOException;
import java.util.Arrays;

/**
 * Learns, value by value, with which weights the quantiles of several members are best averaged at each distance.
 *
 * <p>What the members say of a distance waits until the outcome comes. A weight is the inverse square of the member's
 * own decayed pinball loss, times the exponential of its decayed gradient: exponentiated gradient on the loss of the
 * average (Kivinen and Warmuth, Information and Computation 132, 1997) with a memory that fades, as in Berrisch and
 * Ziel, "CRPS learning", Journal of Econometrics 237, 2023. The lower, the central and the upper part of the
 * distribution have weights of their own, with straight lines between. Not thread-safe.
 */
final class Mixture {
    static final double[] LEVELS = {0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975};
    /** Levels in the middle of the lower, the central and the upper part. */
    private static final double[] PARTS = {0.05, 0.5, 0.95};

    /** Index of the distance whose outcomes tell of a drift. */
    private static final int JUDGED = 3;

    private static final int FEWEST = 5;
    private static final int MOST_SEEN = 1_000_000;
    /** A forgetful loss goes on as if it were the mean of so many. */
    private static final int LEFT = 8;
    /** Losses below it are those of numbers so small that steps along their gradient overflow. */
    private static final double SMALLEST_LOSS = 1e-280;
    /** Share of the greatest loss that is added to all, so that a member without loss does not win by infinity. */
    private static final double FLOOR = 1e-6;

    private static final double LEAST_WEIGHT = 1e-6;
    private static final double STEEPEST = 3;

    /** Where an outcome lay. */
    enum Verdict {
        /** Nothing waited for it. */
        UNKNOWN,
        /** Within the outermost quantiles of the average. */
        INSIDE,
        /** Beyond them. */
        OUTSIDE
    }

    private final Distances distances;
    private final int members;
    /** By place, member, level; the first is NaN where nothing waits. */
    private final double[] views;
    /** Decayed mean loss by distance and member. */
    private final double[] losses;
    /** Decayed mean loss of the average by distance. */
    private final double[] blended;
    /** Decayed sum of scaled gradients by distance, part, member. */
    private final double[] gradients;

    private final double[] weights;
    private final int[] seen;

    Mixture(Distances distances, int members) {
        this.distances = distances;
        this.members = members;
        views = new double[distances.places() * members * LEVELS.length];
        Arrays.fill(views, Double.NaN);
        losses = new double[distances.size() * members];
        blended = new double[distances.size()];
        gradients = new double[distances.size() * PARTS.length * members];
        weights = new double[gradients.length];
        Arrays.fill(weights, 1.0 / members);
        seen = new int[distances.size()];
    }

    private Mixture(Mixture other) {
        distances = other.distances;
        members = other.members;
        views = other.views.clone();
        losses = other.losses.clone();
        blended = other.blended.clone();
        gradients = other.gradients.clone();
        weights = other.weights.clone();
        seen = other.seen.clone();
    }

    Mixture copy() {
        return new Mixture(this);
    }

    Distances distances() {
        return distances;
    }

    /** Where in {@link #views} the quantiles of the members go for a forecast with its outcome at {@code time}. */
    int place(int d, long time) {
        return distances.place(d, time) * members * LEVELS.length;
    }

    double[] views() {
        return views;
    }

    /** Compares the outcome at {@code time} with what waits for it. */
    Verdict learn(double value, long time) {
        Verdict verdict = Verdict.UNKNOWN;
        for (int d = 0; d < distances.size(); d++) {
            int at = place(d, time);
            if (distances.isCompared(d, time) && !Double.isNaN(views[at])) {
                Verdict here = learn(d, at, value);
                verdict = d == JUDGED ? here : verdict;
            }
        }
        return verdict;
    }

    private Verdict learn(int d, int at, double value) {
        seen[d] = Math.min(seen[d] + 1, MOST_SEEN);
        double gain = Math.max(1 - distances.decay(d), 1.0 / seen[d]);
        learnLosses(d, at, value, gain);
        int gradient = d * PARTS.length * members;
        for (int i = gradient; i < gradient + PARTS.length * members; i++) {
            gradients[i] *= distances.decay(d);
        }
        double loss = 0;
        boolean above = false;
        boolean below = false;
        for (int q = 0; q < LEVELS.length; q++) {
            double average = average(d, at, q);
            loss += pinball(value, average, LEVELS[q]) / LEVELS.length;
            below |= q == 0 && value < average;
            above |= q == LEVELS.length - 1 && value > average;
            if (blended[d] > SMALLEST_LOSS) {
                learnGradients(d, at, q, average, value);
            }
        }
        blended[d] += gain * (loss - blended[d]);
        reweigh(d);
        return above || below ? Verdict.OUTSIDE : Verdict.INSIDE;
    }

    private void learnLosses(int d, int at, double value, double gain) {
        for (int k = 0; k < members; k++) {
            double sum = 0;
            for (int q = 0; q < LEVELS.length; q++) {
                sum += pinball(value, views[at + k * LEVELS.length + q], LEVELS[q]);
            }
            int i = d * members + k;
            losses[i] += gain * (sum / LEVELS.length - losses[i]);
        }
    }

    private double average(int d, int at, int q) {
        double first = views[at + q];
        double average = first;
        for (int k = 1; k < members; k++) {
            average += weight(d, k, LEVELS[q]) * (views[at + k * LEVELS.length + q] - first);
        }
        return average;
    }

    private void learnGradients(int d, int at, int q, double average, double value) {
        int upper = upperPart(LEVELS[q]);
        double share = share(LEVELS[q], upper);
        int low = (d * PARTS.length + upper - 1) * members;
        double slope = (value >= average ? -LEVELS[q] : 1 - LEVELS[q]) / (blended[d] * LEVELS.length);
        for (int k = 0; k < members; k++) {
            double pull = slope * (views[at + k * LEVELS.length + q] - average);
            pull = PARTS.length * Math.max(-STEEPEST, Math.min(STEEPEST, pull));
            gradients[low + members + k] += share * pull;
            gradients[low + k] += (1 - share) * pull;
        }
    }

    private void reweigh(int d) {
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (int k = 0; k < members; k++) {
            least = Math.min(least, losses[d * members + k]);
            most = Math.max(most, losses[d * members + k]);
        }
        if (seen[d] < FEWEST || !(most > SMALLEST_LOSS)) {
            return;
        }
        for (int part = 0; part < PARTS.length; part++) {
            int from = (d * PARTS.length + part) * members;
            double smallest = Double.POSITIVE_INFINITY;
            for (int k = 0; k < members; k++) {
                smallest = Math.min(smallest, gradients[from + k]);
            }
            double sum = 0;
            for (int k = 0; k < members; k++) {
                double ratio = (least + FLOOR * most) / (losses[d * members + k] + FLOOR * most);
                double weight = ratio * ratio * Math.exp(smallest - gradients[from + k]);
                weights[from + k] = Math.max(weight, LEAST_WEIGHT);
                sum += weights[from + k];
            }
            for (int k = 0; k < members; k++) {
                weights[from + k] /= sum;
            }
        }
    }

    private static double pinball(double value, double quantile, double level) {
        double miss = value - quantile;
        return Math.max(level * miss, (level - 1) * miss);
    }

    private static double share(double level, int upper) {
        double share = (level - PARTS[upper - 1]) / (PARTS[upper] - PARTS[upper - 1]);
        return Math.max(0, Math.min(1, share));
    }

    private static int upperPart(double level) {
        return level <= PARTS[1] ? 1 : 2;
    }

    /** The weight of a member for a level at distance {@code h}. */
    double weight(int member, double level, int h) {
        int above = distances.atOrAbove(h);
        int below = distances.below(above, h);
        double near = weight(below, member, level);
        return below == above ? near : near + distances.share(below, above, h) * (weight(above, member, level) - near);
    }

    private double weight(int d, int member, double level) {
        int upper = upperPart(level);
        int low = (d * PARTS.length + upper - 1) * members + member;
        return weights[low] + share(level, upper) * (weights[low + members] - weights[low]);
    }

    /** Lets what comes count for more than what was learnt. */
    void forget(double share) {
        for (int d = 0; d < seen.length; d++) {
            seen[d] = Math.min(seen[d], LEFT);
        }
        for (int i = 0; i < gradients.length; i++) {
            gradients[i] *= share;
        }
    }

    void write(StateWriter out) {
        for (int times : seen) {
            out.putInt(times);
        }
        out.putDoubles(losses);
        out.putDoubles(blended);
        out.putDoubles(gradients);
        out.putDoubles(weights);
        out.putDoubles(views);
    }

    /** Takes over what {@link #write} wrote of as many members. */
    void read(StateReader in) throws IOException {
        for (int d = 0; d < seen.length; d++) {
            seen[d] = in.integer("outcomes seen", in.getInt(), 0, MOST_SEEN);
        }
        in.inside("loss", losses, Double.MAX_VALUE);
        in.inside("loss", blended, Double.MAX_VALUE);
        in.finite("gradient", gradients);
        in.inside("weight", weights, 1);
        in.finiteOrMissing("view", views);
    }
}
