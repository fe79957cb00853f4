package dev.shadow.forecast.ensemble;

/**
 * One method within an ensemble: a state that takes values one after the other and can say at any time how it
 * sees the steps ahead. Not thread-safe; owned by one model.
 */
public interface Predictor {
    /** Takes the next value; NaN for a missing one. */
    void observe(double value);

    /** Returns a predictor in the same state that changes independently of this one. */
    Predictor copy();

    /**
     * Writes the view of the steps ahead.
     *
     * @param steps distances to forecast, each at least 1, increasing
     * @param levels quantile levels, strictly increasing
     * @param quantiles {@code quantiles[i]} receives the quantiles of {@code steps[i]}, not decreasing
     * @param means receives the mean of each step
     */
    void forecast(int[] steps, double[] levels, double[][] quantiles, double[] means);
}
