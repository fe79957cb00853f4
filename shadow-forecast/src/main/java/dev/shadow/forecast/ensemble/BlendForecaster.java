package dev.shadow.forecast.ensemble;

import dev.shadow.forecast.smoothing.DirectSmoothing;
import dev.shadow.forecast.smoothing.SeasonalLevel;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A blend of value histograms and exponential smoothing, weighted per distance by how they did on the history.
 *
 * <p>The members: {@code newest} and {@code recent}, the distributions of the last few and of the last dozen values; {@code long}, that of the last season;
 * {@code level}, smoothing without a season; and, if two seasons of history are there, {@code seasonal}, smoothing
 * around a profile averaged over seasons, and {@code repeated}, around the last season itself.
 * May be shared between threads. Draws nothing at random: the seed is only recorded.
 */
public final class BlendForecaster implements Forecaster {
    private static final double NEWEST = 4;
    private static final double RECENT = 12;
    private static final int SLOWEST = 288;

    private BlendForecaster() {}

    /** Returns the method. */
    public static BlendForecaster create() {
        return new BlendForecaster();
    }

    @Override
    public ForecastModel fit(TimeSeries series, FitOptions options) throws ForecastException {
        History history = History.of(series, options);
        int season = history.season();
        HorizonGrid grid = HorizonGrid.upTo(Math.min(history.size() / 3, Math.max(SLOWEST, season)), season);
        int warmUp = Math.max(history.size() / 3, Math.min(history.size() / 2, 2 * season));
        Blend blend = Blend.fit(members(history, grid), history.values(), warmUp, grid);
        Map<String, Double> parameters = new LinkedHashMap<>();
        parameters.put("season", (double) season);
        parameters.putAll(blend.weights());
        return history.model(blend, "blend", parameters);
    }

    private static Map<String, Predictor> members(History history, HorizonGrid grid) {
        int season = history.season();
        int size = history.size();
        double halfLife = season > 1 ? Math.min(season, SLOWEST) : Math.min(SLOWEST, Math.max(24, size / 4.0));
        double slowGain = 1.0 / (season > 1 ? season : halfLife);
        Map<String, Predictor> members = new LinkedHashMap<>();
        members.put("newest", ValueHistogram.of(NEWEST, 10 * (int) NEWEST));
        members.put("recent", ValueHistogram.of(RECENT, 10 * (int) RECENT));
        members.put("long", ValueHistogram.of(halfLife, (int) (8 * halfLife)));
        members.put("level", smoothing(history, SeasonalLevel.plain(slowGain), grid));
        if (season > 1) {
            members.put("seasonal", smoothing(history, SeasonalLevel.seasonal(season, slowGain, 0.2), grid));
            members.put("repeated", smoothing(history, SeasonalLevel.seasonal(season, slowGain, 1), grid));
        }
        return members;
    }

    private static DirectSmoothing smoothing(History history, SeasonalLevel start, HorizonGrid grid) {
        int warmUp = Math.min(history.size() / 4, 2 * history.season());
        return DirectSmoothing.fit(history.values(), start, warmUp, grid, SLOWEST);
    }
}
