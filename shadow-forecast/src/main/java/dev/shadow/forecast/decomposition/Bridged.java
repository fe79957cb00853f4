package dev.shadow.forecast.decomposition;

/** Straight lines over gaps. */
final class Bridged {
    private Bridged() {}

    /** The values with NaN replaced: by a line between its neighbours, or by the nearest value beyond the ends; 0 if all are. */
    static double[] of(double[] values) {
        double[] result = values.clone();
        int last = -1;
        for (int t = 0; t < result.length; t++) {
            if (Double.isNaN(values[t])) {
                continue;
            }
            for (int i = last + 1; i < t; i++) {
                result[i] = last < 0 ? values[t] : values[last] + (values[t] - values[last]) * (i - last) / (t - last);
            }
            last = t;
        }
        for (int i = last + 1; i < result.length; i++) {
            result[i] = last < 0 ? 0 : values[last];
        }
        return result;
    }
}
