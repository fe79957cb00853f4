package dev.shadow.forecast.lstm;

import java.util.Arrays;

/**
 * Reads the end of a series as the network sees it: relative to the median of the last values, in units of their spread
 * around it, so that one network serves series of every size. Used for training and for forecasting alike. Holds scratch
 * space; owned by one thread.
 */
final class WindowReader {
    /** Values before the end that are read, at least; a season, if it is longer, and a window more. */
    static final int DAY = 288;

    private static final int RECENT = 96;
    private static final double HALF_LIFE = 12;
    private static final double FLOOR = 0.01;
    private static final double FARTHEST = 20;
    private static final double SECONDS_OF_DAY = 86_400;
    private static final double SECONDS_OF_WEEK = 7 * SECONDS_OF_DAY;

    private final double[] decay = new double[RECENT];
    private final double[] sorted = new double[DAY];
    private final double[] sortedWeights = new double[RECENT];
    private final double[] recent = new double[QuantileHead.LEVEL_COUNT];
    private final double[] day = new double[QuantileHead.LEVEL_COUNT];

    private double[] values = new double[0];
    private int end;
    private int season;
    private double scale;
    private double latest;
    private double centre;
    private double spread;

    WindowReader() {
        Arrays.setAll(decay, age -> Math.pow(0.5, age / HALF_LIFE));
    }

    /** Values that must be kept of a series with this season, so that it reads the same as the whole. */
    static int reach(int season) {
        return Math.max(season, DAY) + Windows.LENGTH;
    }

    /**
     * Looks at the values before {@code end}.
     *
     * @param season steps in a season, 1 for none
     * @param scale of the series, from {@link SeasonalScale}
     * @param fallback taken for the last value if none is in reach
     */
    void open(double[] values, int end, int season, double scale, double fallback) {
        this.values = values;
        this.end = end;
        this.season = season;
        this.scale = scale;
        readRecent(fallback);
        readDay();
        readSpread();
    }

    private void readRecent(double fallback) {
        int count = 0;
        double total = 0;
        latest = Double.NaN;
        for (int age = 0; age < Math.min(RECENT, end); age++) {
            double value = values[end - 1 - age];
            if (Double.isNaN(value)) {
                continue;
            }
            if (count == 0) {
                latest = value;
            }
            int at = count++;
            for (; at > 0 && sorted[at - 1] > value; at--) {
                sorted[at] = sorted[at - 1];
                sortedWeights[at] = sortedWeights[at - 1];
            }
            sorted[at] = value;
            sortedWeights[at] = decay[age];
            total += decay[age];
        }
        if (count == 0) {
            latest = fallback;
            Arrays.fill(recent, fallback);
        } else {
            weightedQuantiles(count, total);
        }
        centre = recent[QuantileHead.LEVEL_COUNT / 2];
    }

    /** The smallest value up to which at least that share of the weight lies. */
    private void weightedQuantiles(int count, double total) {
        int at = 0;
        double below = sortedWeights[0];
        for (int q = 0; q < recent.length; q++) {
            while (at < count - 1 && below < QuantileHead.LEVELS[q] * total) {
                below += sortedWeights[++at];
            }
            recent[q] = sorted[at];
        }
    }

    private void readDay() {
        int count = 0;
        for (int t = Math.max(0, end - DAY); t < end; t++) {
            if (!Double.isNaN(values[t])) {
                sorted[count++] = values[t];
            }
        }
        if (count == 0) {
            System.arraycopy(recent, 0, day, 0, day.length);
            return;
        }
        Arrays.sort(sorted, 0, count);
        for (int q = 0; q < day.length; q++) {
            day[q] = sorted[Math.max(0, (int) Math.ceil(QuantileHead.LEVELS[q] * count) - 1)];
        }
    }

    private void readSpread() {
        double sum = 0;
        int count = 0;
        for (int t = Math.max(0, end - Windows.LENGTH); t < end; t++) {
            if (!Double.isNaN(values[t])) {
                sum += Math.abs(values[t] - centre);
                count++;
            }
        }
        spread = (count == 0 ? 0 : sum / count) + FLOOR * scale;
    }

    /** The middle of the last values. */
    double centre() {
        return centre;
    }

    /** Their spread around it; 0 for a constant series. */
    double spread() {
        return spread;
    }

    /** Writes the anchors of a step ahead, in the unit of the series. */
    void anchors(int ahead, double[][] anchors) {
        System.arraycopy(recent, 0, anchors[0], 0, recent.length);
        System.arraycopy(day, 0, anchors[1], 0, day.length);
        Arrays.fill(anchors[2], latest);
        double repeated = seasonBefore(end - 1 + ahead);
        Arrays.fill(anchors[3], Double.isNaN(repeated) ? day[day.length / 2] : repeated);
    }

    /** The value a whole number of seasons before a time step, from before the end; NaN where there is none. */
    private double seasonBefore(int t) {
        if (season < 2) {
            return Double.NaN;
        }
        int at = t - season;
        if (at >= end) {
            at -= (at - end + season) / season * season;
        }
        return at >= 0 ? values[at] : Double.NaN;
    }

    /** Writes the inputs of every time step, and the features, to a row of {@code windows}. */
    void write(Windows windows, int row) {
        int from = row * Parameters.INPUTS;
        for (int i = 0; i < Windows.LENGTH; i++) {
            int t = end - Windows.LENGTH + i;
            double value = t >= 0 ? values[t] : Double.NaN;
            double before = seasonBefore(t);
            float[] inputs = windows.inputs[i];
            inputs[from] = squashed(Double.isNaN(value) ? centre : value);
            inputs[from + 1] = Double.isNaN(value) ? 1 : 0;
            inputs[from + 2] = Double.isNaN(before) ? 0 : squashed(before);
            inputs[from + 3] = Double.isNaN(before) ? 1 : 0;
            Arrays.fill(inputs, from + 4, from + 8, 0);
        }
        writeFeatures(windows.features, row * Parameters.FEATURES);
    }

    private void writeFeatures(float[] features, int from) {
        int at = from;
        features[at++] = spread > 0 && scale > 0 ? (float) Math.max(-5, Math.log(spread / scale)) : 0;
        features[at++] = (float) Math.log1p(seasonalMiss());
        for (int ahead : QuantileHead.STEPS) {
            double repeated = seasonBefore(end - 1 + ahead);
            features[at++] = Double.isNaN(repeated) ? 0 : squashed(repeated);
        }
        for (int q = 0; q < recent.length; q++) {
            features[at++] = squashed(recent[q]);
            features[at++] = squashed(day[q]);
        }
    }

    /** Mean difference of the window from the season before, in units of the spread. */
    private double seasonalMiss() {
        double sum = 0;
        int count = 0;
        for (int t = Math.max(0, end - Windows.LENGTH); t < end; t++) {
            double difference = Math.abs(values[t] - seasonBefore(t));
            if (!Double.isNaN(difference)) {
                sum += difference;
                count++;
            }
        }
        return count == 0 || spread == 0 ? 0 : Math.min(1e6, sum / count / spread);
    }

    /** Writes the time of day and of the week, as points on a circle, where the network was told to heed them. */
    static void writeCalendar(Windows windows, int row, double endSecond, double stepSeconds) {
        int from = row * Parameters.INPUTS;
        for (int i = 0; i < Windows.LENGTH; i++) {
            double second = endSecond - (Windows.LENGTH - i) * stepSeconds;
            float[] inputs = windows.inputs[i];
            double ofDay = 2 * Math.PI * (second / SECONDS_OF_DAY);
            double ofWeek = 2 * Math.PI * (second / SECONDS_OF_WEEK);
            inputs[from + 4] = (float) Math.sin(ofDay);
            inputs[from + 5] = (float) Math.cos(ofDay);
            inputs[from + 6] = (float) Math.sin(ofWeek);
            inputs[from + 7] = (float) Math.cos(ofWeek);
        }
    }

    /** Inverse hyperbolic sine of a value's distance from the centre, in spreads, at most 20 either way. */
    private float squashed(double value) {
        if (spread == 0) {
            return 0;
        }
        double ratio = Math.abs(value - centre) / spread;
        double squashed = Math.min(FARTHEST, Math.log(ratio + Math.sqrt(ratio * ratio + 1)));
        return (float) Math.copySign(squashed, value - centre);
    }

    /** Writes anchors, actuals and weight of a training row, relative to centre and spread. */
    void writeTarget(Windows windows, int row, int known, double largestWeight) {
        for (int s = 0; s < QuantileHead.STEP_COUNT; s++) {
            int ahead = QuantileHead.STEPS[s];
            double[][] anchors = windows.anchors[row][s];
            anchors(ahead, anchors);
            for (double[] anchor : anchors) {
                for (int q = 0; q < anchor.length; q++) {
                    anchor[q] = (anchor[q] - centre) / spread;
                }
            }
            int t = end - 1 + ahead;
            windows.actuals[row][s] = t < known ? (values[t] - centre) / spread : Double.NaN;
        }
        windows.weights[row] = Math.min(largestWeight, spread / scale);
    }
}
