package dev.shadow.forecast.lstm;

import java.util.Arrays;

/**
 * The network at work on a fixed number of windows: an LSTM layer over the window, a rectified layer over its last
 * state and the features, and a linear one behind. Holds the activations between the two passes; owned by one thread.
 */
final class Network {
    private final int rows;
    private final int hidden;
    private final Kernel kernel;
    private final QuantileHead head = new QuantileHead();

    private final CellStep[] steps = new CellStep[Windows.LENGTH];
    private final float[] zeros;
    private final float[] sums;
    private final float[] joined;
    private final float[] layer;
    private final float[] raw;
    private final float[] rawGradient;
    private final float[] layerGradient;
    private final float[] joinedGradient;
    private final float[] stateGradient;
    private final float[] cellGradient;
    private final float[] line;
    private final double[] row = new double[QuantileHead.OUTPUTS];
    private final double[] quantiles = new double[QuantileHead.LEVEL_COUNT];

    Network(int rows, int hidden, Kernel kernel) {
        this.rows = rows;
        this.hidden = hidden;
        this.kernel = kernel;
        Arrays.setAll(steps, t -> new CellStep(rows, hidden));
        zeros = new float[rows * hidden];
        sums = new float[rows * 4 * hidden];
        joined = new float[rows * (hidden + Parameters.FEATURES)];
        layer = new float[rows * hidden];
        raw = new float[rows * QuantileHead.OUTPUTS];
        rawGradient = new float[raw.length];
        layerGradient = new float[layer.length];
        joinedGradient = new float[joined.length];
        stateGradient = new float[rows * hidden];
        cellGradient = new float[rows * hidden];
        line = new float[Math.max(4 * hidden, QuantileHead.OUTPUTS)];
    }

    /** Runs over the windows; the result, {@code rows x OUTPUTS}, is overwritten by the next run. */
    float[] forward(Parameters parameters, Windows windows) {
        for (int t = 0; t < steps.length; t++) {
            repeat(parameters.gateBias, sums);
            kernel.multiply(windows.inputs[t], parameters.fromInput, sums, rows, Parameters.INPUTS, 4 * hidden);
            if (t > 0) {
                kernel.multiply(steps[t - 1].state, parameters.fromState, sums, rows, hidden, 4 * hidden);
            }
            kernel.cells(sums, t == 0 ? zeros : steps[t - 1].cell, steps[t]);
        }
        join(steps[steps.length - 1].state, windows.features);
        repeat(parameters.layerBias, layer);
        kernel.multiply(joined, parameters.layer, layer, rows, hidden + Parameters.FEATURES, hidden);
        for (int i = 0; i < layer.length; i++) {
            layer[i] = Math.max(0, layer[i]);
        }
        repeat(parameters.outBias, raw);
        kernel.multiply(layer, parameters.out, raw, rows, hidden, QuantileHead.OUTPUTS);
        return raw;
    }

    private void repeat(float[] line, float[] to) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(line, 0, to, r * line.length, line.length);
        }
    }

    private void join(float[] state, float[] features) {
        int width = hidden + Parameters.FEATURES;
        for (int r = 0; r < rows; r++) {
            System.arraycopy(state, r * hidden, joined, r * width, hidden);
            System.arraycopy(features, r * Parameters.FEATURES, joined, r * width + hidden, Parameters.FEATURES);
        }
    }

    /** Weighted mean loss of the last {@link #forward}: pinball per step ahead and level, divided by the rows. */
    double loss(Windows windows) {
        return judge(windows, false);
    }

    /** Returns the loss as {@link #loss} and adds its derivative by the parameters to {@code gradient}. */
    double backward(Parameters parameters, Windows windows, Parameters gradient) {
        double loss = judge(windows, true);
        back(parameters, windows, gradient);
        return loss;
    }

    private double judge(Windows windows, boolean withGradient) {
        double share = 1.0 / (rows * QuantileHead.STEP_COUNT * QuantileHead.LEVEL_COUNT);
        double loss = 0;
        if (withGradient) {
            Arrays.fill(rawGradient, 0);
        }
        for (int r = 0; r < rows; r++) {
            int from = r * QuantileHead.OUTPUTS;
            for (int i = 0; i < QuantileHead.OUTPUTS; i++) {
                row[i] = raw[from + i];
            }
            double factor = share * windows.weights[r];
            for (int s = 0; s < QuantileHead.STEP_COUNT; s++) {
                double actual = windows.actuals[r][s];
                if (Double.isNaN(actual)) {
                    continue;
                }
                int at = s * QuantileHead.NUMBERS;
                double[][] anchors = windows.anchors[r][s];
                head.quantiles(row, at, anchors, 1, quantiles);
                loss += factor * QuantileHead.loss(actual, quantiles);
                if (withGradient) {
                    head.lossBack(actual, quantiles, row, at, anchors, factor, rawGradient, from + at);
                }
            }
        }
        return loss;
    }

    private void back(Parameters parameters, Windows windows, Parameters gradient) {
        addColumns(rawGradient, gradient.outBias);
        kernel.weightGradient(layer, rawGradient, gradient.out, rows, hidden, QuantileHead.OUTPUTS);
        kernel.multiplyBack(rawGradient, parameters.out, layerGradient, rows, hidden, QuantileHead.OUTPUTS);
        for (int i = 0; i < layer.length; i++) {
            layerGradient[i] = layer[i] > 0 ? layerGradient[i] : 0;
        }
        addColumns(layerGradient, gradient.layerBias);
        int width = hidden + Parameters.FEATURES;
        kernel.weightGradient(joined, layerGradient, gradient.layer, rows, width, hidden);
        kernel.multiplyBack(layerGradient, parameters.layer, joinedGradient, rows, width, hidden);
        for (int r = 0; r < rows; r++) {
            System.arraycopy(joinedGradient, r * width, stateGradient, r * hidden, hidden);
        }
        Arrays.fill(cellGradient, 0);
        for (int t = steps.length - 1; t >= 0; t--) {
            kernel.cellsBack(steps[t], t == 0 ? zeros : steps[t - 1].cell, stateGradient, cellGradient, sums);
            addColumns(sums, gradient.gateBias);
            kernel.weightGradient(windows.inputs[t], sums, gradient.fromInput, rows, Parameters.INPUTS, 4 * hidden);
            if (t > 0) {
                kernel.weightGradient(steps[t - 1].state, sums, gradient.fromState, rows, hidden, 4 * hidden);
                kernel.multiplyBack(sums, parameters.fromState, stateGradient, rows, hidden, 4 * hidden);
            }
        }
    }

    private void addColumns(float[] matrix, float[] to) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(matrix, r * to.length, line, 0, to.length);
            add(line, to);
        }
    }

    private static void add(float[] line, float[] to) {
        for (int j = 0; j < to.length; j++) {
            to[j] += line[j];
        }
    }
}
