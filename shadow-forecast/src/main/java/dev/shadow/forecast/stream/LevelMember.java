package dev.shadow.forecast.stream;

import java.io.IOException;
import java.util.Arrays;

/**
 * Exponential smoothing around a mean, with or without a season, whose gain and damping are chosen for each distance
 * by the errors that they would have made, and whose quantiles come from the errors that were made.
 *
 * <p>The forecast of {@code h} steps ahead is {@code mean + profile(h) + kept * (level - mean)}: a direct forecast
 * (Marcellino, Stock and Watson, Journal of Econometrics 135, 2006) with the gain of {@code level} and the share
 * {@code kept} of the least decayed absolute error at that distance. Each forecast of a distance waits for its outcome;
 * the error then joins the sketch of that distance, which is split conformal prediction with decaying weights. A value
 * costs the same whatever was seen. Missing values move the phase and nothing else. Not thread-safe.
 */
final class LevelMember {
    private static final double[] GAINS = {1, 0.5, 0.2, 0.07};
    private static final double[] KEPT = {0, 0.4, 0.7, 0.9, 1};
    private static final int CHOICES = GAINS.length * KEPT.length;
    /** Numbers of an open forecast: mean with profile, and the deviation of each level. */
    private static final int OPEN = 1 + GAINS.length;

    private static final int BUCKETS = 20;
    private static final int MOST_SEEN = 1_000_000;
    private static final int MOST_IN_PHASE = 100;
    /** A forgetful mean goes on as if it had seen so many values. */
    private static final int LEFT = 8;

    private final Distances distances;
    private final double slowGain;
    private final double profileGain;
    private final double[] levels = new double[GAINS.length];
    private final double[] profile;
    private final byte[] seenInPhase;
    private final double[] open;
    private final double[] costs;
    private final byte[] chosen;
    private final SketchBank errors;
    private double slow;
    private int seen;
    private int phase;

    /**
     * Creates a member that has seen nothing.
     *
     * @param season steps in one season, 1 for none
     * @param slowGain share of a deviation that the mean takes over, above 0, at most 1
     * @param profileGain share of a deviation that a phase takes over per season, above 0, at most 1
     */
    LevelMember(Distances distances, int season, double slowGain, double profileGain) {
        this.distances = distances;
        this.slowGain = slowGain;
        this.profileGain = profileGain;
        profile = new double[season];
        seenInPhase = new byte[season];
        open = new double[distances.places() * OPEN];
        Arrays.fill(open, Double.NaN);
        costs = new double[distances.size() * CHOICES];
        chosen = new byte[distances.size()];
        errors = new SketchBank(distances.size(), BUCKETS);
    }

    private LevelMember(LevelMember other) {
        distances = other.distances;
        slowGain = other.slowGain;
        profileGain = other.profileGain;
        System.arraycopy(other.levels, 0, levels, 0, levels.length);
        profile = other.profile.clone();
        seenInPhase = other.seenInPhase.clone();
        open = other.open.clone();
        costs = other.costs.clone();
        chosen = other.chosen.clone();
        errors = other.errors.copy();
        slow = other.slow;
        seen = other.seen;
        phase = other.phase;
    }

    LevelMember copy() {
        return new LevelMember(this);
    }

    /** Takes the finite value at {@code time}, or NaN if it is missing. */
    void observe(double value, long time) {
        boolean there = !Double.isNaN(value);
        for (int d = 0; there && d < distances.size(); d++) {
            if (distances.isCompared(d, time)) {
                compare(d, distances.place(d, time) * OPEN, value);
            }
        }
        if (there) {
            take(value);
        }
        phase = phase + 1 == profile.length ? 0 : phase + 1;
        for (int d = 0; d < distances.size(); d++) {
            long outcome = time + distances.step(d);
            if (distances.isCompared(d, outcome)) {
                open(d, distances.place(d, outcome) * OPEN);
            }
        }
    }

    private void compare(int d, int at, double value) {
        if (Double.isNaN(open[at])) {
            return;
        }
        int choice = chosen[d];
        double deviation = value - open[at];
        double made = deviation - KEPT[choice % KEPT.length] * open[at + 1 + choice / KEPT.length];
        double decay = distances.decay(d);
        errors.add(d, made, (float) decay);
        int best = 0;
        int i = d * CHOICES;
        double least = Double.POSITIVE_INFINITY;
        for (int c = 0; c < CHOICES; c++, i++) {
            double miss = Math.abs(deviation - KEPT[c % KEPT.length] * open[at + 1 + c / KEPT.length]);
            costs[i] += (1 - decay) * (miss - costs[i]);
            if (costs[i] < least) {
                least = costs[i];
                best = c;
            }
        }
        chosen[d] = (byte) best;
    }

    private void take(double value) {
        if (seen == 0) {
            slow = value;
            Arrays.fill(levels, value);
        }
        seen = Math.min(seen + 1, MOST_SEEN);
        double adjusted = value - profile[phase];
        for (int i = 0; i < levels.length; i++) {
            levels[i] += GAINS[i] * (adjusted - levels[i]);
        }
        slow += Math.max(slowGain, 1.0 / seen) * (adjusted - slow);
        if (profile.length > 1) {
            int times = Math.min(seenInPhase[phase] + 1, MOST_IN_PHASE);
            seenInPhase[phase] = (byte) times;
            profile[phase] += Math.max(profileGain, 1.0 / (times + 1)) * (value - slow - profile[phase]);
        }
    }

    private void open(int d, int at) {
        if (seen > 0) {
            open[at] = slow + profile(distances.step(d));
            for (int i = 0; i < levels.length; i++) {
                open[at + 1 + i] = levels[i] - slow;
            }
        }
    }

    private double profile(int h) {
        return profile[(int) ((phase + h - 1L) % profile.length)];
    }

    /** The point {@code h} steps ahead by the choice of distance {@code d}. */
    double point(int d, int h) {
        int choice = chosen[d];
        return slow + profile(h) + KEPT[choice % KEPT.length] * (levels[choice / KEPT.length] - slow);
    }

    /** Share of the present deviation that is kept at distance {@code d}. */
    double kept(int d) {
        return KEPT[chosen[d] % KEPT.length];
    }

    /** The errors made, by distance. */
    SketchBank errors() {
        return errors;
    }

    /** Lets what comes count for more than what was seen. */
    void forget(float share) {
        errors.forget(share);
        seen = Math.min(seen, LEFT);
    }

    void write(StateWriter out) {
        out.putDouble(slow);
        out.putInt(seen);
        out.putInt(phase);
        out.putDoubles(levels);
        out.putDoubles(profile);
        out.putBytes(seenInPhase);
        out.putDoubles(open);
        out.putDoubles(costs);
        out.putBytes(chosen);
        errors.write(out);
    }

    /** Takes over what {@link #write} wrote of a member of the same season. */
    void read(StateReader in) throws IOException {
        slow = in.finite("mean", in.getDouble());
        seen = in.integer("values seen", in.getInt(), 0, MOST_SEEN);
        phase = in.integer("phase", in.getInt(), 0, profile.length - 1);
        in.finite("level", levels);
        in.finite("profile", profile);
        in.integers("values in a phase", seenInPhase, MOST_IN_PHASE);
        in.finiteOrMissing("open forecast", open);
        in.inside("cost", costs, Double.MAX_VALUE);
        in.integers("choice", chosen, CHOICES - 1);
        errors.read(in);
    }
}
