package dev.shadow.forecast.lstm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The forward pass against PyTorch's at the same weights. Made with {@code python3
 * benchmarks/peers/forecast/lstm_torch.py vectors}, which also tells how weights and inputs are made.
 */
final class TorchTest {
    private static void make(float[] to, int block, double scale) {
        for (int i = 0; i < to.length; i++) {
            to[i] = (float) (scale * Math.sin(0.7 * i + block));
        }
    }

    private static List<double[]> read() throws IOException {
        try (InputStream in = Objects.requireNonNull(TorchTest.class.getResourceAsStream("torch-forward.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Arrays.stream(line.split(" "))
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toList();
        }
    }

    @Test
    void outputsEqualThoseOfTorchAtTheSameWeights() throws IOException {
        List<double[]> lines = read();
        int hidden = (int) lines.get(0)[0];
        int rows = (int) lines.get(0)[1];
        Parameters parameters = new Parameters(hidden);
        for (int b = 0; b < Parameters.BLOCKS; b++) {
            make(parameters.blocks[b], b, 0.3);
        }
        Windows windows = new Windows(rows);
        make(windows.features, 7, 2);
        for (int t = 0; t < Windows.LENGTH; t++) {
            make(windows.inputs[t], 10 + t, 2);
        }
        float[] outputs = new Network(rows, hidden, new PlainKernel()).forward(parameters, windows);
        for (int r = 0; r < rows; r++) {
            double[] expected = lines.get(1 + r);
            assertThat(expected).hasSize(QuantileHead.OUTPUTS);
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) outputs[r * expected.length + i]).isCloseTo(expected[i], within(1e-5));
            }
        }
    }
}
