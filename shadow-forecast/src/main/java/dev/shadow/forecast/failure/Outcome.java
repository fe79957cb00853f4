package dev.shadow.forecast.failure;

/** What became of a unit in the period after its health was read. */
public enum Outcome {
    /** It failed. */
    FAILED,
    /** It was watched to the end of the period and did not fail. */
    HEALTHY,
    /**
     * Nobody knows: it was emptied or replaced before it could fail, or the period is not over. Such a row is censored:
     * it counts for the history of its unit and is neither learned from nor calibrated against.
     */
    UNKNOWN
}
