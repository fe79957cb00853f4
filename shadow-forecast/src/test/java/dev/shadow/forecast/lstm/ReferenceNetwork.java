package dev.shadow.forecast.lstm;

/** The network written down in double precision as its definition reads, for one row at a time. */
final class ReferenceNetwork {
    private final double[][] blocks = new double[Parameters.BLOCKS][];
    private final int hidden;

    ReferenceNetwork(Parameters parameters) {
        hidden = parameters.hidden;
        for (int b = 0; b < Parameters.BLOCKS; b++) {
            blocks[b] = new double[parameters.blocks[b].length];
            for (int i = 0; i < blocks[b].length; i++) {
                blocks[b][i] = parameters.blocks[b][i];
            }
        }
    }

    double[] block(int index) {
        return blocks[index];
    }

    double[] outputs(Windows windows, int row) {
        double[] state = new double[hidden];
        double[] cell = new double[hidden];
        for (int t = 0; t < Windows.LENGTH; t++) {
            double[] sums = blocks[2].clone();
            for (int k = 0; k < Parameters.INPUTS; k++) {
                addRow(windows.inputs[t][row * Parameters.INPUTS + k], blocks[0], k, sums);
            }
            for (int k = 0; k < hidden; k++) {
                addRow(state[k], blocks[1], k, sums);
            }
            for (int j = 0; j < hidden; j++) {
                double candidate = Math.tanh(sums[2 * hidden + j]);
                cell[j] = logistic(sums[hidden + j]) * cell[j] + logistic(sums[j]) * candidate;
                state[j] = logistic(sums[3 * hidden + j]) * Math.tanh(cell[j]);
            }
        }
        double[] layer = blocks[4].clone();
        for (int k = 0; k < hidden + Parameters.FEATURES; k++) {
            double value = k < hidden ? state[k] : windows.features[row * Parameters.FEATURES + k - hidden];
            addRow(value, blocks[3], k, layer);
        }
        double[] outputs = blocks[6].clone();
        for (int k = 0; k < hidden; k++) {
            addRow(Math.max(0, layer[k]), blocks[5], k, outputs);
        }
        return outputs;
    }

    private static void addRow(double factor, double[] matrix, int row, double[] sums) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] += factor * matrix[row * sums.length + j];
        }
    }

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    double loss(Windows windows) {
        QuantileHead head = new QuantileHead();
        double[] quantiles = new double[QuantileHead.LEVEL_COUNT];
        double loss = 0;
        for (int r = 0; r < windows.rows; r++) {
            double[] outputs = outputs(windows, r);
            for (int s = 0; s < QuantileHead.STEP_COUNT; s++) {
                if (Double.isNaN(windows.actuals[r][s])) {
                    continue;
                }
                head.quantiles(outputs, s * QuantileHead.NUMBERS, windows.anchors[r][s], 1, quantiles);
                loss += windows.weights[r] * QuantileHead.loss(windows.actuals[r][s], quantiles);
            }
        }
        return loss / (windows.rows * QuantileHead.STEP_COUNT * QuantileHead.LEVEL_COUNT);
    }
}
