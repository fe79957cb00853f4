package dev.shadow.core.placement.reassign;

/** Lists of numbers, one per row, in two flat arrays that are never changed. */
final class IntRows {
    private final int[] starts;
    private final int[] values;

    private IntRows(int[] starts, int[] values) {
        this.starts = starts;
        this.values = values;
    }

    /** Where each row begins in the values, and one more for the end. */
    int[] starts() {
        return starts;
    }

    /** The rows, one after another. */
    int[] values() {
        return values;
    }

    static IntRows of(int[][] rows) {
        int[] starts = new int[rows.length + 1];
        for (int row = 0; row < rows.length; row++) {
            starts[row + 1] = starts[row] + rows[row].length;
        }
        int[] values = new int[starts[rows.length]];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, values, starts[row], rows[row].length);
        }
        return new IntRows(starts, values);
    }

    /** Row {@code v} of the result lists the rows that hold {@code v}; values are below {@code bound}. */
    IntRows transposed(int bound) {
        int[] first = new int[bound + 1];
        for (int value : values) {
            first[value + 1]++;
        }
        for (int row = 0; row < bound; row++) {
            first[row + 1] += first[row];
        }
        int[] next = first.clone();
        int[] rows = new int[values.length];
        for (int row = 0; row + 1 < starts.length; row++) {
            for (int i = starts[row]; i < starts[row + 1]; i++) {
                rows[next[values[i]]++] = row;
            }
        }
        return new IntRows(first, rows);
    }
}
