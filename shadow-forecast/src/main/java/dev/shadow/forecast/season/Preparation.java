package dev.shadow.forecast.season;

import java.util.Arrays;

/** Makes a series fit for its autocorrelation: without trend, gaps and wild values, of moderate size. */
final class Preparation {
    private Preparation() {}

    /** Returns the prepared values, missing ones as 0; empty if all values are equal. */
    static double[] clippedAndDetrended(double[] values) {
        double[] present = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        if (present.length == 0) {
            return present;
        }
        double low = present[(int) (0.01 * present.length)];
        double high = present[Math.min(present.length - 1, (int) (0.99 * present.length))];
        double middle = present[present.length / 2];
        double scale = high - low;
        if (!(scale > 0)) {
            return new double[0];
        }
        double[] clipped = new double[values.length];
        for (int t = 0; t < values.length; t++) {
            clipped[t] = (Math.max(low, Math.min(high, values[t])) - middle) / scale;
        }
        return withoutTrend(clipped);
    }

    private static double[] withoutTrend(double[] values) {
        double n = 0;
        double meanTime = 0;
        double mean = 0;
        for (int t = 0; t < values.length; t++) {
            if (!Double.isNaN(values[t])) {
                n++;
                meanTime += (t - meanTime) / n;
                mean += (values[t] - mean) / n;
            }
        }
        double cross = 0;
        double square = 0;
        for (int t = 0; t < values.length; t++) {
            if (!Double.isNaN(values[t])) {
                cross += (t - meanTime) * (values[t] - mean);
                square += (t - meanTime) * (t - meanTime);
            }
        }
        double slope = square > 0 ? cross / square : 0;
        double[] rest = new double[values.length];
        double size = 0;
        for (int t = 0; t < values.length; t++) {
            rest[t] = Double.isNaN(values[t]) ? 0 : values[t] - mean - slope * (t - meanTime);
            size += rest[t] * rest[t];
        }
        return size > 1e-18 * values.length ? rest : new double[0];
    }
}
