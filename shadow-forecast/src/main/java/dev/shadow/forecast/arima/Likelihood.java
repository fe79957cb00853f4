package dev.shadow.forecast.arima;

/** Which likelihood is maximised where the series is differenced; without differencing there is only one. */
public enum Likelihood {
    /** That of the differenced series. */
    EXACT,

    /**
     * The convention of R's {@code arima}: levels have a prior of {@code 1e6} times the variance of the innovations, and
     * innovations of a variance above {@code 1e4} do not count. Slower by orders of magnitude; for comparison with R.
     */
    LARGE_PRIOR
}
