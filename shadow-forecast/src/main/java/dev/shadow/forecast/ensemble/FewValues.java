package dev.shadow.forecast.ensemble;

import dev.shadow.forecast.conformal.DecayedSample;
import java.util.Arrays;
import java.util.Map;

/**
 * What a handful of values tells: the last one, and around it the changes from value to value in both directions,
 * since so few do not tell the direction, widening with the square root of the distance.
 */
final class FewValues implements Predictor {
    private static final int CAPACITY = 64;

    private final DecayedSample changes;
    private double last = Double.NaN;

    private FewValues(DecayedSample changes) {
        this.changes = changes;
    }

    static PredictorModel fit(History history) {
        FewValues predictor = new FewValues(DecayedSample.of(Double.POSITIVE_INFINITY, CAPACITY));
        for (double value : history.values()) {
            predictor.observe(value);
        }
        return history.model(predictor, "few-values", Map.of("season", 1.0));
    }

    @Override
    public void observe(double value) {
        if (Double.isNaN(value)) {
            return;
        }
        if (!Double.isNaN(last)) {
            changes.add(value - last);
            changes.add(last - value);
        }
        last = value;
    }

    @Override
    public FewValues copy() {
        FewValues twin = new FewValues(changes.copy());
        twin.last = last;
        return twin;
    }

    @Override
    public void forecast(int[] steps, double[] levels, double[][] quantiles, double[] means) {
        double[] row = new double[levels.length];
        changes.quantiles(levels, row);
        for (int i = 0; i < steps.length; i++) {
            double widening = Math.sqrt(steps[i]);
            for (int q = 0; q < levels.length; q++) {
                quantiles[i][q] = last + widening * row[q];
            }
        }
        Arrays.fill(means, last);
    }
}
