package dev.shadow.forecast.failure;

/**
 * A binary tree as parallel arrays. Node 0 is the root; a node whose column is -1 is a leaf, the children of any other
 * stand side by side behind it. Inner nodes carry the value they would have as a leaf, so that each split on a path has
 * a contribution of its own (Saabas, 2014). Immutable by convention: nobody writes to the arrays after growth.
 */
final class Tree {
    static final int LEAF = -1;

    final int[] column;
    final double[] cut;
    final boolean[] missingRight;
    final int[] left;
    final double[] value;

    Tree(int[] column, double[] cut, boolean[] missingRight, int[] left, double[] value) {
        this.column = column;
        this.cut = cut;
        this.missingRight = missingRight;
        this.left = left;
        this.value = value;
    }

    int size() {
        return column.length;
    }

    double value(double[][] columns, int row) {
        int node = 0;
        while (column[node] != LEAF) {
            node = child(node, columns[column[node]][row]);
        }
        return value[node];
    }

    /** Adds {@code weight} times what each column contributes to {@code shares} and returns the value of the root. */
    double explain(double[][] columns, int row, double weight, double[] shares) {
        int node = 0;
        while (column[node] != LEAF) {
            int next = child(node, columns[column[node]][row]);
            shares[column[node]] += weight * (value[next] - value[node]);
            node = next;
        }
        return value[0];
    }

    private int child(int node, double x) {
        boolean right = Double.isNaN(x) ? missingRight[node] : x > cut[node];
        return right ? left[node] + 1 : left[node];
    }
}
