package dev.shadow.forecast.ensemble;

import dev.shadow.forecast.conformal.DecayedSample;
import java.util.Arrays;

/**
 * Repeats the last season, with quantiles from the errors that this made before. Errors one further season ahead widen
 * by the square root of the number of seasons (Hyndman and Athanasopoulos, "Forecasting: Principles and Practice",
 * 3rd ed., table 5.2). With a season of one step this is the last value. A missing value leaves the one before it in
 * its phase.
 */
final class SeasonalNaive implements Predictor {
    private static final int CAPACITY = 1024;

    private final double[] last;
    private final DecayedSample errors;
    private double latest = Double.NaN;
    private int phase;

    private SeasonalNaive(double[] last, DecayedSample errors) {
        this.last = last;
        this.errors = errors;
    }

    static SeasonalNaive of(int season) {
        double[] last = new double[season];
        Arrays.fill(last, Double.NaN);
        return new SeasonalNaive(last, DecayedSample.of(Double.POSITIVE_INFINITY, CAPACITY));
    }

    @Override
    public void observe(double value) {
        if (!Double.isNaN(value)) {
            if (!Double.isNaN(last[phase])) {
                errors.add(value - last[phase]);
            }
            last[phase] = value;
            latest = value;
        }
        phase = phase + 1 == last.length ? 0 : phase + 1;
    }

    @Override
    public SeasonalNaive copy() {
        SeasonalNaive twin = new SeasonalNaive(last.clone(), errors.copy());
        twin.latest = latest;
        twin.phase = phase;
        return twin;
    }

    @Override
    public void forecast(int[] steps, double[] levels, double[][] quantiles, double[] means) {
        double[] row = new double[levels.length];
        errors.quantiles(levels, row);
        for (int i = 0; i < steps.length; i++) {
            long ahead = steps[i] - 1L;
            double repeated = last[(int) ((phase + ahead) % last.length)];
            double point = Double.isNaN(repeated) ? latest : repeated;
            long seasonsAhead = 1 + ahead / last.length;
            double widening = Math.sqrt((double) seasonsAhead);
            for (int q = 0; q < levels.length; q++) {
                quantiles[i][q] = point + widening * row[q];
            }
            means[i] = point + errors.mean();
        }
    }
}
