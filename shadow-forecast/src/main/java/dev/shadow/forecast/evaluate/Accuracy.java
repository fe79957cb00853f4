package dev.shadow.forecast.evaluate;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How forecasts did over some steps. A loss or an error is a mean over the steps of a forecast and then over the
 * forecasts; low is better. The point that is judged is the median, or the quantile nearest to it.
 *
 * <p>A scaled figure divides each forecast's by the mean absolute seasonal difference of the values that were known
 * at its origin. Forecasts for which that is zero or unknown do not count in it, and it is absent if none is left.
 *
 * <p>The benchmark of the relative figures is Naive2 of the M4 competition (Makridakis, Spiliotis and Assimakopoulos,
 * International Journal of Forecasting 36, 2020): the last value, after the season was divided out by classical
 * decomposition if its autocorrelation is significant at 90 %.
 *
 * @param steps the steps that were judged
 * @param forecasts number of forecasts that had an outcome among these steps
 * @param unscaled how many of them have no scale
 * @param outcomes number of steps whose value was there
 * @param pinball pinball loss, mean over the levels, in the unit of the series
 * @param absoluteError absolute error in the unit of the series
 * @param smape symmetric mean absolute percentage error as in M4, 0 to 200
 * @param mase mean absolute scaled error (Hyndman and Koehler, International Journal of Forecasting 22, 2006)
 * @param scaledPinball scaled pinball loss
 * @param owa overall weighted average: the mean of the ratios of MASE and of sMAPE to those of the benchmark
 * @param relativeError geometric mean of the ratio of the absolute error to the benchmark's, over the forecasts where
 *     neither is zero
 * @param weightedPinball twice the pinball loss over the mean absolute outcome
 * @param intervals the intervals of the levels, the widest first
 * @param below for each level, the share of outcomes not above that quantile; ideally the level
 * @param inside share of outcomes from the lowest to the highest quantile, both included
 * @param headroom95 how far the quantile at 0.95 is above the outcomes, over the mean absolute outcome: the capacity
 *     that its safety costs; absent without that level
 */
public record Accuracy(
        StepRange steps,
        int forecasts,
        int unscaled,
        long outcomes,
        double pinball,
        double absoluteError,
        double smape,
        OptionalDouble mase,
        OptionalDouble scaledPinball,
        OptionalDouble owa,
        OptionalDouble relativeError,
        OptionalDouble weightedPinball,
        List<IntervalAccuracy> intervals,
        List<Double> below,
        double inside,
        OptionalDouble headroom95) {
    private static final double SAME = 1e-9;

    public Accuracy {
        intervals = List.copyOf(intervals);
        below = List.copyOf(below);
    }

    /** The interval that should hold the share {@code nominal}, if the levels have it. */
    public Optional<IntervalAccuracy> interval(double nominal) {
        return intervals.stream()
                .filter(interval -> Math.abs(interval.nominal() - nominal) < SAME)
                .findFirst();
    }
}
