package dev.shadow.forecast.lstm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class NetworkTest {
    private static final int ROWS = 5;
    private static final int HIDDEN = 16;

    private final Parameters parameters = Parameters.random(HIDDEN, new SplittableRandom(3));
    private final Windows windows = TestWindows.drawn(ROWS, 4);

    @Test
    void outputsEqualTheDefinitionInDoublePrecision() {
        float[] outputs = new Network(ROWS, HIDDEN, new PlainKernel()).forward(parameters, windows);
        ReferenceNetwork reference = new ReferenceNetwork(parameters);
        for (int r = 0; r < ROWS; r++) {
            double[] expected = reference.outputs(windows, r);
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) outputs[r * expected.length + i]).isCloseTo(expected[i], within(1e-5));
            }
        }
    }

    @Test
    void inferenceOfOneWindowEqualsTheDefinition() {
        Windows one = TestWindows.drawn(1, 9);
        double[] expected = new ReferenceNetwork(parameters).outputs(one, 0);
        double[] outputs = new Inference(parameters).run(one);
        for (int i = 0; i < expected.length; i++) {
            assertThat(outputs[i]).isCloseTo(expected[i], within(1e-5));
        }
    }

    @Test
    void lossEqualsTheDefinition() {
        Network network = new Network(ROWS, HIDDEN, new PlainKernel());
        network.forward(parameters, windows);
        double expected = new ReferenceNetwork(parameters).loss(windows);
        assertThat(network.loss(windows)).isCloseTo(expected, within(1e-5 * expected));
    }

    @Test
    void gradientEqualsDifferencesOfTheDefinition() {
        Network network = new Network(ROWS, HIDDEN, new PlainKernel());
        Parameters gradient = new Parameters(HIDDEN);
        network.forward(parameters, windows);
        double unused = network.backward(parameters, windows, gradient);
        ReferenceNetwork reference = new ReferenceNetwork(parameters);
        SplittableRandom random = new SplittableRandom(5);
        for (int b = 0; b < Parameters.BLOCKS; b++) {
            double[] block = reference.block(b);
            double largest = 0;
            for (float value : gradient.blocks[b]) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertThat(largest).as("block %s", b).isPositive();
            for (int trial = 0; trial < 12; trial++) {
                int i = random.nextInt(block.length);
                double kept = block[i];
                double nudge = 1e-6;
                block[i] = kept + nudge;
                double above = reference.loss(windows);
                block[i] = kept - nudge;
                double below = reference.loss(windows);
                block[i] = kept;
                assertThat((double) gradient.blocks[b][i])
                        .as("block %s, number %s", b, i)
                        .isCloseTo((above - below) / (2 * nudge), within(1e-4 * largest));
            }
        }
    }
}
