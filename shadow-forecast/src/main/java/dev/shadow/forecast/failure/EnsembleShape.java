package dev.shadow.forecast.failure;

/**
 * How many trees are grown on what.
 *
 * @param bags groups of trees, each grown on other two thirds of the units and averaged; 3 to 2000. A unit is judged for
 *     calibration by the bags that it was not in
 * @param rounds trees in a bag, each correcting those before it, 1 to 2000
 * @param healthyShare share of the healthy rows that a tree is grown on, above 0 and at most 1; they weigh the more
 * @param tree how each is grown
 */
public record EnsembleShape(int bags, int rounds, double healthyShare, TreeShape tree) {
    static final int MOST_BAGS = 2000;
    static final int MOST_ROUNDS = 2000;

    public EnsembleShape {
        TreeShape.inside("bags", bags, 3, MOST_BAGS);
        TreeShape.inside("rounds", rounds, 1, MOST_ROUNDS);
        TreeShape.inside("healthyShare", healthyShare, Double.MIN_NORMAL, 1);
    }
}
