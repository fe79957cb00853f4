package dev.shadow.forecast.smoothing;

import dev.shadow.forecast.decomposition.SeasonalIndices;
import dev.shadow.forecast.ensemble.Findings;
import dev.shadow.forecast.ensemble.PointMethod;
import java.util.Map;

/**
 * The theta method (Assimakopoulos and Nikolopoulos, International Journal of Forecasting 16, 2000) in the form of
 * Hyndman and Billah (ibid. 19, 2003): simple exponential smoothing with half the slope of the straight line through
 * all values as drift, around a season from classical decomposition if a test sees one.
 *
 * <p>The smoothing parameter is fitted once; level and slope move on with every value. A missing value moves time only.
 * Not thread-safe.
 */
public final class Theta implements PointMethod {
    private final SeasonalIndices season;
    private final Ets smoothing;
    private int time;
    private int phase;
    private double seen;
    private double meanTime;
    private double mean;
    private double cross;
    private double square;

    private Theta(SeasonalIndices season, Ets smoothing) {
        this.season = season;
        this.smoothing = smoothing;
    }

    /**
     * Returns a method that has seen nothing, fitted to a history.
     *
     * @param values the history, NaN for a missing value, at least one there
     * @param season steps in one season, 1 for none
     */
    public static Theta fit(double[] values, int season) {
        return at(values, season, search(values, season));
    }

    /** Searches for the smoothing parameter, {@code alpha}. */
    public static Map<String, Double> search(double[] values, int season) {
        double[] adjusted = adjusted(values, SeasonalIndices.ifSignificant(values, season));
        return Map.of(
                "alpha", EtsFit.of(adjusted, 1, EtsTrend.NONE).parameters().alpha());
    }

    /**
     * Returns the method that {@link #fit} returned, without searching again.
     *
     * @param found what {@link #search} returned
     * @throws dev.shadow.spi.InvalidValueException if the smoothing parameter is not there or out of range
     */
    public static Theta at(double[] values, int season, Map<String, Double> found) {
        SeasonalIndices indices = SeasonalIndices.ifSignificant(values, season);
        EtsParameters parameters = EtsParameters.checked(Findings.number(found, "alpha"), 0, 0, 0);
        return new Theta(
                indices,
                EtsFit.at(adjusted(values, indices), 1, EtsTrend.NONE, parameters)
                        .method());
    }

    private static double[] adjusted(double[] values, SeasonalIndices indices) {
        double[] adjusted = values.clone();
        for (int t = 0; t < adjusted.length && indices.isPresent(); t++) {
            adjusted[t] = indices.without(values[t], t % indices.season());
        }
        return adjusted;
    }

    @Override
    public void observe(double value) {
        double adjusted = season.isPresent() ? season.without(value, phase) : value;
        smoothing.observe(adjusted);
        if (!Double.isNaN(adjusted)) {
            seen++;
            double fromMeanTime = time - meanTime;
            meanTime += fromMeanTime / seen;
            double fromMean = adjusted - mean;
            mean += fromMean / seen;
            cross += fromMeanTime * (adjusted - mean);
            square += fromMeanTime * (time - meanTime);
        }
        time++;
        phase = phase + 1 == season.season() ? 0 : phase + 1;
    }

    @Override
    public double ahead(int h) {
        double alpha = smoothing.alpha();
        double drift = square > 0 ? cross / square / 2 : 0;
        double steps = h - 1 + (1 - Math.pow(1 - alpha, time)) / alpha;
        double value = smoothing.level() + drift * steps;
        return season.isPresent() ? season.with(value, (int) ((phase + h - 1L) % season.season())) : value;
    }

    @Override
    public Theta copy() {
        Theta twin = new Theta(season, smoothing.copy());
        twin.time = time;
        twin.phase = phase;
        twin.seen = seen;
        twin.meanTime = meanTime;
        twin.mean = mean;
        twin.cross = cross;
        twin.square = square;
        return twin;
    }
}
