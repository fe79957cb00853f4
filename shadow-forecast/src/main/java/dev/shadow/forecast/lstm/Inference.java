package dev.shadow.forecast.lstm;

import java.util.Arrays;

/**
 * The network laid out for one window at a time: weights packed once, gates halved in advance where a logistic function
 * follows, so that one tangent serves all four. Immutable; the scratch space of a call is its own.
 */
final class Inference {
    private static final int DEPTH = 4;

    private final Parameters parameters;
    private final float[][] panels;
    private final float[] bias;
    private final float[] gain;
    private final float[] offset;

    Inference(Parameters parameters) {
        this.parameters = parameters;
        int hidden = parameters.hidden;
        int gates = 4 * hidden;
        gain = new float[gates];
        offset = new float[gates];
        for (int j = 0; j < gates; j++) {
            boolean candidate = j / hidden == 2;
            gain[j] = candidate ? 1 : 0.5f;
            offset[j] = candidate ? 0 : 0.5f;
        }
        bias = new float[gates];
        for (int j = 0; j < gates; j++) {
            bias[j] = gain[j] * parameters.gateBias[j];
        }
        panels = new float[(Parameters.INPUTS + hidden) / DEPTH][DEPTH * PlainKernel.STRIDE];
        for (int k = 0; k < Parameters.INPUTS + hidden; k++) {
            boolean input = k < Parameters.INPUTS;
            float[] from = input ? parameters.fromInput : parameters.fromState;
            int row = (input ? k : k - Parameters.INPUTS) * gates;
            for (int j = 0; j < gates; j++) {
                panels[k / DEPTH][k % DEPTH * PlainKernel.STRIDE + j] = gain[j] * from[row + j];
            }
        }
    }

    /** Outputs of the network for a window of one row. */
    double[] run(Windows window) {
        int hidden = parameters.hidden;
        float[] in = new float[Parameters.INPUTS + hidden];
        float[] sums = new float[4 * hidden];
        float[] scratch = new float[4 * hidden];
        float[] cell = new float[hidden];
        float[] squashed = new float[hidden];
        for (int t = 0; t < Windows.LENGTH; t++) {
            System.arraycopy(window.inputs[t], 0, in, 0, Parameters.INPUTS);
            System.arraycopy(bias, 0, sums, 0, sums.length);
            for (int p = 0; p < panels.length; p++) {
                int at = DEPTH * p;
                if (in[at] != 0 || in[at + 1] != 0 || in[at + 2] != 0 || in[at + 3] != 0) {
                    PlainKernel.addFour(in[at], in[at + 1], in[at + 2], in[at + 3], panels[p], sums, sums.length);
                }
            }
            step(sums, scratch, cell, squashed, in);
        }
        return layers(in, window.features);
    }

    private void step(float[] sums, float[] scratch, float[] cell, float[] squashed, float[] in) {
        int hidden = cell.length;
        Squash.tanh(sums, scratch, 1, sums.length);
        shift(sums);
        for (int j = 0; j < hidden; j++) {
            cell[j] = sums[hidden + j] * cell[j] + sums[j] * sums[2 * hidden + j];
        }
        System.arraycopy(cell, 0, squashed, 0, hidden);
        Squash.tanh(squashed, scratch, 1, hidden);
        for (int j = 0; j < hidden; j++) {
            in[Parameters.INPUTS + j] = sums[3 * hidden + j] * squashed[j];
        }
    }

    private void shift(float[] sums) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] = gain[j] * sums[j] + offset[j];
        }
    }

    private double[] layers(float[] in, float[] features) {
        int hidden = parameters.hidden;
        float[] layer = parameters.layerBias.clone();
        for (int k = 0; k < hidden; k++) {
            addRow(in[Parameters.INPUTS + k], parameters.layer, k * hidden, layer);
        }
        for (int k = 0; k < Parameters.FEATURES; k++) {
            addRow(features[k], parameters.layer, (hidden + k) * hidden, layer);
        }
        float[] raw = parameters.outBias.clone();
        for (int k = 0; k < hidden; k++) {
            if (layer[k] > 0) {
                addRow(layer[k], parameters.out, k * raw.length, raw);
            }
        }
        double[] outputs = new double[raw.length];
        Arrays.setAll(outputs, i -> raw[i]);
        return outputs;
    }

    private static void addRow(float factor, float[] matrix, int from, float[] sums) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] += factor * matrix[from + j];
        }
    }
}
