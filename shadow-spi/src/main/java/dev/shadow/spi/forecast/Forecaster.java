package dev.shadow.spi.forecast;

import dev.shadow.spi.metrics.TimeSeries;

/**
 * A method of forecasting.
 *
 * <p>Called by the manager's reconcile pass, on its executor, once per series and refit; calls may
 * overlap. Keeps no state between calls: equal series and options give equal models. It does not read
 * clocks, files or the network, so it takes no time-out and a crash half-way leaves nothing behind.
 */
public interface Forecaster {
    /**
     * Fits a model to a series.
     *
     * @param series the history; missing samples are NaN
     * @throws ForecastException permanent if the series has too few values that are there; the message
     *     says how many are needed
     */
    ForecastModel fit(TimeSeries series, FitOptions options) throws ForecastException;
}
