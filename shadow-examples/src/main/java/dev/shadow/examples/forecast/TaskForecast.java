package dev.shadow.examples.forecast;

import dev.shadow.spi.forecast.Forecast;

/**
 * The forecast of one task and what it cost.
 *
 * @param cpuNanos processor time of the thread for fit and forecast
 * @param wallNanos time that went by
 * @param model what was fitted, in words
 */
record TaskForecast(ForecastTask task, Forecast forecast, long cpuNanos, long wallNanos, String model) {}
