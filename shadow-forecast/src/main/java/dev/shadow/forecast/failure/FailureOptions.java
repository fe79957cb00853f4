package dev.shadow.forecast.failure;

/**
 * How a failure model is learned.
 *
 * @param boosted trees that are boosted on the logistic loss
 * @param forest trees that are grown on the squared loss, each alone if it has one round
 * @param seed everything random is drawn from it
 */
public record FailureOptions(EnsembleShape boosted, EnsembleShape forest, long seed) {
    /** Defaults. */
    public static FailureOptions standard(long seed) {
        return new FailureOptions(
                new EnsembleShape(20, 80, 0.3, new TreeShape(4, 1, 3, 0.1, 0.4, 1)),
                new EnsembleShape(300, 1, 1, new TreeShape(20, 3, 0.1, 1, 1, 0.15)),
                seed);
    }
}
