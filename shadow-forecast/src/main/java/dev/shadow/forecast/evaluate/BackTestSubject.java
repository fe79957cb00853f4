package dev.shadow.forecast.evaluate;

import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.metrics.TimeSeries;

/**
 * One series of a fleet and how it is tested.
 *
 * @param id name of the series, for whoever gets the report
 * @param series the values
 * @param options how it is fitted
 * @param plan its origins; the levels must be those of the whole fleet
 */
public record BackTestSubject(String id, TimeSeries series, FitOptions options, BackTestPlan plan) {}
