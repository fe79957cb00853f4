package dev.shadow.forecast;

import dev.shadow.forecast.arima.ArimaForecaster;
import dev.shadow.forecast.ensemble.BlendForecaster;
import dev.shadow.forecast.ensemble.MemberForecaster;
import dev.shadow.spi.forecast.Forecaster;

/**
 * The ready-made methods of forecasting. All but ARIMA, which needs 8, need at least 2 values that are there, forecast
 * fewer than 8 by their last one, use at most the last 8192 values or 16 seasons, whichever is more, and treat a series
 * of fewer than two seasons as one without a season. They hold no state and may be shared between threads.
 */
public final class Forecasters {
    private Forecasters() {}

    /**
     * The default for the demand of virtual machines: value histograms, exponential smoothing with and without a season,
     * theta and ARIMA, blended per distance by how well their quantiles did on the history.
     */
    public static Forecaster standard() {
        return BlendForecaster.create();
    }

    /** The last value, with the errors that this made before. */
    public static Forecaster naive() {
        return MemberForecaster.naive();
    }

    /** The last season repeated, with the errors that this made before: the baseline. */
    public static Forecaster seasonalNaive() {
        return MemberForecaster.seasonalNaive();
    }

    /** The theta method of Assimakopoulos and Nikolopoulos. */
    public static Forecaster theta() {
        return MemberForecaster.theta();
    }

    /** Additive exponential smoothing, with the trend that suits best. */
    public static Forecaster ets() {
        return MemberForecaster.ets();
    }

    /** The distribution of the values of about a season, the older ones counting less. */
    public static Forecaster histogram() {
        return MemberForecaster.histogram();
    }

    /** ARIMA with an order found by itself. */
    public static Forecaster arima() {
        return ArimaForecaster.create();
    }
}
