package dev.shadow.forecast.failure;

/**
 * How a failure model is learned.
 *
 * @param boosted trees that are boosted on the logistic loss
 * @param forest trees that are grown on the squared loss, each alone if it has one round
 * @param seed everything random is drawn from it
 */
public record FailureOptions(EnsembleShape boosted, EnsembleShape forest, long seed) {
    /**
     * The best of three settings by five-fold cross-validation grouped by unit on one half of a fleet of disks with 207
     * failures; how many bags there are was not among what was tried.
     */
    public static FailureOptions standard(long seed) {
        return new FailureOptions(
                new EnsembleShape(20, 120, 0.3, new TreeShape(4, 2, 3, 0.07, 0.3, 1)),
                new EnsembleShape(200, 1, 0.5, new TreeShape(14, 5, 1, 1, 1, 0.3)),
                seed);
    }
}
