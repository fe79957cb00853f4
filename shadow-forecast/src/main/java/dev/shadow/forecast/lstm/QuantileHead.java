package dev.shadow.forecast.lstm;

/**
 * Turns what the network says of one step ahead into quantiles that cannot cross.
 *
 * <p>Four simple forecasts are at hand, the <em>anchors</em>: the quantiles of the last hours, those of the last day,
 * the last value, and the value one season before the step. The network weighs them, moves their mixture, and adds a
 * width between neighbouring levels. Each anchor rises with the level, weights and widths are not negative, so the
 * result rises too. A mixture of what was seen keeps the values that a demand takes again and again, which a smooth
 * output alone would blur.
 *
 * <p>With {@code p(x) = (x + sqrt(x² + 1)) / 2}, weights are {@code p} of four numbers divided by their sum, and widths
 * are {@code p} times a constant of the level. Everything is in units of the window's spread around its median.
 */
final class QuantileHead {
    /** The quantile levels. */
    static final double[] LEVELS = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99};

    /** The steps ahead that have outputs; between them, outputs are interpolated. */
    static final int[] STEPS = {1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 96, 144, 192, 288};

    static final int ANCHORS = 4;
    static final int LEVEL_COUNT = LEVELS.length;
    static final int STEP_COUNT = STEPS.length;
    /** Numbers that the network gives for one step ahead: four weights, one move, ten widths. */
    static final int NUMBERS = ANCHORS + LEVEL_COUNT;
    /** Numbers that the network gives in all. */
    static final int OUTPUTS = STEP_COUNT * NUMBERS;

    private static final int MEDIAN = LEVEL_COUNT / 2;
    private static final double[] WIDTHS = {0.5, 0.25, 0.15, 0.15, 0.1, 0.1, 0.15, 0.15, 0.25, 0.5};

    private final double[] weights = new double[ANCHORS];
    private final double[] byWeight = new double[ANCHORS];
    private final double[] byQuantile = new double[LEVEL_COUNT];
    private double sum;

    /** {@code (x + sqrt(x² + 1)) / 2}: positive, near 0 far below, near x far above. */
    static double positive(double x) {
        return 0.5 * (x + Math.sqrt(x * x + 1));
    }

    private static double positiveSlope(double x) {
        return 0.5 * (1 + x / Math.sqrt(x * x + 1));
    }

    /**
     * Writes the quantiles of one step.
     *
     * @param raw {@link #NUMBERS} outputs of the network from {@code at}
     * @param anchors one row of {@link #LEVEL_COUNT} values per anchor
     * @param spread the unit of moves and widths, at least 0
     */
    void quantiles(double[] raw, int at, double[][] anchors, double spread, double[] quantiles) {
        weigh(raw, at);
        for (int q = 0; q < LEVEL_COUNT; q++) {
            double mixed = spread * raw[at + ANCHORS];
            for (int a = 0; a < ANCHORS; a++) {
                mixed += weights[a] * anchors[a][q];
            }
            quantiles[q] = mixed;
        }
        double up = 0;
        double down = 0;
        for (int i = 0; i < MEDIAN; i++) {
            up += spread * WIDTHS[MEDIAN + i] * positive(raw[at + ANCHORS + 1 + MEDIAN + i]);
            quantiles[MEDIAN + 1 + i] += up;
            down += spread * WIDTHS[MEDIAN - 1 - i] * positive(raw[at + ANCHORS + MEDIAN - i]);
            quantiles[MEDIAN - 1 - i] -= down;
        }
    }

    private void weigh(double[] raw, int at) {
        sum = 0;
        for (int a = 0; a < ANCHORS; a++) {
            weights[a] = positive(raw[at + a]);
            sum += weights[a];
        }
        for (int a = 0; a < ANCHORS; a++) {
            weights[a] /= sum;
        }
    }

    /** Pinball loss of one step, summed over the levels (Koenker and Bassett 1978). */
    static double loss(double actual, double[] quantiles) {
        double loss = 0;
        for (int q = 0; q < LEVEL_COUNT; q++) {
            double miss = actual - quantiles[q];
            loss += miss >= 0 ? LEVELS[q] * miss : (LEVELS[q] - 1) * miss;
        }
        return loss;
    }

    /**
     * Writes the derivative of {@code factor} times the loss of one step by the outputs of the network; spread is 1.
     * Call right after {@link #quantiles} with the same arguments.
     */
    void lossBack(
            double actual,
            double[] quantiles,
            double[] raw,
            int at,
            double[][] anchors,
            double factor,
            float[] to,
            int toAt) {
        double move = 0;
        for (int q = 0; q < LEVEL_COUNT; q++) {
            byQuantile[q] = factor * (actual < quantiles[q] ? 1 - LEVELS[q] : -LEVELS[q]);
            move += byQuantile[q];
        }
        double mean = 0;
        for (int a = 0; a < ANCHORS; a++) {
            byWeight[a] = 0;
            for (int q = 0; q < LEVEL_COUNT; q++) {
                byWeight[a] += byQuantile[q] * anchors[a][q];
            }
            mean += weights[a] * byWeight[a];
        }
        for (int a = 0; a < ANCHORS; a++) {
            to[toAt + a] = (float) ((byWeight[a] - mean) / sum * positiveSlope(raw[at + a]));
        }
        to[toAt + ANCHORS] = (float) move;
        double above = 0;
        double below = 0;
        for (int i = MEDIAN - 1; i >= 0; i--) {
            above += byQuantile[MEDIAN + 1 + i];
            int up = ANCHORS + 1 + MEDIAN + i;
            to[toAt + up] = (float) (above * WIDTHS[MEDIAN + i] * positiveSlope(raw[at + up]));
            below -= byQuantile[MEDIAN - 1 - i];
            int down = ANCHORS + MEDIAN - i;
            to[toAt + down] = (float) (below * WIDTHS[MEDIAN - 1 - i] * positiveSlope(raw[at + down]));
        }
    }
}
