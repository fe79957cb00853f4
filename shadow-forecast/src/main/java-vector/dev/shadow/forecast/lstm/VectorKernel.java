package dev.shadow.forecast.lstm;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernel made of {@code jdk.incubator.vector}: products in tiles of four rows and two vectors that stay in
 * registers over the whole inner dimension. Cells are left to the plain kernel, whose loops the compiler vectorises.
 *
 * <p>Compiled apart from the rest, since the module is only there when the command line adds it; {@code Kernels} makes it
 * by name.
 */
final class VectorKernel implements Kernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int TILE = 4;

    private final PlainKernel plain = new PlainKernel();
    private float[] transposed = new float[0];

    @Override
    public String name() {
        return "vectors of " + LANES + " floats";
    }

    @Override
    public void multiply(float[] in, float[] weights, float[] out, int rows, int inner, int columns) {
        product(in, inner, 1, weights, out, rows, inner, columns);
    }

    @Override
    public void multiplyBack(
            float[] outGradient, float[] weights, float[] inGradient, int rows, int inner, int columns) {
        if (transposed.length < inner * columns) {
            transposed = new float[inner * columns];
        }
        for (int k = 0; k < inner; k++) {
            for (int j = 0; j < columns; j++) {
                transposed[j * inner + k] = weights[k * columns + j];
            }
        }
        Arrays.fill(inGradient, 0, rows * inner, 0);
        product(outGradient, columns, 1, transposed, inGradient, rows, columns, inner);
    }

    @Override
    public void weightGradient(
            float[] in, float[] outGradient, float[] weightGradient, int rows, int inner, int columns) {
        product(in, 1, inner, outGradient, weightGradient, inner, rows, columns);
    }

    /** {@code out += a * b}, where number k of row r of a lies at {@code r * rowStride + k * innerStride}. */
    private static void product(
            float[] a, int rowStride, int innerStride, float[] b, float[] out, int rows, int inner, int columns) {
        int pairs = columns / (2 * LANES) * (2 * LANES);
        int tiled = rows / TILE * TILE;
        for (int j = 0; j < pairs; j += 2 * LANES) {
            for (int r = 0; r < tiled; r += TILE) {
                tile(a, r * rowStride, rowStride, innerStride, b, out, r, j, inner, columns);
            }
        }
        rest(a, rowStride, innerStride, b, out, tiled, rows, 0, pairs, inner, columns);
        rest(a, rowStride, innerStride, b, out, 0, rows, pairs, columns, inner, columns);
    }

    private static void tile(
            float[] a, int from, int rowStride, int innerStride, float[] b, float[] out, int row, int column, int inner,
            int columns) {
        int at = row * columns + column;
        FloatVector s00 = FloatVector.fromArray(SPECIES, out, at);
        FloatVector s01 = FloatVector.fromArray(SPECIES, out, at + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, out, at + columns);
        FloatVector s11 = FloatVector.fromArray(SPECIES, out, at + columns + LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, out, at + 2 * columns);
        FloatVector s21 = FloatVector.fromArray(SPECIES, out, at + 2 * columns + LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, out, at + 3 * columns);
        FloatVector s31 = FloatVector.fromArray(SPECIES, out, at + 3 * columns + LANES);
        for (int k = 0; k < inner; k++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, k * columns + column);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, k * columns + column + LANES);
            int i = from + k * innerStride;
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[i]);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[i + rowStride]);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[i + 2 * rowStride]);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[i + 3 * rowStride]);
            s00 = a0.fma(b0, s00);
            s01 = a0.fma(b1, s01);
            s10 = a1.fma(b0, s10);
            s11 = a1.fma(b1, s11);
            s20 = a2.fma(b0, s20);
            s21 = a2.fma(b1, s21);
            s30 = a3.fma(b0, s30);
            s31 = a3.fma(b1, s31);
        }
        s00.intoArray(out, at);
        s01.intoArray(out, at + LANES);
        s10.intoArray(out, at + columns);
        s11.intoArray(out, at + columns + LANES);
        s20.intoArray(out, at + 2 * columns);
        s21.intoArray(out, at + 2 * columns + LANES);
        s30.intoArray(out, at + 3 * columns);
        s31.intoArray(out, at + 3 * columns + LANES);
    }

    private static void rest(
            float[] a, int rowStride, int innerStride, float[] b, float[] out, int rowFrom, int rowTo, int columnFrom,
            int columnTo, int inner, int columns) {
        for (int r = rowFrom; r < rowTo; r++) {
            for (int k = 0; k < inner; k++) {
                float factor = a[r * rowStride + k * innerStride];
                for (int j = columnFrom; j < columnTo; j++) {
                    out[r * columns + j] += factor * b[k * columns + j];
                }
            }
        }
    }

    @Override
    public void cells(float[] sums, float[] before, CellStep step) {
        plain.cells(sums, before, step);
    }

    @Override
    public void cellsBack(
            CellStep step, float[] before, float[] hiddenGradient, float[] cellGradient, float[] sumGradient) {
        plain.cellsBack(step, before, hiddenGradient, cellGradient, sumGradient);
    }
}
