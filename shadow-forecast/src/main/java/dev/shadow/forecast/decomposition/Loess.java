package dev.shadow.forecast.decomposition;

/**
 * Local regression of equally spaced values with tricube weights (Cleveland, JASA 74, 1979), at every {@code jump}-th point
 * with straight lines between.
 *
 * @param window values that take part, odd; may be more than there are
 * @param degree 0 for a local constant, 1 for a local line
 * @param jump distance of the points that are computed
 */
record Loess(int window, int degree, int jump) {
    /** Smooths {@code values}, each with a weight from {@code robustness} if that is not empty. */
    double[] smooth(double[] values, double[] robustness) {
        int n = values.length;
        if (n < 2) {
            return values.clone();
        }
        double[] result = new double[n];
        int step = Math.min(jump, n - 1);
        int last = 0;
        for (int i = 0; i < n; i += step) {
            result[i] = orElse(at(values, robustness, i, left(i, n)), values[i]);
            last = i;
        }
        if (last != n - 1) {
            result[n - 1] = orElse(at(values, robustness, n - 1, left(n - 1, n)), values[n - 1]);
        }
        if (step > 1) {
            for (int i = 0; i < last; i += step) {
                interpolate(result, i, i + step);
            }
            interpolate(result, last, n - 1);
        }
        return result;
    }

    private int left(int i, int n) {
        return window >= n ? 0 : Math.max(0, Math.min(n - window, i - (window + 1) / 2 + 1));
    }

    private static void interpolate(double[] values, int from, int to) {
        for (int j = from + 1; j < to; j++) {
            values[j] = values[from] + (values[to] - values[from]) * (j - from) / (to - from);
        }
    }

    private static double orElse(double value, double other) {
        return Double.isNaN(value) ? other : value;
    }

    /** The local regression at position {@code x} over a window that begins at {@code left}; NaN if no value has weight. */
    double at(double[] values, double[] robustness, double x, int left) {
        int n = values.length;
        int right = Math.min(n, left + window) - 1;
        double reach = Math.max(x - left, right - x) + (window > n ? (window - n) / 2 : 0);
        double[] weights = new double[right - left + 1];
        double sum = 0;
        for (int j = left; j <= right; j++) {
            double distance = Math.abs(j - x);
            if (distance <= 0.999 * reach) {
                double ratio = distance / reach;
                double rest = 1 - ratio * ratio * ratio;
                double weight = distance <= 0.001 * reach ? 1 : rest * rest * rest;
                weights[j - left] = robustness.length == 0 ? weight : weight * robustness[j];
                sum += weights[j - left];
            }
        }
        if (!(sum > 0)) {
            return Double.NaN;
        }
        double centre = 0;
        for (int j = 0; j < weights.length; j++) {
            weights[j] /= sum;
            centre += weights[j] * (left + j);
        }
        double slope = degree > 0 && reach > 0 ? slope(weights, left, centre, x, n) : 0;
        double result = 0;
        for (int j = 0; j < weights.length; j++) {
            result += weights[j] * (1 + slope * (left + j - centre)) * values[left + j];
        }
        return result;
    }

    private static double slope(double[] weights, int left, double centre, double x, int n) {
        double spread = 0;
        for (int j = 0; j < weights.length; j++) {
            double distance = left + j - centre;
            spread += weights[j] * distance * distance;
        }
        return Math.sqrt(spread) > 0.001 * (n - 1) ? (x - centre) / spread : 0;
    }

    /** Values before the first and after the last as well, at one step's distance. */
    double[] smoothAndExtend(double[] values, double[] robustness) {
        int n = values.length;
        double[] inside = smooth(values, robustness);
        double[] result = new double[n + 2];
        System.arraycopy(inside, 0, result, 1, n);
        result[0] = orElse(at(values, robustness, -1, 0), inside[0]);
        result[n + 1] = orElse(at(values, robustness, n, Math.max(0, n - window)), inside[n - 1]);
        return result;
    }

    static double[] noRobustness() {
        return new double[0];
    }
}
