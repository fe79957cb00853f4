package dev.shadow.forecast.arima;

/** Brings values of any unit to a moderate size around zero and back. */
record Scale(double centre, double size) {
    /** The middle and half the width of the range; halves first, so that huge values stay finite. */
    static Scale of(double[] values) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            if (!Double.isNaN(value)) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        return low == high ? new Scale(low, 0) : new Scale(low / 2 + high / 2, high / 2 - low / 2);
    }

    /** Whether all values are equal, or differ by less than numbers of their size can tell. */
    boolean isConstant() {
        return !(size > 1e-12 * Math.abs(centre)) || size < 1e-290;
    }

    double[] applied(double[] values) {
        double[] scaled = new double[values.length];
        for (int t = 0; t < values.length; t++) {
            scaled[t] = applied(values[t]);
        }
        return scaled;
    }

    /** The scaled value; one far outside of the range that was seen is taken as a million times its size. */
    double applied(double value) {
        double scaled = value / size - centre / size;
        return Double.isNaN(value) ? value : Math.max(-1e6, Math.min(1e6, scaled));
    }

    double undone(double scaled) {
        return centre + size * scaled;
    }
}
