package dev.shadow.forecast.ensemble;

import dev.shadow.forecast.conformal.DecayedSample;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Forecasts the values that followed when the series stood where it stands now.
 *
 * <p>The range of the history is cut at its quantiles into as many bands as pay; per band and distance the values that
 * came are kept, the older ones counting less. What machines do that jump between a few states is a transition like
 * that, and unlike an error around a point it repeats the very values. A band without a past answers with all bands'.
 * Not thread-safe.
 */
final class ConditionalHistogram implements Predictor {
    private static final int CAPACITY = 128;
    private static final double HALF_LIFE = 64;

    private final double[] bounds;
    private final HorizonGrid grid;
    private final int[] bands;
    private final DecayedSample[][] outcomes;
    private int clock;
    private int latest = -1;

    private ConditionalHistogram(double[] bounds, HorizonGrid grid, int[] bands, DecayedSample[][] outcomes) {
        this.bounds = bounds;
        this.grid = grid;
        this.bands = bands;
        this.outcomes = outcomes;
    }

    static ConditionalHistogram of(double[] history, int mostBands, HorizonGrid grid) {
        double[] bounds = bounds(history, mostBands);
        DecayedSample[][] outcomes = new DecayedSample[bounds.length + 2][grid.size()];
        for (DecayedSample[] band : outcomes) {
            Arrays.setAll(band, g -> DecayedSample.of(HALF_LIFE, CAPACITY));
        }
        int[] bands = new int[grid.step(grid.size() - 1)];
        Arrays.fill(bands, -1);
        return new ConditionalHistogram(bounds, grid, bands, outcomes);
    }

    /** Different quantiles of the history, none of which is its least value. */
    private static double[] bounds(double[] history, int mostBands) {
        double[] sorted = Arrays.stream(history)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        return IntStream.range(1, mostBands)
                .mapToDouble(i -> sorted[(int) ((long) i * (sorted.length - 1) / mostBands)])
                .distinct()
                .filter(bound -> bound > sorted[0])
                .toArray();
    }

    private int band(double value) {
        int found = Arrays.binarySearch(bounds, value);
        return found >= 0 ? found + 1 : -found - 1;
    }

    @Override
    public void observe(double value) {
        boolean known = !Double.isNaN(value);
        for (int g = 0; known && g < grid.size(); g++) {
            int h = grid.step(g);
            int then = clock < h ? -1 : bands[(clock - h) % bands.length];
            if (then >= 0) {
                outcomes[then][g].add(value);
                if (clock % 4 == 0) {
                    outcomes[bounds.length + 1][g].add(value);
                }
            }
        }
        latest = known ? band(value) : latest;
        bands[clock % bands.length] = known ? latest : -1;
        clock++;
    }

    @Override
    public ConditionalHistogram copy() {
        DecayedSample[][] copies = new DecayedSample[outcomes.length][grid.size()];
        for (int b = 0; b < copies.length; b++) {
            int band = b;
            Arrays.setAll(copies[b], g -> outcomes[band][g].copy());
        }
        ConditionalHistogram twin = new ConditionalHistogram(bounds, grid, bands.clone(), copies);
        twin.clock = clock;
        twin.latest = latest;
        return twin;
    }

    @Override
    public void forecast(int[] steps, double[] levels, double[][] quantiles, double[] means) {
        double[][] rows = new double[grid.size()][levels.length];
        double[] rowMeans = new double[grid.size()];
        int read = 0;
        for (int i = 0; i < steps.length; i++) {
            int h = steps[i];
            int above = grid.atOrAbove(h);
            int below = grid.below(above, h);
            for (; read <= above; read++) {
                DecayedSample sample = sample(read);
                sample.quantiles(levels, rows[read]);
                rowMeans[read] = sample.mean();
            }
            double share = grid.share(below, above, h);
            for (int q = 0; q < levels.length; q++) {
                quantiles[i][q] = mix(rows[below][q], rows[above][q], share);
            }
            means[i] = mix(rowMeans[below], rowMeans[above], share);
        }
    }

    private DecayedSample sample(int g) {
        DecayedSample own = outcomes[Math.max(latest, 0)][g];
        return own.size() >= 5 ? own : outcomes[bounds.length + 1][g];
    }

    private static double mix(double a, double b, double share) {
        return a == b ? a : a + share * (b - a);
    }
}
