package dev.shadow.forecast.failure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Boosts the bags on one table. Which units a bag may see follows from their names alone, so that a unit a bag has
 * not learned from stays so in every refit, and margins out of the bag are honest for calibration.
 */
final class Bagging {
    private static final int MOST_CUTS = 62;

    private final HealthTable table;
    private final FailureOptions options;
    private final double[][] columns;
    private final byte[][] bins;
    private final double[][] cuts;

    Bagging(HealthTable table, double[][] columns, FailureOptions options) {
        this.table = table;
        this.columns = columns;
        this.options = options;
        cuts = new double[columns.length][];
        bins = new byte[columns.length][table.size()];
        for (int c = 0; c < columns.length; c++) {
            cuts[c] = cuts(columns[c]);
            for (int row = 0; row < table.size(); row++) {
                double x = columns[c][row];
                int at = Arrays.binarySearch(cuts[c], x);
                bins[c][row] = (byte) (Double.isNaN(x) ? 0 : 1 + (at >= 0 ? at : -at - 1));
            }
        }
    }

    static boolean sees(FailureOptions options, int bag, String unit) {
        long mixed = new SplittableRandom(options.seed() + 0x9E3779B97F4A7C15L * (bag + 1L) + 31L * unit.hashCode())
                .nextLong();
        return Math.floorMod(mixed, 3) != 0;
    }

    /** Returns for each bag the trees to be added to those it has. */
    List<List<Tree>> grow(List<List<Tree>> before, double base, int rounds, int generation) {
        List<List<Tree>> result = new ArrayList<>();
        IntStream.range(0, options.bags()).forEach(b -> result.add(List.of()));
        Thread[] workers = new Thread[Math.min(options.threads(), options.bags())];
        Throwable[] problems = new Throwable[workers.length];
        for (int w = 0; w < workers.length; w++) {
            int from = w;
            workers[w] = new Thread(
                    () -> {
                        for (int b = from; b < options.bags(); b += workers.length) {
                            List<Tree> grown = growBag(b, before.get(b), base, rounds, generation);
                            synchronized (result) {
                                result.set(b, grown);
                            }
                        }
                    },
                    "failure-model-" + w);
            workers[w].setUncaughtExceptionHandler((t, e) -> problems[from] = e);
            workers[w].start();
        }
        boolean interrupted = false;
        for (Thread worker : workers) {
            while (true) {
                try {
                    worker.join();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        for (Throwable problem : problems) {
            if (problem != null) {
                throw new IllegalStateException("a bag could not be grown", problem);
            }
        }
        return result;
    }

    private List<Tree> growBag(int bag, List<Tree> before, double base, int rounds, int generation) {
        SplittableRandom random = new SplittableRandom(options.seed() ^ 0x5DEECE66DL * (bag + 1L) ^ (long) generation << 48);
        int[] seen = IntStream.range(0, table.size())
                .filter(r -> table.outcome(r) != Outcome.UNKNOWN && sees(options, bag, table.unit(r)))
                .toArray();
        double[] margin = new double[table.size()];
        for (int row : seen) {
            margin[row] = base;
            for (Tree tree : before) {
                margin[row] += tree.margin(columns, row);
            }
        }
        TreeGrower grower = new TreeGrower(options, bins, cuts);
        List<Tree> trees = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            int[] rows = Arrays.stream(seen)
                    .filter(r -> table.outcome(r) == Outcome.FAILED || random.nextDouble() < options.negatives())
                    .toArray();
            double[] gradient = new double[rows.length];
            double[] hessian = new double[rows.length];
            for (int i = 0; i < rows.length; i++) {
                boolean failed = table.outcome(rows[i]) == Outcome.FAILED;
                double weight = failed ? 1 : 1 / options.negatives();
                double p = Platt.logistic(margin[rows[i]]);
                gradient[i] = weight * (p - (failed ? 1 : 0));
                hessian[i] = weight * p * (1 - p);
            }
            Tree tree = grower.grow(rows, gradient, hessian, random);
            for (int row : seen) {
                margin[row] += tree.margin(columns, row);
            }
            trees.add(tree);
        }
        return trees;
    }

    /** Midpoints between distinct values, thinned by quantile of the values that are not the most frequent. */
    private static double[] cuts(double[] column) {
        double[] distinct = Arrays.stream(column).filter(x -> !Double.isNaN(x)).sorted().distinct().toArray();
        if (distinct.length < 2) {
            return new double[0];
        }
        if (distinct.length - 1 <= MOST_CUTS) {
            return Arrays.copyOf(distinct, distinct.length - 1);
        }
        double[] values = Arrays.stream(column).filter(x -> !Double.isNaN(x)).sorted().toArray();
        double mode = values[0];
        for (int i = 0, run = 0; i < values.length; i++) {
            run = i > 0 && values[i] == values[i - 1] ? run + 1 : 1;
            if (run > values.length / 3) {
                mode = values[i];
            }
        }
        double common = mode;
        double[] rest = Arrays.stream(values).filter(x -> x != common).toArray();
        double top = distinct[distinct.length - 1];
        double[] picked = new double[MOST_CUTS];
        for (int i = 0; i < MOST_CUTS - 1; i++) {
            picked[i] = rest[(int) ((i + 1L) * rest.length / MOST_CUTS)];
        }
        picked[MOST_CUTS - 1] = common;
        return Arrays.stream(picked).filter(x -> x < top).sorted().distinct().toArray();
    }
}
