package dev.shadow.forecast.lstm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both kernels against the definition of each product, in double precision; the build adds the vector module. */
final class KernelTest {
    private Kernel kernel = new PlainKernel();

    private static float[] drawn(int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static void assertClose(float[] actual, double[] expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(1e-4));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 40, 128", "3, 5, 7", "64, 8, 32", "17, 33, 300", "64, 72, 256", "70, 9, 600"})
    void productsEqualTheirDefinition(int rows, int inner, int columns) {
        float[] in = drawn(rows * inner, 1);
        float[] weights = drawn(inner * columns, 2);
        float[] out = drawn(rows * columns, 3);
        double[] product = new double[out.length];
        double[] inGradient = new double[in.length];
        double[] weightGradient = new double[weights.length];
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                product[r * columns + j] += out[r * columns + j];
                for (int k = 0; k < inner; k++) {
                    product[r * columns + j] += (double) in[r * inner + k] * weights[k * columns + j];
                    inGradient[r * inner + k] += (double) out[r * columns + j] * weights[k * columns + j];
                    weightGradient[k * columns + j] += (double) in[r * inner + k] * out[r * columns + j];
                }
            }
        }
        float[] multiplied = out.clone();
        kernel.multiply(in, weights, multiplied, rows, inner, columns);
        assertClose(multiplied, product);
        float[] back = drawn(in.length, 4);
        kernel.multiplyBack(out, weights, back, rows, inner, columns);
        assertClose(back, inGradient);
        float[] gradient = new float[weights.length];
        kernel.weightGradient(in, out, gradient, rows, inner, columns);
        assertClose(gradient, weightGradient);
    }

    @ParameterizedTest
    @CsvSource({"1, 40, 128", "3, 5, 7", "64, 8, 32", "17, 33, 300", "64, 72, 256", "70, 9, 600"})
    void productsOfTheVectorKernelEqualTheirDefinition(int rows, int inner, int columns) {
        kernel = Kernels.best();
        assertThat(kernel.name()).startsWith("vectors of");
        productsEqualTheirDefinition(rows, inner, columns);
    }

    @Test
    void gradientsOfBothKernelsAgreeToAMillionthOfTheLargest() {
        Parameters parameters = Parameters.random(32, new SplittableRandom(1));
        Windows windows = TestWindows.drawn(64, 2);
        Parameters plain = gradient(parameters, windows, new PlainKernel());
        Parameters vector = gradient(parameters, windows, Kernels.best());
        for (int b = 0; b < Parameters.BLOCKS; b++) {
            double largest = 0;
            double apart = 0;
            for (int i = 0; i < plain.blocks[b].length; i++) {
                largest = Math.max(largest, Math.abs(plain.blocks[b][i]));
                apart = Math.max(apart, Math.abs(plain.blocks[b][i] - vector.blocks[b][i]));
            }
            assertThat(apart).as("block %s", b).isLessThan(1e-6 * Math.max(1, largest));
        }
    }

    private static Parameters gradient(Parameters parameters, Windows windows, Kernel kernel) {
        Network network = new Network(windows.rows, parameters.hidden, kernel);
        Parameters gradient = new Parameters(parameters.hidden);
        float[] outputs = network.forward(parameters, windows);
        assertThat(outputs).isNotEmpty();
        assertThat(network.backward(parameters, windows, gradient)).isPositive();
        return gradient;
    }

    @Test
    void scratchSpaceOfALargerProductDoesNotShowInASmallerOne() {
        productsEqualTheirDefinition(70, 9, 600);
        productsEqualTheirDefinition(3, 5, 7);
    }
}
