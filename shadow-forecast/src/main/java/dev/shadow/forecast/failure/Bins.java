package dev.shadow.forecast.failure;

import java.util.Arrays;

/**
 * Columns of numbers, each value replaced by the interval it falls in, of which a column has at most 64. Trees are grown
 * on intervals: a split is sought in time of rows plus intervals, not of rows sorted.
 */
final class Bins {
    /** The interval of a missing value; the others count from 1. */
    static final int MISSING = 0;

    private static final int MOST_CUTS = 63;

    private final byte[][] bin;
    private final double[][] cuts;

    private Bins(byte[][] bin, double[][] cuts) {
        this.bin = bin;
        this.cuts = cuts;
    }

    /** @param columns by column and row, {@code NaN} for a missing value */
    static Bins of(double[][] columns) {
        byte[][] bin = new byte[columns.length][];
        double[][] cuts = new double[columns.length][];
        for (int c = 0; c < columns.length; c++) {
            double[] column = columns[c];
            cuts[c] = cuts(column);
            bin[c] = new byte[column.length];
            for (int row = 0; row < column.length; row++) {
                if (!Double.isNaN(column[row])) {
                    int at = Arrays.binarySearch(cuts[c], column[row]);
                    bin[c][row] = (byte) (1 + (at >= 0 ? at : -at - 1));
                }
            }
        }
        return new Bins(bin, cuts);
    }

    int columns() {
        return bin.length;
    }

    int rows() {
        return bin.length == 0 ? 0 : bin[0].length;
    }

    /** Intervals of a column, that of the missing values included. */
    int count(int column) {
        return cuts[column].length + 2;
    }

    byte[] of(int column) {
        return bin[column];
    }

    /** The largest value that falls into an interval other than that of the missing values; infinite for the last. */
    double cut(int column, int interval) {
        return interval > cuts[column].length ? Double.POSITIVE_INFINITY : cuts[column][interval - 1];
    }

    /**
     * Every distinct value but the largest if they are few; otherwise half of the cuts by rank among the rows, which a
     * frequent value takes once, and half by rank among the distinct values, so that a long tail is resolved too.
     */
    private static double[] cuts(double[] column) {
        double[] values =
                Arrays.stream(column).filter(x -> !Double.isNaN(x)).sorted().toArray();
        double[] distinct = Arrays.stream(values).distinct().toArray();
        if (distinct.length <= MOST_CUTS + 1) {
            return Arrays.copyOf(distinct, Math.max(0, distinct.length - 1));
        }
        double[] picked = new double[MOST_CUTS];
        int byRows = MOST_CUTS / 2;
        for (int i = 0; i < MOST_CUTS; i++) {
            picked[i] = i < byRows
                    ? values[(int) ((i + 1L) * values.length / (byRows + 1))]
                    : distinct[(int) ((i - byRows + 1L) * distinct.length / (MOST_CUTS - byRows + 1))];
        }
        double top = distinct[distinct.length - 1];
        return Arrays.stream(picked).filter(x -> x < top).sorted().distinct().toArray();
    }
}
