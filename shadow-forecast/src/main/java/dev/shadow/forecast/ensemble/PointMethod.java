package dev.shadow.forecast.ensemble;

/**
 * A method that names one value for each step ahead. {@link ConformalPredictor} makes a distribution of it. Not
 * thread-safe; owned by one predictor.
 */
public interface PointMethod {
    /** Takes the next value; NaN for a missing one. */
    void observe(double value);

    /** The value expected {@code h} steps after the last one taken, at least 1. */
    double ahead(int h);

    /** Returns a method in the same state that changes independently of this one. */
    PointMethod copy();
}
