package dev.shadow.forecast;

import dev.shadow.forecast.ensemble.BlendForecaster;
import dev.shadow.forecast.ensemble.SeasonalNaiveForecaster;
import dev.shadow.spi.forecast.Forecaster;

/**
 * The ready-made methods of forecasting. All need at least 8 values that are there, use at most the last 8192 values or
 * 16 seasons, whichever is more, and treat a series of fewer than two seasons as one without a season. They hold no
 * state and may be shared between threads.
 */
public final class Forecasters {
    private Forecasters() {}

    /**
     * The default for the demand of virtual machines: value histograms and exponential smoothing, with and without a
     * season, blended per distance by how well their quantiles did on the history.
     */
    public static Forecaster standard() {
        return BlendForecaster.create();
    }

    /** The last season repeated, with the errors that this made before: the baseline. */
    public static Forecaster seasonalNaive() {
        return SeasonalNaiveForecaster.create();
    }
}
