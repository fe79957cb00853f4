package dev.shadow.spi.forecast;

/**
 * A fitted model. Immutable, so it may be shared between threads.
 */
public interface ForecastModel {
    /**
     * Forecasts the steps after the last value seen.
     *
     * @param horizon number of steps, at least 1
     * @param levels quantile levels between 0 and 1, strictly increasing; may be empty
     * @return finite values within the bounds of the fit, quantiles that do not cross
     * @throws dev.shadow.spi.InvalidValueException if an argument is refused
     */
    Forecast forecast(int horizon, double[] levels);

    /**
     * Returns the model after it has seen the next values, in time that does not grow with its history.
     * This model stays as it was. The parameters are kept, the state moves on.
     *
     * @param values the values that followed, in order; NaN for a missing sample; may be empty
     */
    ForecastModel update(double[] values);

    /** What the model was fitted on. */
    FitSummary summary();
}
