package dev.shadow.forecast.smoothing;

import dev.shadow.spi.InvalidValueException;
import java.util.Arrays;

/**
 * Splits a series, value by value, into a slow mean, an additive seasonal profile around it, and levels of what is
 * left, one per gain. All three are exponential smoothing without trend (Hyndman, Koehler, Ord, Snyder,
 * "Forecasting with Exponential Smoothing", Springer 2008, ch. 2); gains of the young state are {@code 1 / n}, so
 * that it starts as a plain average.
 *
 * <p>A value costs the same whatever the season. Missing values move the phase and nothing else. A constant series is
 * reproduced exactly. Not thread-safe.
 */
public final class SeasonalLevel {
    private static final double[] GAINS = {1, 0.5, 0.2, 0.07};

    private final int season;
    private final double slowGain;
    private final double profileGain;
    private final double[] levels;
    private final double[] profile;
    private final int[] seenInPhase;
    private double slow;
    private int seen;
    private int phase;

    private SeasonalLevel(
            int season, double slowGain, double profileGain, double[] levels, double[] profile, int[] seenInPhase) {
        this.season = season;
        this.slowGain = slowGain;
        this.profileGain = profileGain;
        this.levels = levels;
        this.profile = profile;
        this.seenInPhase = seenInPhase;
    }

    /** Returns a state without a season whose mean takes over {@code slowGain} of each deviation. */
    public static SeasonalLevel plain(double slowGain) {
        return seasonal(1, slowGain, 1);
    }

    /**
     * Returns a state that has seen nothing.
     *
     * @param season steps in one season, at least 1; 1 for none
     * @param slowGain share of a deviation that the mean takes over, above 0, at most 1
     * @param profileGain share of a deviation that a phase takes over per season, above 0, at most 1
     */
    public static SeasonalLevel seasonal(int season, double slowGain, double profileGain) {
        return new SeasonalLevel(
                season, slowGain, profileGain, new double[GAINS.length], new double[season], new int[season]);
    }

    /** Number of levels, each with its own gain. */
    static int gains() {
        return GAINS.length;
    }

    /** The share of the newest deviation that level {@code gain} takes over. */
    static double gain(int gain) {
        return GAINS[gain];
    }

    /** Which level takes over {@code gain}. */
    static int indexOfGain(double gain) {
        for (int i = 0; i < GAINS.length; i++) {
            if (GAINS[i] == gain) {
                return i;
            }
        }
        throw new InvalidValueException("gain", Double.toString(gain), "be one of " + Arrays.toString(GAINS));
    }

    SeasonalLevel copy() {
        SeasonalLevel twin =
                new SeasonalLevel(season, slowGain, profileGain, levels.clone(), profile.clone(), seenInPhase.clone());
        twin.slow = slow;
        twin.seen = seen;
        twin.phase = phase;
        return twin;
    }

    void observe(double value) {
        if (!Double.isNaN(value)) {
            take(value);
        }
        phase = phase + 1 == season ? 0 : phase + 1;
    }

    private void take(double value) {
        if (seen == 0) {
            slow = value;
            Arrays.fill(levels, value);
        }
        seen = Math.min(seen + 1, 1_000_000);
        double adjusted = value - profile[phase];
        for (int i = 0; i < levels.length; i++) {
            levels[i] += GAINS[i] * (adjusted - levels[i]);
        }
        slow += Math.max(slowGain, 1.0 / seen) * (adjusted - slow);
        if (season > 1) {
            takeIntoProfile(value - slow);
        }
    }

    private void takeIntoProfile(double deviation) {
        int times = Math.min(seenInPhase[phase] + 1, 1_000_000);
        seenInPhase[phase] = times;
        profile[phase] += Math.max(profileGain, 1.0 / (times + 1)) * (deviation - profile[phase]);
    }

    double slow() {
        return slow;
    }

    double level(int gain) {
        return levels[gain];
    }

    /** The profile {@code h} steps ahead, at least 1. */
    double profile(int h) {
        return profile[(int) ((phase + h - 1L) % season)];
    }

    /** The value {@code h} steps ahead if the share {@code kept} of the present deviation remains by then. */
    double ahead(int h, int gain, double kept) {
        return slow + profile(h) + kept * (levels[gain] - slow);
    }
}
