package dev.shadow.forecast.evaluate;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How a forecaster did on the past. Losses and errors are means over all origins, steps and, for the pinball loss,
 * levels; low is better. Scaled figures are divided by the mean absolute seasonal difference of the values before the
 * first origin, and absent where that is zero or unknown.
 *
 * @param origins number of origins
 * @param outcomes number of forecast steps whose value was there
 * @param pinball pinball loss in the unit of the series
 * @param absoluteError absolute error of the median, or of the level nearest to it
 * @param scaledPinball scaled pinball loss
 * @param mase mean absolute scaled error (Hyndman and Koehler, International Journal of Forecasting 22, 2006)
 * @param below for each level of the plan, the share of outcomes not above that quantile; ideally the level
 * @param inside share of outcomes from the lowest to the highest quantile, both included
 */
public record BackTestReport(
        int origins,
        int outcomes,
        double pinball,
        double absoluteError,
        OptionalDouble scaledPinball,
        OptionalDouble mase,
        List<Double> below,
        double inside) {
    public BackTestReport {
        below = List.copyOf(below);
    }
}
