package dev.shadow.forecast.failure;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;

/** Learns one model. */
final class FailureFit {
    private static final int LEAST_FAILURES_TO_CALIBRATE = 10;

    private final HealthTable table;
    private final FailureOptions options;
    private final KnownRows known;

    FailureFit(HealthTable table, FailureOptions options) {
        this.table = table;
        this.options = options;
        this.known = KnownRows.of(table);
    }

    FailureModel fit(Executor executor) {
        Signals.Learned learned = Signals.learn(table, options.seed());
        EnsembleGrower grower = new EnsembleGrower(known, known.of(learned.columns), executor);
        EnsembleGrower.Grown boosted = grower.grow(options.boosted(), Loss.LOGISTIC, options.seed());
        EnsembleGrower.Grown forest = grower.grow(options.forest(), Loss.SQUARED, options.seed() + 1);
        int[] judged =
                known.rows(row -> !Double.isNaN(boosted.unseenScores[row]) && !Double.isNaN(forest.unseenScores[row]));
        double[] margins = at(judged, boosted.unseenScores);
        double[] shares = at(judged, forest.unseenScores);
        boolean[] failed = new boolean[judged.length];
        int failures = 0;
        for (int i = 0; i < judged.length; i++) {
            failed[i] = known.failed(judged[i]);
            failures += failed[i] ? 1 : 0;
        }
        Calibration calibration =
                failures < LEAST_FAILURES_TO_CALIBRATE ? Calibration.EVEN : Calibration.fit(margins, shares, failed);
        double[] probabilities = new double[judged.length];
        Arrays.setAll(probabilities, i -> calibration.probability(margins[i], shares[i]));
        return new FailureModel(
                learned.signals,
                boosted.ensemble,
                forest.ensemble,
                calibration,
                AlarmCurve.of(probabilities, failed),
                fittedOn(probabilities, failed));
    }

    private FittedOn fittedOn(double[] probabilities, boolean[] failed) {
        Set<String> units = new HashSet<>();
        double youngest = Double.POSITIVE_INFINITY;
        double oldest = 0;
        for (int row = 0; row < table.size(); row++) {
            units.add(table.unit(row));
            youngest = Math.min(youngest, table.ageHours(row));
            oldest = Math.max(oldest, table.ageHours(row));
        }
        double rate = known.failureRate();
        double squared = 0;
        double squaredOfRate = 0;
        double logLoss = 0;
        for (int i = 0; i < failed.length; i++) {
            double y = failed[i] ? 1 : 0;
            squared += (probabilities[i] - y) * (probabilities[i] - y);
            squaredOfRate += (rate - y) * (rate - y);
            logLoss -= Math.log(Math.max(Double.MIN_NORMAL, failed[i] ? probabilities[i] : 1 - probabilities[i]));
        }
        return new FittedOn(
                units.size(),
                known.failures(),
                known.size() - known.failures(),
                table.size() - known.size(),
                youngest,
                oldest,
                options,
                failed.length == 0 ? 0 : 1 - squared / squaredOfRate,
                failed.length == 0 ? 0 : logLoss / failed.length);
    }

    private static double[] at(int[] rows, double[] values) {
        return Arrays.stream(rows).mapToDouble(row -> values[row]).toArray();
    }
}
