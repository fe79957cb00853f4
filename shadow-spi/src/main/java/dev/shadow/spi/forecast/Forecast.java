package dev.shadow.spi.forecast;

import dev.shadow.spi.internal.Checks;
import java.time.Duration;
import java.time.Instant;

/**
 * A forecast distribution for every future step: a mean and quantiles that do not cross. Immutable.
 */
public final class Forecast {
    private final Instant start;
    private final Duration step;
    private final double[] mean;
    private final double[] levels;
    private final double[][] quantiles;

    private Forecast(Instant start, Duration step, double[] mean, double[] levels, double[][] quantiles) {
        this.start = start;
        this.step = step;
        this.mean = mean;
        this.levels = levels;
        this.quantiles = quantiles;
    }

    /**
     * Returns a forecast.
     *
     * @param start time of the first forecast step
     * @param step time between two steps, more than zero
     * @param mean one finite value per step, at least one step
     * @param levels quantile levels, each between 0 and 1 (both excluded), strictly increasing
     * @param quantiles {@code quantiles[h][q]} is the quantile at {@code levels[q]} of step {@code h};
     *     finite and not decreasing in {@code q}
     * @throws dev.shadow.spi.InvalidValueException if a shape or a value is refused
     */
    public static Forecast of(Instant start, Duration step, double[] mean, double[] levels, double[][] quantiles) {
        Checks.present("start", start);
        Checks.positive("step", step);
        double[] meanCopy = Checks.present("mean", mean).clone();
        Checks.range("mean.length", meanCopy.length, 1, Integer.MAX_VALUE);
        double[] levelsCopy = checkLevels(Checks.present("levels", levels).clone());
        Checks.range(
                "quantiles.length", Checks.present("quantiles", quantiles).length, meanCopy.length, meanCopy.length);
        double[][] quantilesCopy = new double[meanCopy.length][];
        for (int h = 0; h < meanCopy.length; h++) {
            Checks.finite("mean[" + h + "]", meanCopy[h]);
            quantilesCopy[h] = checkQuantiles(h, quantiles[h].clone(), levelsCopy.length);
        }
        return new Forecast(start, step, meanCopy, levelsCopy, quantilesCopy);
    }

    /**
     * Returns {@code levels} if they are strictly increasing and lie between 0 and 1.
     *
     * @throws dev.shadow.spi.InvalidValueException if not
     */
    public static double[] checkLevels(double[] levels) {
        for (int q = 0; q < levels.length; q++) {
            Checks.inside("levels[" + q + "]", levels[q], 0, 1);
            if (q > 0 && levels[q] <= levels[q - 1]) {
                throw Checks.refused("levels[" + q + "]", levels[q], "be above the level before it, " + levels[q - 1]);
            }
        }
        return levels;
    }

    private static double[] checkQuantiles(int h, double[] row, int levels) {
        Checks.range("quantiles[" + h + "].length", row.length, levels, levels);
        for (int q = 0; q < levels; q++) {
            Checks.finite("quantiles[" + h + "][" + q + "]", row[q]);
            if (q > 0 && row[q] < row[q - 1]) {
                throw Checks.refused(
                        "quantiles[" + h + "][" + q + "]",
                        row[q],
                        "not be below the quantile before it, " + row[q - 1]);
            }
        }
        return row;
    }

    /** Time of the first forecast step. */
    public Instant start() {
        return start;
    }

    /** Time between two steps. */
    public Duration step() {
        return step;
    }

    /** Number of steps, at least 1. */
    public int horizon() {
        return mean.length;
    }

    /** Mean of step {@code h}, counted from 0. */
    public double mean(int h) {
        return mean[h];
    }

    /** A copy of the quantile levels. */
    public double[] levels() {
        return levels.clone();
    }

    /** Quantile of step {@code h} at {@code levels()[q]}. */
    public double quantile(int h, int q) {
        return quantiles[h][q];
    }

    /** Time of step {@code h}, counted from 0. */
    public Instant timeOf(int h) {
        return start.plus(step.multipliedBy(h));
    }

    @Override
    public String toString() {
        return "Forecast[start=" + start + ", step=" + step + ", horizon=" + mean.length + ", levels=" + levels.length
                + "]";
    }
}
