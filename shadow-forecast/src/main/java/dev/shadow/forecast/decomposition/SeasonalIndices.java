package dev.shadow.forecast.decomposition;

import java.util.Arrays;

/**
 * The average course of a season by classical decomposition: the centred moving average over one season is the trend,
 * the mean of what is left in each phase the index (Hyndman and Athanasopoulos, "Forecasting: Principles and Practice",
 * 3rd ed., section 3.4). Factors with mean 1 if every value is above 0, otherwise summands with mean 0. Immutable.
 */
public final class SeasonalIndices {
    /** The tenth of a normal distribution that a correlation must leave to be a season. */
    private static final double SIGNIFICANT = 1.645;

    private final double[] indices;
    private final boolean multiplied;

    private SeasonalIndices(double[] indices, boolean multiplied) {
        this.indices = indices;
        this.multiplied = multiplied;
    }

    /** Indices that change nothing. */
    public static SeasonalIndices none() {
        return new SeasonalIndices(new double[1], false);
    }

    /**
     * Returns the indices if the values are correlated over a season at 10 percent, which is the test of the M4
     * competition, and {@link #none} otherwise.
     *
     * @param values the history, NaN for a missing value
     * @param season steps in one season, at least 1
     */
    public static SeasonalIndices ifSignificant(double[] values, int season) {
        return season > 1 && values.length >= 3 * season && isSeasonal(values, season) ? of(values, season) : none();
    }

    /** Returns the indices of a history of at least two seasons. */
    public static SeasonalIndices of(double[] values, int season) {
        boolean multiplied = Arrays.stream(values).noneMatch(value -> value <= 0);
        double[] sums = new double[season];
        int[] counts = new int[season];
        int half = season / 2;
        for (int t = half; t + half < values.length; t++) {
            double trend = movingAverage(values, t, season);
            double rest = multiplied ? values[t] / trend : values[t] - trend;
            if (!Double.isNaN(rest)) {
                sums[t % season] += rest;
                counts[t % season]++;
            }
        }
        double neutral = multiplied ? 1 : 0;
        double[] indices = new double[season];
        Arrays.setAll(indices, phase -> counts[phase] == 0 ? neutral : sums[phase] / counts[phase]);
        double mean = Arrays.stream(indices).average().orElse(neutral);
        double[] balanced = Arrays.stream(indices)
                .map(index -> multiplied ? index / mean : index - mean)
                .toArray();
        boolean sound = Arrays.stream(balanced).allMatch(index -> Math.abs(index) < Double.MAX_VALUE)
                && (!multiplied || Arrays.stream(balanced).allMatch(index -> index > 1e-9));
        return sound ? new SeasonalIndices(balanced, multiplied) : none();
    }

    /** The mean over one season around {@code t}, of the values that are there; both ends count half if it is even. */
    private static double movingAverage(double[] values, int t, int season) {
        double sum = 0;
        double weights = 0;
        int half = season / 2;
        for (int k = t - half; k <= t + half; k++) {
            double weight = season % 2 == 0 && Math.abs(k - t) == half ? 0.5 : 1;
            if (!Double.isNaN(values[k])) {
                sum += weight * values[k];
                weights += weight;
            }
        }
        return sum / weights;
    }

    private static boolean isSeasonal(double[] values, int season) {
        double mean = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(0);
        double size = correlation(values, mean, 0);
        double squares = 0;
        for (int lag = 1; lag < season; lag++) {
            double r = correlation(values, mean, lag) / size;
            squares += r * r;
        }
        double limit = SIGNIFICANT * Math.sqrt((1 + 2 * squares) / values.length);
        return Math.abs(correlation(values, mean, season) / size) > limit;
    }

    private static double correlation(double[] values, double mean, int lag) {
        double sum = 0;
        for (int t = lag; t < values.length; t++) {
            double product = (values[t] - mean) * (values[t - lag] - mean);
            sum += Double.isNaN(product) ? 0 : product;
        }
        return sum;
    }

    /** Takes the season out of a value at {@code phase}, counted from the first value of the history. */
    public double without(double value, int phase) {
        double index = indices[phase % indices.length];
        return multiplied ? value / index : value - index;
    }

    /** Puts the season back. */
    public double with(double value, int phase) {
        double index = indices[phase % indices.length];
        return multiplied ? value * index : value + index;
    }

    /** Whether there is a season. */
    public boolean isPresent() {
        return indices.length > 1;
    }

    /** Steps in one season; 1 for none. */
    public int season() {
        return indices.length;
    }
}
