package dev.shadow.forecast.lstm;

/** Gates, cells and hidden state of one time step, each {@code rows x hidden}; kept for the way back. */
final class CellStep {
    final int rows;
    final int hidden;
    final float[] input;
    final float[] forget;
    final float[] candidate;
    final float[] output;
    final float[] cell;
    final float[] squashed;
    final float[] state;

    CellStep(int rows, int hidden) {
        this.rows = rows;
        this.hidden = hidden;
        int size = rows * hidden;
        input = new float[size];
        forget = new float[size];
        candidate = new float[size];
        output = new float[size];
        cell = new float[size];
        squashed = new float[size];
        state = new float[size];
    }

    int size() {
        return rows * hidden;
    }
}
