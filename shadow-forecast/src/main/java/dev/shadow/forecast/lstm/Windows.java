package dev.shadow.forecast.lstm;

/** What the network reads and is judged by, for several windows at once; filled by a {@link WindowReader}. */
final class Windows {
    /** Time steps that the network reads before it says anything: the depth of back-propagation. */
    static final int LENGTH = 48;

    final int rows;
    /** Per time step {@code rows x INPUTS}. */
    final float[][] inputs;
    /** {@code rows x FEATURES}. */
    final float[] features;
    /** Anchors of row and step ahead, one array per anchor: {@code [row][step][anchor][level]}. */
    final double[][][][] anchors;
    /** {@code [row][step]}, NaN where missing. */
    final double[][] actuals;
    /** What the loss of a row counts. */
    final double[] weights;

    Windows(int rows) {
        this.rows = rows;
        inputs = new float[LENGTH][rows * Parameters.INPUTS];
        features = new float[rows * Parameters.FEATURES];
        anchors = new double[rows][QuantileHead.STEP_COUNT][QuantileHead.ANCHORS][QuantileHead.LEVEL_COUNT];
        actuals = new double[rows][QuantileHead.STEP_COUNT];
        weights = new double[rows];
    }
}
