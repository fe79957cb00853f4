package dev.shadow.forecast.failure;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.random.RandomGenerator;

/**
 * Grows a tree that lowers a loss given by its first two derivatives at each row, with Newton steps and exact search
 * over intervals (Friedman, Annals of Statistics 29, 2001; Chen and Guestrin, KDD 2016). With the squared loss, whose
 * second derivative is 1, this is the tree of a random forest (Breiman, Machine Learning 45, 2001): for outcomes 0 and
 * 1 the gain is that of Gini's index. Missing values go to the side that gains more. Costs rows times columns times
 * depth. Used by one thread.
 */
final class TreeGrower {
    private static final double LEAST_GAIN = 1e-9;

    private final Bins bins;
    private final double[] gradient;
    private final double[] hessian;
    private final TreeShape shape;
    private final RandomGenerator random;
    private final double[] sums;

    private int[] rows = new int[0];
    private int[] columns = new int[0];
    private int[] aside = new int[0];

    private final TreeArrays tree = new TreeArrays();

    /** The best split of a node that was seen so far. */
    private double bestGain;

    private int bestColumn;
    private int bestInterval;
    private boolean bestMissingRight;

    /**
     * @param gradient first derivative of the loss by row; may change between trees
     * @param hessian second derivative of the loss by row, not negative; may change between trees
     */
    TreeGrower(Bins bins, double[] gradient, double[] hessian, TreeShape shape, RandomGenerator random) {
        this.bins = bins;
        this.gradient = gradient;
        this.hessian = hessian;
        this.shape = shape;
        this.random = random;
        int most = 0;
        for (int c = 0; c < bins.columns(); c++) {
            most = Math.max(most, bins.count(c));
        }
        this.sums = new double[2 * most];
    }

    /** Grows a tree on some of the rows, which may hold a row more than once. */
    Tree grow(int[] onRows) {
        rows = onRows.clone();
        aside = new int[rows.length];
        columns = new int[bins.columns()];
        Arrays.setAll(columns, c -> c);
        int ofTree = draw(columns.length, shape.columnsOfTree());
        tree.clear();
        Deque<Node> open = new ArrayDeque<>();
        open.push(node(0, rows.length, 0, tree.add()));
        while (!open.isEmpty()) {
            split(open.pop(), ofTree, open);
        }
        return tree.build();
    }

    private void split(Node node, int ofTree, Deque<Node> open) {
        if (node.depth == shape.depth() || node.hessian < 2 * shape.leastWeight()) {
            return;
        }
        bestGain = LEAST_GAIN;
        bestColumn = Tree.LEAF;
        int tried = draw(ofTree, shape.columnsOfNode());
        for (int i = 0; i < tried; i++) {
            search(columns[i], node);
        }
        if (bestColumn == Tree.LEAF) {
            return;
        }
        int middle = partition(node);
        int left = tree.add();
        int right = tree.add();
        tree.split(node.index, bestColumn, bins.cut(bestColumn, bestInterval), bestMissingRight, left);
        open.push(node(middle, node.to, node.depth + 1, right));
        open.push(node(node.from, middle, node.depth + 1, left));
    }

    private Node node(int from, int to, int depth, int index) {
        double g = 0;
        double h = 0;
        for (int i = from; i < to; i++) {
            g += gradient[rows[i]];
            h += hessian[rows[i]];
        }
        tree.value(index, -shape.step() * g / (h + shape.ridge()));
        return new Node(from, to, depth, index, g, h);
    }

    private void search(int column, Node node) {
        int count = bins.count(column);
        byte[] bin = bins.of(column);
        Arrays.fill(sums, 0, 2 * count, 0);
        for (int i = node.from; i < node.to; i++) {
            int row = rows[i];
            int at = 2 * bin[row];
            sums[at] += gradient[row];
            sums[at + 1] += hessian[row];
        }
        double gMissing = sums[0];
        double hMissing = sums[1];
        double whole = gain(node.gradient, node.hessian);
        double g = 0;
        double h = 0;
        for (int interval = 1; interval < count; interval++) {
            // With missing values on the right: that of the last interval parts them from all others.
            g += sums[2 * interval];
            h += sums[2 * interval + 1];
            if (hMissing > 0 || interval < count - 1) {
                offer(column, interval, true, g, h, node, whole);
            }
            if (hMissing > 0 && interval < count - 1) {
                offer(column, interval, false, g + gMissing, h + hMissing, node, whole);
            }
        }
    }

    private void offer(int column, int interval, boolean missingRight, double g, double h, Node node, double whole) {
        double rest = node.hessian - h;
        if (h < shape.leastWeight() || rest < shape.leastWeight()) {
            return;
        }
        double won = gain(g, h) + gain(node.gradient - g, rest) - whole;
        if (won > bestGain) {
            bestGain = won;
            bestColumn = column;
            bestInterval = interval;
            bestMissingRight = missingRight;
        }
    }

    private double gain(double g, double h) {
        return g * g / (h + shape.ridge());
    }

    private int partition(Node node) {
        byte[] bin = bins.of(bestColumn);
        int left = node.from;
        int right = 0;
        for (int i = node.from; i < node.to; i++) {
            int interval = bin[rows[i]];
            if (interval == Bins.MISSING ? bestMissingRight : interval > bestInterval) {
                aside[right++] = rows[i];
            } else {
                rows[left++] = rows[i];
            }
        }
        System.arraycopy(aside, 0, rows, left, right);
        return left;
    }

    /** Moves a random choice of the first columns to the front and returns how many they are. */
    private int draw(int among, double share) {
        int wanted = Math.max(1, (int) Math.round(share * among));
        for (int i = 0; i < wanted && wanted < among; i++) {
            int j = i + random.nextInt(among - i);
            int column = columns[i];
            columns[i] = columns[j];
            columns[j] = column;
        }
        return wanted;
    }

    private record Node(int from, int to, int depth, int index, double gradient, double hessian) {}
}
