package dev.shadow.forecast.evaluate;

import java.util.Arrays;

/**
 * The benchmark Naive2 of the M4 competition (Makridakis, Spiliotis and Assimakopoulos, International Journal of
 * Forecasting 36, 2020). Missing values are left out, so that what follows moves up. Costs the number of values times
 * the season where the values are all above 0 and fill three seasons, and nothing elsewhere.
 */
final class Naive2 {
    private static final double TWO_SIDED_90 = 1.645;
    private static final int FEWEST_SEASONS = 3;

    private Naive2() {}

    /** Forecasts {@code horizon} steps; zeros if no value is there. */
    static double[] forecast(double[] known, int season, int horizon) {
        double[] x = Arrays.stream(known).filter(value -> !Double.isNaN(value)).toArray();
        double[] forecast = new double[horizon];
        if (x.length == 0) {
            return forecast;
        }
        double newest = x[x.length - 1];
        if (!isSeasonal(x, season)) {
            Arrays.fill(forecast, newest);
            return forecast;
        }
        double[] index = seasonalIndex(x, season);
        double level = newest / index[(x.length - 1) % season];
        Arrays.setAll(forecast, h -> level * index[(x.length + h) % season]);
        return forecast;
    }

    /** Whether the autocorrelation at the season is beyond Bartlett's bound. */
    private static boolean isSeasonal(double[] x, int season) {
        int n = x.length;
        if (season < 2
                || n < (long) FEWEST_SEASONS * season
                || !(Arrays.stream(x).min().orElse(0) > 0)) {
            return false;
        }
        double mean = 0;
        for (double value : x) {
            mean += value / n;
        }
        double variance = 0;
        for (double value : x) {
            variance += (value - mean) * (value - mean);
        }
        if (!(variance > 0)) {
            return false;
        }
        double squares = 0;
        double correlation = 0;
        for (int lag = 1; lag <= season; lag++) {
            squares += correlation * correlation;
            correlation = 0;
            for (int t = lag; t < n; t++) {
                correlation += (x[t] - mean) * (x[t - lag] - mean);
            }
            correlation /= variance;
        }
        return Math.abs(correlation) > TWO_SIDED_90 * Math.sqrt((1 + 2 * squares) / n);
    }

    /** The mean ratio to the centred moving average at each place of the season; their mean is 1. */
    private static double[] seasonalIndex(double[] x, int season) {
        int half = season / 2;
        double[] index = new double[season];
        int[] count = new int[season];
        for (int t = half; t < x.length - half; t++) {
            double average = 0;
            for (int s = t - half + 1; s < t + half; s++) {
                average += x[s];
            }
            double ends = x[t - half] + x[t + half];
            average = (average + (season % 2 == 0 ? ends / 2 : ends)) / season;
            index[t % season] += x[t] / average;
            count[t % season]++;
        }
        double mean = 0;
        for (int s = 0; s < season; s++) {
            index[s] /= count[s];
            mean += index[s] / season;
        }
        double all = mean;
        Arrays.setAll(index, s -> index[s] / all);
        return index;
    }
}
