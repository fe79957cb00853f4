package dev.shadow.forecast.lstm;

/**
 * The inner loops of the network. Matrices are dense, row after row, from index 0 of their array.
 *
 * <p>Implementations agree to 1e-6 of the largest value, not to the last bit. Each holds scratch space: one instance
 * per thread.
 */
interface Kernel {
    /** Name for log lines. */
    String name();

    /**
     * {@code out += in * weights}.
     *
     * @param in {@code rows x inner}
     * @param weights {@code inner x columns}
     * @param out {@code rows x columns}
     */
    void multiply(float[] in, float[] weights, float[] out, int rows, int inner, int columns);

    /**
     * {@code inGradient = outGradient * transposed(weights)}: what {@link #multiply} hands back to its input.
     *
     * @param outGradient {@code rows x columns}
     * @param weights {@code inner x columns}
     * @param inGradient {@code rows x inner}, overwritten
     */
    void multiplyBack(float[] outGradient, float[] weights, float[] inGradient, int rows, int inner, int columns);

    /**
     * {@code weightGradient += transposed(in) * outGradient}: what {@link #multiply} hands back to its weights.
     *
     * @param in {@code rows x inner}
     * @param outGradient {@code rows x columns}
     * @param weightGradient {@code inner x columns}
     */
    void weightGradient(float[] in, float[] outGradient, float[] weightGradient, int rows, int inner, int columns);

    /**
     * One step of the cells (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000): the gates are
     * squashed, the cell moves on, the hidden state is read out.
     *
     * @param sums {@code rows x 4 hidden}: weighted sums of the input, forget, candidate and output gates
     * @param before cells before the step, {@code rows x hidden}
     * @param step receives the gates, cells and hidden state
     */
    void cells(float[] sums, float[] before, CellStep step);

    /**
     * The derivative of {@link #cells}.
     *
     * @param step what {@link #cells} wrote
     * @param before cells before the step
     * @param hiddenGradient derivative by the hidden state
     * @param cellGradient derivative by the cells after the step on entry, before the step on return
     * @param sumGradient receives the derivative by the weighted sums, {@code rows x 4 hidden}
     */
    void cellsBack(CellStep step, float[] before, float[] hiddenGradient, float[] cellGradient, float[] sumGradient);
}
