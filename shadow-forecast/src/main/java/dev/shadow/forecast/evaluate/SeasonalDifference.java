package dev.shadow.forecast.evaluate;

/** The running mean absolute difference of values one season apart. Owned by one thread. */
final class SeasonalDifference {
    private final double[] values;
    private final int season;
    private int next;
    private int count;
    private double sum;

    SeasonalDifference(double[] values, int season) {
        this.values = values;
        this.season = season;
        this.next = season;
    }

    /** The mean over the values before {@code end}, which must not decrease; 0 if no pair is there. */
    double before(int end) {
        for (; next < end; next++) {
            double difference = Math.abs(values[next] - values[next - season]);
            if (!Double.isNaN(difference)) {
                sum += difference;
                count++;
            }
        }
        return count == 0 ? 0 : sum / count;
    }
}
