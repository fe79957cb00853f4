package dev.shadow.forecast.season;

import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.transform.DftNormalization;
import org.apache.commons.math3.transform.FastFourierTransformer;
import org.apache.commons.math3.transform.TransformType;

/**
 * Finds the season of a series by its autocorrelation.
 *
 * <p>The autocorrelation at all lags comes from the power spectrum (Wiener-Khinchin) in {@code O(n log n)}, after the
 * values were clipped to the middle 98 percent around their median and straight trend. A season is the shortest lag
 * that is a peak among its neighbours of a quarter of its length, lies after the first sign change, is significant by
 * Bartlett's formula at 5 percent and not below 0.2, and nearly as high as the highest such peak. The lag nearby with
 * the least variance of the seasonal difference, which no trend disturbs, then takes its place.
 */
public final class SeasonDetector {
    private static final double LEAST = 0.2;
    private static final double NEARLY = 0.85;

    private SeasonDetector() {}

    /**
     * Returns the number of steps in one season, at least 2 and at most a third of the history; 1 if there is none.
     *
     * @param values the history, NaN for a missing value
     */
    public static int detect(double[] values) {
        int longest = values.length / 3;
        double[] prepared = Preparation.clippedAndDetrended(values);
        if (longest < 2 || prepared.length == 0) {
            return 1;
        }
        int peak = shortestHighPeak(autocorrelation(prepared, longest + longest / 4 + 1), longest, values.length);
        return peak == 1 ? 1 : sharpened(prepared, peak);
    }

    private static int sharpened(double[] values, int peak) {
        int best = peak;
        int reach = 1 + peak / 100;
        for (int lag = Math.max(2, peak - reach); lag <= Math.min(values.length / 3, peak + reach); lag++) {
            if (varianceOfDifference(values, lag) < varianceOfDifference(values, best)) {
                best = lag;
            }
        }
        return best;
    }

    private static double varianceOfDifference(double[] values, int lag) {
        double mean = 0;
        double squares = 0;
        for (int t = lag; t < values.length; t++) {
            double deviation = values[t] - values[t - lag] - mean;
            mean += deviation / (t - lag + 1);
            squares += deviation * (values[t] - values[t - lag] - mean);
        }
        return squares / (values.length - lag);
    }

    private static double[] autocorrelation(double[] values, int lags) {
        int padded = Integer.highestOneBit(2 * values.length - 1) * 2;
        double[] input = new double[padded];
        System.arraycopy(values, 0, input, 0, values.length);
        FastFourierTransformer fourier = new FastFourierTransformer(DftNormalization.STANDARD);
        Complex[] spectrum = fourier.transform(input, TransformType.FORWARD);
        double[] power = new double[padded];
        for (int i = 0; i < padded; i++) {
            double re = spectrum[i].getReal();
            double im = spectrum[i].getImaginary();
            power[i] = re * re + im * im;
        }
        Complex[] covariance = fourier.transform(power, TransformType.INVERSE);
        double[] correlation = new double[Math.min(lags, values.length)];
        for (int lag = 0; lag < correlation.length; lag++) {
            double share = (double) values.length / (values.length - lag);
            correlation[lag] = share * covariance[lag].getReal() / covariance[0].getReal();
        }
        return correlation;
    }

    private static int shortestHighPeak(double[] correlation, int longest, int n) {
        double highest = 0;
        double squares = 0;
        boolean[] peaks = new boolean[longest + 1];
        boolean changed = false;
        for (int lag = 1; lag <= longest && lag < correlation.length; lag++) {
            double threshold = Math.max(LEAST, 1.96 * Math.sqrt((1 + 2 * squares) / n));
            peaks[lag] = changed && lag > 1 && correlation[lag] > threshold && isPeak(correlation, lag);
            highest = peaks[lag] ? Math.max(highest, correlation[lag]) : highest;
            changed |= correlation[lag] < 0;
            squares += correlation[lag] * correlation[lag];
        }
        for (int lag = 2; lag <= longest; lag++) {
            if (peaks[lag] && correlation[lag] >= NEARLY * highest) {
                return lag;
            }
        }
        return 1;
    }

    private static boolean isPeak(double[] correlation, int lag) {
        int reach = Math.max(1, lag / 4);
        for (int k = Math.max(1, lag - reach); k <= Math.min(correlation.length - 1, lag + reach); k++) {
            if (correlation[k] > correlation[lag]) {
                return false;
            }
        }
        return true;
    }
}
