package dev.shadow.forecast.lstm;

import java.util.Arrays;

/**
 * The kernel without any module beyond the JDK's base.
 *
 * <p>Shaped by what HotSpot's C2 vectorises on Java 17: a loop that stores to one array from index 0, reads others from
 * 0 or at constant distances, and has a body of few operations. Weights are therefore packed into panels of four rows,
 * a constant stride apart, and a product is a sum of such panels; longer bodies fall back to scalar code. Vectors pay
 * from about 64 columns on, so narrow products are computed transposed, with the batch as the long side.
 */
final class PlainKernel implements Kernel {
    static final int STRIDE = 256;
    private static final int DEPTH = 4;
    private static final int ROWS = 8;

    private final float[][] sums = new float[ROWS][STRIDE];
    private float[][] panels = new float[0][];
    private float[] transposed = new float[0];
    private float[] scratch = new float[0];

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public void multiply(float[] in, float[] weights, float[] out, int rows, int inner, int columns) {
        for (int from = 0; from < columns; from += STRIDE) {
            int width = Math.min(STRIDE, columns - from);
            int packed = pack(weights, inner, columns, from, width);
            accumulate(in, rows, inner, packed, out, columns, from, width, false);
        }
    }

    @Override
    public void multiplyBack(
            float[] outGradient, float[] weights, float[] inGradient, int rows, int inner, int columns) {
        transposed = grown(transposed, Math.max(rows * columns, inner * columns));
        if (inner < rows) {
            // inGradient' = weights * outGradient', rows of the batch side by side
            transpose(outGradient, transposed, rows, columns);
            for (int from = 0; from < rows; from += STRIDE) {
                int width = Math.min(STRIDE, rows - from);
                int packed = pack(transposed, columns, rows, from, width);
                accumulate(weights, inner, columns, packed, inGradient, inner, from, width, true);
            }
        } else {
            transpose(weights, transposed, inner, columns);
            Arrays.fill(inGradient, 0, rows * inner, 0);
            multiply(outGradient, transposed, inGradient, rows, columns, inner);
        }
    }

    @Override
    public void weightGradient(
            float[] in, float[] outGradient, float[] weightGradient, int rows, int inner, int columns) {
        transposed = grown(transposed, rows * inner);
        transpose(in, transposed, rows, inner);
        multiply(
                transposed,
                /* weights= */ outGradient,
                /* out= */ weightGradient,
                /* rows= */ inner,
                /* inner= */ rows,
                columns);
    }

    private int pack(float[] matrix, int height, int stride, int from, int width) {
        int count = (height + DEPTH - 1) / DEPTH;
        if (panels.length < count) {
            panels = Arrays.copyOf(panels, count);
        }
        for (int p = 0; p < count; p++) {
            if (panels[p] == null) {
                panels[p] = new float[DEPTH * STRIDE];
            }
            for (int k = 0; k < DEPTH; k++) {
                int row = p * DEPTH + k;
                if (row < height) {
                    System.arraycopy(matrix, row * stride + from, panels[p], k * STRIDE, width);
                } else {
                    Arrays.fill(panels[p], k * STRIDE, k * STRIDE + width, 0);
                }
            }
        }
        return count;
    }

    /** Adds {@code in} times the packed panels to columns of {@code out}, or overwrites rows of it with columns. */
    private void accumulate(
            float[] in, int rows, int inner, int packed, float[] out, int stride, int from, int width, boolean turned) {
        for (int first = 0; first < rows; first += ROWS) {
            int count = Math.min(ROWS, rows - first);
            for (int r = 0; r < count; r++) {
                if (turned) {
                    Arrays.fill(sums[r], 0, width, 0);
                } else {
                    System.arraycopy(out, (first + r) * stride + from, sums[r], 0, width);
                }
            }
            for (int p = 0; p < packed; p++) {
                int depth = Math.min(DEPTH, inner - p * DEPTH);
                for (int r = 0; r < count; r++) {
                    int at = (first + r) * inner + p * DEPTH;
                    addFour(
                            in[at],
                            depth > 1 ? in[at + 1] : 0,
                            depth > 2 ? in[at + 2] : 0,
                            depth > 3 ? in[at + 3] : 0,
                            panels[p],
                            sums[r],
                            width);
                }
            }
            for (int r = 0; r < count; r++) {
                if (turned) {
                    for (int j = 0; j < width; j++) {
                        out[(from + j) * stride + first + r] = sums[r][j];
                    }
                } else {
                    System.arraycopy(sums[r], 0, out, (first + r) * stride + from, width);
                }
            }
        }
    }

    static void addFour(float a, float b, float c, float d, float[] panel, float[] sum, int width) {
        for (int j = 0; j < width; j++) {
            sum[j] += (a * panel[j] + b * panel[j + STRIDE]) + (c * panel[j + 2 * STRIDE] + d * panel[j + 3 * STRIDE]);
        }
    }

    private static void transpose(float[] from, float[] to, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                to[j * rows + i] = from[i * columns + j];
            }
        }
    }

    @Override
    public void cells(float[] gates, float[] before, CellStep step) {
        int size = step.size();
        scratch = grown(scratch, size);
        spread(gates, step);
        logistic(step.input, size);
        logistic(step.forget, size);
        Squash.tanh(step.candidate, scratch, 1, size);
        logistic(step.output, size);
        next(step.input, step.forget, step.candidate, before, step.cell, size);
        System.arraycopy(step.cell, 0, step.squashed, 0, size);
        Squash.tanh(step.squashed, scratch, 1, size);
        product(step.output, step.squashed, step.state, size);
    }

    private static void spread(float[] gates, CellStep step) {
        int hidden = step.hidden;
        for (int r = 0; r < step.rows; r++) {
            int at = 4 * r * hidden;
            System.arraycopy(gates, at, step.input, r * hidden, hidden);
            System.arraycopy(gates, at + hidden, step.forget, r * hidden, hidden);
            System.arraycopy(gates, at + 2 * hidden, step.candidate, r * hidden, hidden);
            System.arraycopy(gates, at + 3 * hidden, step.output, r * hidden, hidden);
        }
    }

    private void logistic(float[] values, int size) {
        Squash.tanh(values, scratch, 0.5f, size);
        for (int i = 0; i < size; i++) {
            values[i] = 0.5f * values[i] + 0.5f;
        }
    }

    private static void next(float[] input, float[] forget, float[] candidate, float[] before, float[] cell, int size) {
        for (int i = 0; i < size; i++) {
            cell[i] = forget[i] * before[i] + input[i] * candidate[i];
        }
    }

    private static void product(float[] a, float[] b, float[] result, int size) {
        for (int i = 0; i < size; i++) {
            result[i] = a[i] * b[i];
        }
    }

    @Override
    public void cellsBack(
            CellStep step, float[] before, float[] hiddenGradient, float[] cellGradient, float[] sumGradient) {
        int size = step.size();
        scratch = grown(scratch, size);
        intoCells(step.output, step.squashed, hiddenGradient, cellGradient, size);
        gather(logisticBack(hiddenGradient, step.squashed, step.output, scratch, size), sumGradient, step, 3);
        gather(logisticBack(cellGradient, step.candidate, step.input, scratch, size), sumGradient, step, 0);
        gather(logisticBack(cellGradient, before, step.forget, scratch, size), sumGradient, step, 1);
        gather(tanhBack(cellGradient, step.input, step.candidate, scratch, size), sumGradient, step, 2);
        product(cellGradient, step.forget, cellGradient, size);
    }

    private static void intoCells(float[] output, float[] squashed, float[] hidden, float[] cell, int size) {
        for (int i = 0; i < size; i++) {
            cell[i] += hidden[i] * output[i] * (1 - squashed[i] * squashed[i]);
        }
    }

    private static float[] logisticBack(float[] outer, float[] factor, float[] gate, float[] result, int size) {
        for (int i = 0; i < size; i++) {
            result[i] = outer[i] * factor[i] * (gate[i] * (1 - gate[i]));
        }
        return result;
    }

    private static float[] tanhBack(float[] outer, float[] factor, float[] gate, float[] result, int size) {
        for (int i = 0; i < size; i++) {
            result[i] = outer[i] * factor[i] * (1 - gate[i] * gate[i]);
        }
        return result;
    }

    private static void gather(float[] gate, float[] sums, CellStep step, int index) {
        int hidden = step.hidden;
        for (int r = 0; r < step.rows; r++) {
            System.arraycopy(gate, r * hidden, sums, (4 * r + index) * hidden, hidden);
        }
    }

    private static float[] grown(float[] array, int size) {
        return array.length < size ? new float[size] : array;
    }
}
