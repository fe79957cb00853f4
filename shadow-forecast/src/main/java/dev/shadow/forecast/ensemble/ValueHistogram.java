package dev.shadow.forecast.ensemble;

import dev.shadow.forecast.conformal.DecayedSample;
import java.util.Arrays;

/**
 * Forecasts the same distribution for every step: that of the last values, the older ones counting less.
 * Hard to beat on idle machines, whose load jumps between a few values.
 */
public final class ValueHistogram implements Predictor {
    private final DecayedSample values;

    private ValueHistogram(DecayedSample values) {
        this.values = values;
    }

    /** Returns a histogram whose weights halve every {@code halfLife} values. */
    public static ValueHistogram of(double halfLife, int capacity) {
        return new ValueHistogram(DecayedSample.of(halfLife, capacity));
    }

    @Override
    public void observe(double value) {
        if (!Double.isNaN(value)) {
            values.add(value);
        }
    }

    @Override
    public ValueHistogram copy() {
        return new ValueHistogram(values.copy());
    }

    @Override
    public void forecast(int[] steps, double[] levels, double[][] quantiles, double[] means) {
        double[] row = new double[levels.length];
        values.quantiles(levels, row);
        for (double[] out : quantiles) {
            System.arraycopy(row, 0, out, 0, row.length);
        }
        Arrays.fill(means, values.mean());
    }
}
