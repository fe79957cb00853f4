package dev.shadow.examples.forecast;

import dev.shadow.spi.metrics.TimeSeries;

/**
 * One row of a history file: a series and how far it is to be forecast.
 *
 * @param line line of the file, counted from 1
 * @param id name of the task, {@code series@origin} for one of several origins of a series
 * @param season steps in one season, 1 for none, 0 if it is not known
 * @param horizon steps to forecast, at least 1
 * @param history the values; as the file tells no time, they start at the epoch
 */
public record ForecastTask(long line, String id, int season, int horizon, TimeSeries history) {
    /** The series, without the origin. */
    String series() {
        int at = id.lastIndexOf('@');
        return at < 0 ? id : id.substring(0, at);
    }
}
