package dev.shadow.forecast.arima;

/** Missing values of a series. */
final class Gaps {
    private Gaps() {}

    /** The series with straight lines over its gaps and its first and last value beyond them. */
    static double[] filled(double[] values) {
        double[] filled = values.clone();
        int last = -1;
        for (int t = 0; t < filled.length; t++) {
            if (Double.isNaN(values[t])) {
                continue;
            }
            for (int i = last + 1; i < t; i++) {
                double share = last < 0 ? 1 : (double) (i - last) / (t - last);
                filled[i] = last < 0 ? values[t] : values[last] + share * (values[t] - values[last]);
            }
            last = t;
        }
        for (int i = last + 1; i < filled.length; i++) {
            filled[i] = last < 0 ? 0 : values[last];
        }
        return filled;
    }

    static int count(double[] values) {
        int count = 0;
        for (double value : values) {
            count += Double.isNaN(value) ? 1 : 0;
        }
        return count;
    }
}
