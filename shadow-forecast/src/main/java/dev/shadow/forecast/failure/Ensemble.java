package dev.shadow.forecast.failure;

import java.util.List;

/** Bags of trees: a bag's trees are summed, the bags are averaged. Immutable. */
final class Ensemble {
    final double start;
    final List<List<Tree>> bags;

    Ensemble(double start, List<List<Tree>> bags) {
        this.start = start;
        this.bags = List.copyOf(bags);
    }

    double score(double[][] columns, int row) {
        double sum = 0;
        for (List<Tree> bag : bags) {
            sum += sum(bag, columns, row);
        }
        return start + sum / bags.size();
    }

    /** Adds what each column contributes to {@code shares} and returns the score without them. */
    double explain(double[][] columns, int row, double[] shares) {
        double sum = 0;
        for (List<Tree> bag : bags) {
            for (Tree tree : bag) {
                sum += tree.explain(columns, row, 1.0 / bags.size(), shares);
            }
        }
        return start + sum / bags.size();
    }

    static double sum(List<Tree> bag, double[][] columns, int row) {
        double sum = 0;
        for (Tree tree : bag) {
            sum += tree.value(columns, row);
        }
        return sum;
    }
}
