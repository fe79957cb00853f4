package dev.shadow.forecast.evaluate;

import java.util.List;

/**
 * How a forecaster did on the past of one series, or of all series of a fleet.
 *
 * @param series number of series, at least 1
 * @param origins number of origins of all series, at least 1
 * @param overall all steps together
 * @param ranges the ranges of the plan in which an outcome was there, in the order of the plan
 */
public record BackTestReport(int series, int origins, Accuracy overall, List<Accuracy> ranges) {
    public BackTestReport {
        ranges = List.copyOf(ranges);
    }
}
