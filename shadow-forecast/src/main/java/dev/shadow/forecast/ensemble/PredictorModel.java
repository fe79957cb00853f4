package dev.shadow.forecast.ensemble;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.forecast.Forecast;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.metrics.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * A model around a predictor: keeps the time, holds the bounds, and stays as it is while its successors move on.
 *
 * <p>Inside, values are multiplied by a power of two chosen at the fit, so that sums and differences of huge values
 * stay finite; later values are taken as at most {@code 2^1000} in the multiplied unit. No forecast
 * lies farther outside of the values seen than their range is wide. Quantiles are clamped to the
 * bounds and then sorted, which never makes them worse (Chernozhukov, Fernández-Val, Galichon, Econometrica 78, 2010).
 */
public final class PredictorModel implements ForecastModel {
    private static final double LARGEST = 0x1p1000;
    /** Exponent of two up to which squares of values and their sums are harmless. */
    private static final int MODERATE = 300;

    private final Predictor predictor;
    private final FitSummary summary;
    private final FitOptions options;
    private final Duration step;
    private final Instant next;
    private final int exponent;
    /** The range of the values seen, in the multiplied unit. */
    private final Range seen;

    private PredictorModel(
            Predictor predictor,
            FitSummary summary,
            FitOptions options,
            Duration step,
            Instant next,
            int exponent,
            Range seen) {
        this.predictor = predictor;
        this.summary = summary;
        this.options = options;
        this.step = step;
        this.next = next;
        this.exponent = exponent;
        this.seen = seen;
    }

    private record Range(double low, double high) {
        Range and(double value) {
            return Double.isNaN(value) ? this : new Range(Math.min(low, value), Math.max(high, value));
        }

        double held(double value) {
            double width = high - low;
            return Math.max(low - width, Math.min(high + width, value));
        }
    }

    /**
     * Returns a model of a predictor that has seen the whole series.
     *
     * @param exponent of the unit in which it saw it, from {@link #exponentFor}
     */
    public static PredictorModel of(
            Predictor predictor, FitSummary summary, FitOptions options, TimeSeries series, int exponent) {
        Range seen = new Range(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
        for (int t = 0; t < series.size(); t++) {
            seen = seen.and(scaled(series.value(t), exponent));
        }
        return new PredictorModel(predictor.copy(), summary, options, series.step(), series.end(), exponent, seen);
    }

    /** Power of two by which values are multiplied before a predictor sees them: 0 unless all are tiny or some huge. */
    public static int exponentFor(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Double.isNaN(value) ? 0 : Math.abs(value));
        }
        int size = Math.getExponent(largest);
        return largest > 0 && Math.abs(size) > MODERATE ? -Math.max(size, Double.MIN_EXPONENT) : 0;
    }

    /** The value in the unit of {@code exponent}. */
    public static double scaled(double value, int exponent) {
        double scaled = Math.scalb(value, exponent);
        return Math.abs(scaled) > LARGEST ? Math.copySign(LARGEST, scaled) : scaled;
    }

    @Override
    public Forecast forecast(int horizon, double[] levels) {
        if (horizon < 1) {
            throw new InvalidValueException("horizon", Integer.toString(horizon), "be at least 1");
        }
        double[] checked = Forecast.checkLevels(levels.clone());
        int[] steps = new int[horizon];
        Arrays.setAll(steps, i -> i + 1);
        double[][] quantiles = new double[horizon][checked.length];
        double[] means = new double[horizon];
        predictor.forecast(steps, checked, quantiles, means);
        for (int i = 0; i < horizon; i++) {
            means[i] = bounded(means[i]);
            for (int q = 0; q < checked.length; q++) {
                quantiles[i][q] = bounded(quantiles[i][q]);
            }
            Arrays.sort(quantiles[i]);
        }
        return Forecast.of(next, step, means, checked, quantiles);
    }

    private double bounded(double value) {
        double low = Math.max(options.lowerBound(), -Double.MAX_VALUE);
        double high = Math.min(options.upperBound(), Double.MAX_VALUE);
        return Math.max(low, Math.min(high, Math.scalb(seen.held(value), -exponent)));
    }

    @Override
    public PredictorModel update(double[] values) {
        Predictor moved = predictor.copy();
        Range range = seen;
        for (int i = 0; i < values.length; i++) {
            if (Double.isInfinite(values[i])) {
                throw new InvalidValueException(
                        "values[" + i + "]", Double.toString(values[i]), "be finite, or NaN for a missing sample");
            }
            moved.observe(scaled(values[i], exponent));
            range = range.and(scaled(values[i], exponent));
        }
        Instant end = next.plus(step.multipliedBy(values.length));
        return new PredictorModel(moved, summary, options, step, end, exponent, range);
    }

    @Override
    public FitSummary summary() {
        return summary;
    }
}
