package dev.shadow.forecast.smoothing;

import dev.shadow.forecast.ensemble.PointMethod;
import java.util.function.Function;

/**
 * A method without a season applied to what a running seasonal profile leaves. The profile of a moment is that known
 * before it, so the method is fitted to, and judged by, what it will really meet. Not thread-safe.
 */
public final class AroundSeason implements PointMethod {
    private final SeasonalLevel profile;
    private final PointMethod inner;

    private AroundSeason(SeasonalLevel profile, PointMethod inner) {
        this.profile = profile;
        this.inner = inner;
    }

    /**
     * Returns a method that has seen nothing.
     *
     * @param values the history, NaN for a missing value
     * @param profile a state that has seen nothing
     * @param fit makes the method without a season from the values without theirs
     */
    public static AroundSeason fit(double[] values, SeasonalLevel profile, Function<double[], PointMethod> fit) {
        SeasonalLevel running = profile.copy();
        double[] rest = new double[values.length];
        for (int t = 0; t < values.length; t++) {
            rest[t] = values[t] - running.profile(1);
            running.observe(values[t]);
        }
        return new AroundSeason(profile.copy(), fit.apply(rest));
    }

    @Override
    public void observe(double value) {
        inner.observe(value - profile.profile(1));
        profile.observe(value);
    }

    @Override
    public double ahead(int h) {
        return inner.ahead(h) + profile.profile(h);
    }

    @Override
    public AroundSeason copy() {
        return new AroundSeason(profile.copy(), inner.copy());
    }
}
