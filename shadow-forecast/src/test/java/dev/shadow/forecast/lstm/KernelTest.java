package dev.shadow.forecast.lstm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plain kernel against the definition of each product, in double precision. */
final class KernelTest {
    private final Kernel kernel = new PlainKernel();

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

    @Test
    void scratchSpaceOfALargerProductDoesNotShowInASmallerOne() {
        productsEqualTheirDefinition(70, 9, 600);
        productsEqualTheirDefinition(3, 5, 7);
    }
}
