package dev.shadow.forecast.failure;

import java.util.Arrays;

/** A tree in the making. */
final class TreeArrays {
    private int size;
    private int[] column = new int[64];
    private double[] cut = new double[64];
    private boolean[] missingRight = new boolean[64];
    private int[] left = new int[64];
    private double[] value = new double[64];

    void clear() {
        size = 0;
    }

    /** Adds a leaf and returns its index. */
    int add() {
        if (size == column.length) {
            column = Arrays.copyOf(column, 2 * size);
            cut = Arrays.copyOf(cut, 2 * size);
            missingRight = Arrays.copyOf(missingRight, 2 * size);
            left = Arrays.copyOf(left, 2 * size);
            value = Arrays.copyOf(value, 2 * size);
        }
        column[size] = Tree.LEAF;
        cut[size] = 0;
        missingRight[size] = false;
        left[size] = 0;
        return size++;
    }

    void value(int node, double leafValue) {
        value[node] = leafValue;
    }

    void split(int node, int onColumn, double atMost, boolean missingToTheRight, int leftChild) {
        column[node] = onColumn;
        cut[node] = atMost;
        missingRight[node] = missingToTheRight;
        left[node] = leftChild;
    }

    Tree build() {
        return new Tree(
                Arrays.copyOf(column, size),
                Arrays.copyOf(cut, size),
                Arrays.copyOf(missingRight, size),
                Arrays.copyOf(left, size),
                Arrays.copyOf(value, size));
    }
}
