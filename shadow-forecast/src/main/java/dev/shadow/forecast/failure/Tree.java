package dev.shadow.forecast.failure;

/**
 * A binary tree in heap order: the children of node i are 2i+1 and 2i+2, a node with column -1 is a leaf. A missing
 * value goes left. Inner nodes carry the value they would have as a leaf, so that each split on a path has a
 * contribution of its own (Saabas, 2014).
 */
final class Tree {
    final int[] column;
    final double[] cut;
    final double[] value;

    Tree(int[] column, double[] cut, double[] value) {
        this.column = column;
        this.cut = cut;
        this.value = value;
    }

    double margin(double[][] columns, int row) {
        int node = 0;
        while (column[node] >= 0) {
            node = child(node, columns[column[node]][row]);
        }
        return value[node];
    }

    /** Adds what each column contributes and returns the value of the root. */
    double explain(double[][] columns, int row, double[] shares) {
        int node = 0;
        while (column[node] >= 0) {
            int next = child(node, columns[column[node]][row]);
            shares[column[node]] += value[next] - value[node];
            node = next;
        }
        return value[0];
    }

    private int child(int node, double x) {
        return 2 * node + (x > cut[node] ? 2 : 1);
    }
}
