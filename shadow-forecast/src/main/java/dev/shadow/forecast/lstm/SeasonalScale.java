package dev.shadow.forecast.lstm;

/**
 * How much a series differs from itself one season earlier: the mean absolute difference, decaying with a half-life of
 * seven seasons. The unit in which errors on different series are compared, as in MASE (Hyndman and Koehler 2006).
 * Immutable.
 *
 * @param sum decayed sum of absolute differences
 * @param weight decayed number of them
 */
record SeasonalScale(double sum, double weight) {
    static final SeasonalScale NONE = new SeasonalScale(0, 0);
    private static final double SEASONS = 7;

    /** The scale after one more difference; a missing one changes nothing. */
    SeasonalScale and(double value, double seasonBefore, int season) {
        double difference = Math.abs(value - seasonBefore);
        if (Double.isNaN(difference)) {
            return this;
        }
        double keep = Math.pow(0.5, 1 / (SEASONS * season));
        return new SeasonalScale(keep * sum + difference, keep * weight + 1);
    }

    /** The scale; 0 before the first difference. */
    double value() {
        return weight > 0 ? sum / weight : 0;
    }
}
