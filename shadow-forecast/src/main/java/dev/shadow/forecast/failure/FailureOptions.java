package dev.shadow.forecast.failure;

import dev.shadow.spi.InvalidValueException;

/**
 * How a failure model is learned.
 *
 * @param bags ensembles of trees, each grown on other two thirds of the units; 3 to 1000
 * @param rounds trees in each bag, 1 to 10,000
 * @param depth splits from root to leaf, 1 to 8
 * @param learningRate share of a tree's step that is taken, above 0 and at most 1
 * @param leafWeight least sum of second derivatives in a leaf, positive
 * @param ridge penalty on the squared leaf values, not negative
 * @param columns share of the signals that a tree may use, above 0 and at most 1
 * @param negatives share of the healthy rows that a tree is grown on, above 0 and at most 1; they weigh the more
 * @param seed of every draw
 * @param threads that grow bags at the same time; changes no bit of the result
 */
public record FailureOptions(
        int bags,
        int rounds,
        int depth,
        double learningRate,
        double leafWeight,
        double ridge,
        double columns,
        double negatives,
        long seed,
        int threads) {
    public FailureOptions {
        inside("bags", bags, 3, 1000);
        inside("rounds", rounds, 1, 10_000);
        inside("depth", depth, 1, 8);
        inside("learningRate", learningRate, Double.MIN_NORMAL, 1);
        inside("leafWeight", leafWeight, Double.MIN_NORMAL, 1e9);
        inside("ridge", ridge, 0, 1e9);
        inside("columns", columns, Double.MIN_NORMAL, 1);
        inside("negatives", negatives, Double.MIN_NORMAL, 1);
        inside("threads", threads, 1, 1024);
    }

    /** What did best in cross-validation by unit on disk counters. */
    public static FailureOptions standard(long seed) {
        return new FailureOptions(30, 60, 4, 0.1, 1, 3, 0.4, 0.3, seed, 1);
    }

    /** The same with another number of threads. */
    public FailureOptions withThreads(int count) {
        return new FailureOptions(
                bags, rounds, depth, learningRate, leafWeight, ridge, columns, negatives, seed, count);
    }

    private static void inside(String field, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new InvalidValueException(
                    field, Double.toString(value), "be at least " + least + " and at most " + most);
        }
    }
}
