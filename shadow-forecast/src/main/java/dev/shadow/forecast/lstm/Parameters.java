package dev.shadow.forecast.lstm;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The trained numbers of a network, or as many of anything else: gradients, moments. Matrices lie row after row.
 */
final class Parameters {
    /** Inputs of one time step. */
    static final int INPUTS = 8;
    /** Inputs of the layer behind the recurrent one, beside the hidden state. */
    static final int FEATURES = 2 + QuantileHead.STEP_COUNT + 2 * QuantileHead.LEVEL_COUNT;
    /** Number of blocks. */
    static final int BLOCKS = 7;

    final int hidden;
    /** {@code INPUTS x 4 hidden}; the gates in the order input, forget, candidate, output. */
    final float[] fromInput;
    /** {@code hidden x 4 hidden}. */
    final float[] fromState;

    final float[] gateBias;
    /** {@code (hidden + FEATURES) x hidden}. */
    final float[] layer;

    final float[] layerBias;
    /** {@code hidden x OUTPUTS}. */
    final float[] out;

    final float[] outBias;
    /** All of them, in the order above. */
    final float[][] blocks;

    Parameters(int hidden) {
        this.hidden = hidden;
        fromInput = new float[INPUTS * 4 * hidden];
        fromState = new float[hidden * 4 * hidden];
        gateBias = new float[4 * hidden];
        layer = new float[(hidden + FEATURES) * hidden];
        layerBias = new float[hidden];
        out = new float[hidden * QuantileHead.OUTPUTS];
        outBias = new float[QuantileHead.OUTPUTS];
        blocks = new float[][] {fromInput, fromState, gateBias, layer, layerBias, out, outBias};
    }

    /** Numbers in all of a network with {@code hidden} cells. */
    static int count(int hidden) {
        return (INPUTS + hidden + 1) * 4 * hidden
                + (hidden + FEATURES + 1) * hidden
                + (hidden + 1) * QuantileHead.OUTPUTS;
    }

    /**
     * Draws a fresh network: uniform, of variance 1/(3 width) in the gates and half of Glorot's in the layers; forget
     * gates start open (Jozefowicz et al. 2015), and the output starts at the mixture of the anchors.
     */
    static Parameters random(int hidden, RandomGenerator random) {
        Parameters fresh = new Parameters(hidden);
        double gates = 1 / Math.sqrt(hidden);
        fill(fresh.fromInput, gates, random);
        fill(fresh.fromState, gates, random);
        Arrays.fill(fresh.gateBias, hidden, 2 * hidden, 1);
        fill(fresh.layer, Math.sqrt(3.0 / (hidden + FEATURES)), random);
        fill(fresh.out, 0.3 / Math.sqrt(hidden), random);
        for (int step = 0; step < QuantileHead.STEP_COUNT; step++) {
            fresh.outBias[step * QuantileHead.NUMBERS] = 1;
        }
        return fresh;
    }

    private static void fill(float[] block, double bound, RandomGenerator random) {
        for (int i = 0; i < block.length; i++) {
            block[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
    }

    Parameters copy() {
        Parameters twin = new Parameters(hidden);
        twin.set(this);
        return twin;
    }

    void set(Parameters other) {
        for (int b = 0; b < BLOCKS; b++) {
            System.arraycopy(other.blocks[b], 0, blocks[b], 0, blocks[b].length);
        }
    }

    void clear() {
        for (float[] block : blocks) {
            Arrays.fill(block, 0);
        }
    }

    void add(Parameters other) {
        for (int b = 0; b < BLOCKS; b++) {
            float[] block = blocks[b];
            float[] more = other.blocks[b];
            for (int i = 0; i < block.length; i++) {
                block[i] += more[i];
            }
        }
    }

    /** Euclidean norm over all blocks. */
    double norm() {
        double squares = 0;
        for (float[] block : blocks) {
            for (float value : block) {
                squares += (double) value * value;
            }
        }
        return Math.sqrt(squares);
    }
}
