package dev.shadow.forecast.arima;

/** Loops over vectors of equal length. */
final class Vectors {
    private Vectors() {}

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int t = 0; t < a.length; t++) {
            sum += a[t] * b[t];
        }
        return sum;
    }

    static void scale(double[] a, double factor) {
        for (int t = 0; t < a.length; t++) {
            a[t] *= factor;
        }
    }

    /** Takes the part along {@code unit} out of {@code from} and returns its length. */
    static double subtractProjection(double[] from, double[] unit) {
        double share = dot(from, unit);
        if (share != 0) {
            for (int t = 0; t < from.length; t++) {
                from[t] -= share * unit[t];
            }
        }
        return share;
    }
}
