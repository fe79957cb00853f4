package dev.shadow.forecast.decomposition;

import dev.shadow.spi.InvalidValueException;
import java.util.Arrays;

/**
 * The seasonal-trend decomposition by loess of R. Cleveland, W. Cleveland, McRae and Terpenning (Journal of Official
 * Statistics 6, 1990). Windows of trend and low-pass, degrees and jumps follow the recommendations of the paper. {@code
 * O(n)} times the windows over ten. Immutable.
 */
public final class Stl {
    private static final int PERIODIC = -1;

    private final int period;
    private final int window;
    private final int inner;
    private final int outer;

    private Stl(int period, int window, int inner, int outer) {
        this.period = period;
        this.window = window;
        this.inner = inner;
        this.outer = outer;
    }

    /**
     * A season that may change over time.
     *
     * @param period steps in one season, at least 2
     * @param window seasons over which each step of the season is smoothed, odd and at least 3
     */
    public static Stl of(int period, int window) {
        if (window < 3 || window % 2 == 0) {
            throw new InvalidValueException("window", Integer.toString(window), "be odd and at least 3");
        }
        return new Stl(checkedPeriod(period), window, 2, 0);
    }

    /** A season that is the same throughout. */
    public static Stl periodic(int period) {
        return new Stl(checkedPeriod(period), PERIODIC, 2, 0);
    }

    /** This decomposition with little weight on values that do not fit. */
    public Stl robust() {
        return new Stl(period, window, 1, 15);
    }

    private static int checkedPeriod(int period) {
        if (period < 2) {
            throw new InvalidValueException("period", Integer.toString(period), "be at least 2");
        }
        return period;
    }

    /** A series taken apart: the sum of the three is the series. Each accessor returns a copy. */
    public static final class Parts {
        private final double[] seasonal;
        private final double[] trend;
        private final double[] remainder;

        Parts(double[] seasonal, double[] trend, double[] remainder) {
            this.seasonal = seasonal;
            this.trend = trend;
            this.remainder = remainder;
        }

        /** The season, with a mean near zero. */
        public double[] seasonal() {
            return seasonal.clone();
        }

        /** The trend. */
        public double[] trend() {
            return trend.clone();
        }

        /** What is left; NaN where the value is missing. */
        public double[] remainder() {
            return remainder.clone();
        }
    }

    /**
     * Takes a series apart.
     *
     * @param values more than two seasons, oldest first; missing ones, NaN, are bridged by straight lines first
     */
    public Parts decompose(double[] values) {
        int n = values.length;
        if (n <= 2 * period) {
            throw new InvalidValueException("values.length", Integer.toString(n), "be above two seasons of " + period);
        }
        double[] y = Bridged.of(values);
        int seasonWindow = window == PERIODIC ? 10 * n + 1 : window;
        Loess seasonLoess = new Loess(seasonWindow, 0, jump(seasonWindow));
        int trendWindow = odd(Math.ceil(1.5 * period / (1 - 1.5 / seasonWindow)));
        Loess trendLoess = new Loess(trendWindow, 1, jump(trendWindow));
        int lowWindow = odd(period);
        Loess lowLoess = new Loess(lowWindow, 1, jump(lowWindow));
        double[] seasonal = new double[n];
        double[] trend = new double[n];
        double[] robustness = Loess.noRobustness();
        for (int o = 0; o <= outer; o++) {
            for (int i = 0; i < inner; i++) {
                seasonal = season(y, trend, robustness, seasonLoess, lowLoess);
                double[] rest = new double[n];
                for (int t = 0; t < n; t++) {
                    rest[t] = y[t] - seasonal[t];
                }
                trend = trendLoess.smooth(rest, robustness);
            }
            if (o < outer) {
                robustness = robustness(y, seasonal, trend);
            }
        }
        if (window == PERIODIC) {
            seasonal = averaged(seasonal);
        }
        double[] remainder = new double[n];
        for (int t = 0; t < n; t++) {
            remainder[t] = values[t] - seasonal[t] - trend[t];
        }
        return new Parts(seasonal, trend, remainder);
    }

    private double[] season(double[] y, double[] trend, double[] robustness, Loess seasonLoess, Loess lowLoess) {
        int n = y.length;
        double[] cycles = new double[n + 2 * period];
        for (int phase = 0; phase < period; phase++) {
            int count = (n - phase - 1) / period + 1;
            double[] cycle = new double[count];
            double[] weights = robustness.length == 0 ? robustness : new double[count];
            for (int i = 0; i < count; i++) {
                int t = phase + i * period;
                cycle[i] = y[t] - trend[t];
                if (weights.length > 0) {
                    weights[i] = robustness[t];
                }
            }
            double[] smooth = seasonLoess.smoothAndExtend(cycle, weights);
            for (int i = 0; i < smooth.length; i++) {
                cycles[phase + i * period] = smooth[i];
            }
        }
        double[] averaged = moving(moving(moving(cycles, period), period), 3);
        double[] low = lowLoess.smooth(averaged, Loess.noRobustness());
        double[] seasonal = new double[n];
        for (int t = 0; t < n; t++) {
            seasonal[t] = cycles[t + period] - low[t];
        }
        return seasonal;
    }

    private static double[] moving(double[] values, int length) {
        double[] result = new double[values.length - length + 1];
        double sum = 0;
        for (int t = 0; t < values.length; t++) {
            sum += values[t];
            if (t >= length) {
                sum -= values[t - length];
            }
            if (t >= length - 1) {
                result[t - length + 1] = sum / length;
            }
        }
        return result;
    }

    private static double[] robustness(double[] y, double[] seasonal, double[] trend) {
        int n = y.length;
        double[] size = new double[n];
        Arrays.setAll(size, t -> Math.abs(y[t] - seasonal[t] - trend[t]));
        double[] sorted = size.clone();
        Arrays.sort(sorted);
        double reach = 3 * (sorted[n / 2] + sorted[n - n / 2 - 1]);
        double[] weights = new double[n];
        for (int t = 0; t < n; t++) {
            double ratio = size[t] / reach;
            double rest = 1 - ratio * ratio;
            weights[t] = size[t] <= 0.001 * reach ? 1 : size[t] <= 0.999 * reach ? rest * rest : 0;
        }
        return weights;
    }

    private double[] averaged(double[] seasonal) {
        double[] result = new double[seasonal.length];
        for (int phase = 0; phase < period; phase++) {
            double sum = 0;
            int count = 0;
            for (int t = phase; t < seasonal.length; t += period) {
                sum += seasonal[t];
                count++;
            }
            for (int t = phase; t < seasonal.length; t += period) {
                result[t] = sum / count;
            }
        }
        return result;
    }

    private static int jump(int window) {
        return (window + 9) / 10;
    }

    private static int odd(double least) {
        int rounded = (int) Math.round(least);
        return rounded % 2 == 0 ? rounded + 1 : rounded;
    }
}
