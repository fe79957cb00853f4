package dev.shadow.forecast.smoothing;

import dev.shadow.forecast.ensemble.PointMethod;

/**
 * Additive exponential smoothing in error correction form: ETS(A,N,N), (A,A,N), (A,Ad,N) and the same with an additive
 * season, after Hyndman, Koehler, Ord and Snyder ("Forecasting with Exponential Smoothing", Springer 2008, ch. 2).
 *
 * <p>One value costs the same whatever the season. A missing value counts as the one expected. Parameters and the state
 * before the first value come from {@link EtsFit}. Not thread-safe.
 */
public final class Ets implements PointMethod {
    private final EtsParameters parameters;
    private final double[] season;
    private double level;
    private double trend;
    private int phase;

    Ets(EtsParameters parameters, double level, double trend, double[] season) {
        this.parameters = parameters;
        this.level = level;
        this.trend = trend;
        this.season = season.clone();
    }

    @Override
    public void observe(double value) {
        double faded = parameters.phi() * trend;
        double expected = level + faded + season[phase];
        double error = Double.isNaN(value) ? 0 : value - expected;
        level += faded + parameters.alpha() * error;
        trend = faded + parameters.beta() * error;
        season[phase] += parameters.gamma() * error;
        phase = phase + 1 == season.length ? 0 : phase + 1;
    }

    @Override
    public double ahead(int h) {
        double phi = parameters.phi();
        double steps = phi < 1 ? phi * (1 - Math.pow(phi, h)) / (1 - phi) : h;
        return level + steps * trend + season[(int) ((phase + h - 1L) % season.length)];
    }

    @Override
    public Ets copy() {
        Ets twin = new Ets(parameters, level, trend, season);
        twin.phase = phase;
        return twin;
    }

    /** The share of an error that the level takes over. */
    double alpha() {
        return parameters.alpha();
    }

    /** What is expected now, before any season and trend. */
    double level() {
        return level;
    }
}
