package dev.shadow.forecast.failure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Grows an ensemble on the rows whose outcome is known. A bag takes its draws from a generator of its own, so that the
 * result does not depend on which thread grows what.
 */
final class EnsembleGrower {
    private static final int UNITS_LEFT_OUT = 3;

    private final KnownRows known;
    private final double[][] columns;
    private final Bins bins;
    private final Executor executor;

    /** @param columns by column and row of the known rows */
    EnsembleGrower(KnownRows known, double[][] columns, Executor executor) {
        this.known = known;
        this.columns = columns;
        this.bins = Bins.of(columns);
        this.executor = executor;
    }

    /** An ensemble with the scores of the known rows by the bags that had not seen their unit. */
    static final class Grown {
        final Ensemble ensemble;
        /** Not a number where every bag had seen the unit. */
        final double[] unseenScores;

        private Grown(Ensemble ensemble, double[] unseenScores) {
            this.ensemble = ensemble;
            this.unseenScores = unseenScores;
        }
    }

    Grown grow(EnsembleShape shape, Loss loss, long seed) {
        double start = loss.start(known.failureRate());
        List<CompletableFuture<List<Tree>>> growing = new ArrayList<>();
        for (int b = 0; b < shape.bags(); b++) {
            int bag = b;
            growing.add(CompletableFuture.supplyAsync(() -> growBag(bag, start, shape, loss, seed), executor));
        }
        List<List<Tree>> bags = growing.stream().map(CompletableFuture::join).toList();
        return new Grown(new Ensemble(start, bags), unseenScores(start, bags, seed));
    }

    private List<Tree> growBag(int bag, double start, EnsembleShape shape, Loss loss, long seed) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + bag);
        int[] seen = known.rows(row -> sees(bag, row, seed));
        double[] score = new double[known.size()];
        double[] gradient = new double[known.size()];
        double[] hessian = new double[known.size()];
        Arrays.fill(score, start);
        TreeGrower grower = new TreeGrower(bins, gradient, hessian, shape.tree(), random);
        List<Tree> trees = new ArrayList<>();
        for (int round = 0; round < shape.rounds(); round++) {
            int[] rows = draw(seen, shape.healthyShare(), random);
            for (int row : rows) {
                double weight = known.failed(row) ? 1 : 1 / shape.healthyShare();
                double p = loss.probability(score[row]);
                gradient[row] = weight * (p - (known.failed(row) ? 1 : 0));
                hessian[row] = weight * loss.curvature(p);
            }
            Tree tree = grower.grow(rows);
            trees.add(tree);
            if (round < shape.rounds() - 1) {
                for (int row : seen) {
                    score[row] += tree.value(columns, row);
                }
            }
        }
        return List.copyOf(trees);
    }

    /** Every failed row and some of the healthy ones. */
    private int[] draw(int[] seen, double healthyShare, SplittableRandom random) {
        int[] rows = new int[seen.length];
        int count = 0;
        for (int row : seen) {
            if (known.failed(row) || random.nextDouble() < healthyShare) {
                rows[count++] = row;
            }
        }
        return Arrays.copyOf(rows, count);
    }

    private double[] unseenScores(double start, List<List<Tree>> bags, long seed) {
        double[] sum = new double[known.size()];
        int[] count = new int[known.size()];
        for (int bag = 0; bag < bags.size(); bag++) {
            for (int row = 0; row < sum.length; row++) {
                if (!sees(bag, row, seed)) {
                    sum[row] += Ensemble.sum(bags.get(bag), columns, row);
                    count[row]++;
                }
            }
        }
        for (int row = 0; row < sum.length; row++) {
            // A unit that every bag has seen, which only few bags leave possible, is not judged by any of them.
            sum[row] = count[row] == 0 ? Double.NaN : start + sum[row] / count[row];
        }
        return sum;
    }

    private boolean sees(int bag, int row, long seed) {
        return UnitDraw.of(seed, bag, known.unit(row), UNITS_LEFT_OUT) != 0;
    }
}
