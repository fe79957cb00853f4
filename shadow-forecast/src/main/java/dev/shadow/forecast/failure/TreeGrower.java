package dev.shadow.forecast.failure;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Grows trees for the logistic loss with Newton steps on histograms (Friedman, Annals of Statistics 29, 2001; Chen and
 * Guestrin, KDD 2016), level by level: each level costs rows times columns, whatever the number of nodes.
 */
final class TreeGrower {
    private final FailureOptions options;
    private final byte[][] bins;
    private final double[][] cuts;

    /** @param bins by column and row, 0 for a missing value and up to the number of cuts plus 1 */
    TreeGrower(FailureOptions options, byte[][] bins, double[][] cuts) {
        this.options = options;
        this.bins = bins;
        this.cuts = cuts;
    }

    Tree grow(int[] rows, double[] gradient, double[] hessian, RandomGenerator random) {
        int size = (1 << options.depth() + 1) - 1;
        int[] column = new int[size];
        Arrays.fill(column, -1);
        double[] cut = new double[size];
        int[] cutBin = new int[size];
        double[] value = new double[size];
        double[] g = new double[size];
        double[] h = new double[size];
        int[] node = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            g[0] += gradient[i];
            h[0] += hessian[i];
        }
        value[0] = step(g[0], h[0]);
        int[] candidates = draw(random);
        for (int level = 0; level < options.depth(); level++) {
            int first = (1 << level) - 1;
            int width = 1 << level;
            double[] best = new double[width];
            Arrays.fill(best, 1e-9);
            for (int c : candidates) {
                search(c, rows, node, first, width, gradient, hessian, g, h, best, column, cutBin);
            }
            for (int k = first; k < first + width; k++) {
                if (column[k] >= 0) {
                    cut[k] = cutBin[k] == 0 ? Double.NEGATIVE_INFINITY : cuts[column[k]][cutBin[k] - 1];
                }
            }
            for (int i = 0; i < rows.length; i++) {
                int k = node[i];
                if (k >= first && column[k] >= 0) {
                    int next = 2 * k + ((bins[column[k]][rows[i]] & 0xff) > cutBin[k] ? 2 : 1);
                    node[i] = next;
                    g[next] += gradient[i];
                    h[next] += hessian[i];
                }
            }
            for (int k = first; k < first + width; k++) {
                if (column[k] >= 0) {
                    value[2 * k + 1] = step(g[2 * k + 1], h[2 * k + 1]);
                    value[2 * k + 2] = step(g[2 * k + 2], h[2 * k + 2]);
                }
            }
        }
        return new Tree(column, cut, value);
    }

    private void search(
            int c,
            int[] rows,
            int[] node,
            int first,
            int width,
            double[] gradient,
            double[] hessian,
            double[] g,
            double[] h,
            double[] best,
            int[] column,
            int[] cutBin) {
        byte[] bin = bins[c];
        int count = cuts[c].length + 2;
        double[] sums = new double[2 * width * count];
        for (int i = 0; i < rows.length; i++) {
            int k = node[i] - first;
            if (k >= 0) {
                int at = 2 * (k * count + (bin[rows[i]] & 0xff));
                sums[at] += gradient[i];
                sums[at + 1] += hessian[i];
            }
        }
        for (int k = 0; k < width; k++) {
            double whole = gain(g[first + k], h[first + k]);
            double gl = 0;
            double hl = 0;
            for (int b = 0; b < count - 1; b++) {
                gl += sums[2 * (k * count + b)];
                hl += sums[2 * (k * count + b) + 1];
                double hr = h[first + k] - hl;
                if (hl < options.leafWeight() || hr < options.leafWeight()) {
                    continue;
                }
                double won = gain(gl, hl) + gain(g[first + k] - gl, hr) - whole;
                if (won > best[k]) {
                    best[k] = won;
                    column[first + k] = c;
                    cutBin[first + k] = b;
                }
            }
        }
    }

    private int[] draw(RandomGenerator random) {
        int[] all = new int[bins.length];
        for (int i = 0; i < all.length; i++) {
            int j = random.nextInt(i + 1);
            all[i] = all[j];
            all[j] = i;
        }
        return Arrays.copyOf(all, Math.max(1, (int) Math.round(options.columns() * all.length)));
    }

    private double gain(double g, double h) {
        return g * g / (h + options.ridge());
    }

    private double step(double g, double h) {
        return -options.learningRate() * g / (h + options.ridge());
    }
}
