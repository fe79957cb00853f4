package dev.shadow.forecast.smoothing;

import dev.shadow.forecast.conformal.DecayedSample;
import dev.shadow.forecast.ensemble.Findings;
import dev.shadow.forecast.ensemble.HorizonGrid;
import dev.shadow.forecast.ensemble.Predictor;
import dev.shadow.spi.InvalidValueException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Exponential smoothing whose smoothing gain and damping are chosen for each distance by itself, with quantiles from
 * the errors that were really made at that distance.
 *
 * <p>The point forecast for {@code h} steps ahead is {@code mean + profile(h) + kept_h * (level_h - mean)}. The gain of
 * {@code level_h} and {@code kept_h} are those with the least absolute {@code h}-step error over the history, a direct
 * forecast in the sense of Marcellino, Stock and Watson (Journal of Econometrics 135, 2006). They include the last
 * value, damped and undamped simple smoothing, and the plain (seasonal) mean as special cases.
 *
 * <p>Each forecast of a distance on the grid is remembered until its value arrives; the signed error then joins that
 * distance's {@link DecayedSample}. That is online split conformal prediction (Vovk, Gammerman, Shafer, "Algorithmic
 * Learning in a Random World", 2005; Lei et al., JASA 113, 2018) with weights that decay against drift. Distances
 * between two grid points are interpolated; beyond the last, errors widen with the square root of the distance in the
 * proportion that the deviation is kept.
 */
public final class DirectSmoothing implements Predictor {
    private static final double[] KEPT = {0, 0.2, 0.4, 0.6, 0.8, 0.9, 1};
    /** Errors kept per distance. */
    private static final int CAPACITY = 256;

    private final SeasonalLevel state;
    private final HorizonGrid grid;
    private final int[] gains;
    private final double[] kept;
    private final double[][] pending;
    private final DecayedSample[] errors;
    private int clock;

    private DirectSmoothing(
            SeasonalLevel state,
            HorizonGrid grid,
            int[] gains,
            double[] kept,
            double[][] pending,
            DecayedSample[] errors) {
        this.state = state;
        this.grid = grid;
        this.gains = gains;
        this.kept = kept;
        this.pending = pending;
        this.errors = errors;
    }

    /**
     * Chooses gain and damping on a history and returns a predictor that has seen nothing of it yet.
     *
     * @param values the history, NaN for a missing value
     * @param start a state that has seen nothing
     * @param warmUp number of first values that only warm the state up
     * @param grid distances at which errors are kept
     * @param halfLife steps after which an error weighs half
     */
    public static DirectSmoothing fit(
            double[] values, SeasonalLevel start, int warmUp, HorizonGrid grid, double halfLife) {
        return at(start, grid, halfLife, search(values, start, warmUp, grid));
    }

    /** Searches for the gain and the share kept of each distance of the grid: {@code gain@1}, {@code kept@1}. */
    public static Map<String, Double> search(double[] values, SeasonalLevel start, int warmUp, HorizonGrid grid) {
        double[][] costs = costs(values, start.copy(), warmUp, grid);
        Map<String, Double> found = new LinkedHashMap<>();
        for (int g = 0; g < grid.size(); g++) {
            int best = indexOfLeast(costs[g]);
            found.put("gain@" + grid.step(g), SeasonalLevel.gain(best / KEPT.length));
            found.put("kept@" + grid.step(g), KEPT[best % KEPT.length]);
        }
        return found;
    }

    /**
     * Returns the predictor that {@link #fit} returned, without searching again.
     *
     * @param found what {@link #search} returned
     * @throws dev.shadow.spi.InvalidValueException if a number is not there or not one of those that are tried
     */
    public static DirectSmoothing at(
            SeasonalLevel start, HorizonGrid grid, double halfLife, Map<String, Double> found) {
        int size = grid.size();
        int[] gains = new int[size];
        double[] kept = new double[size];
        double[][] pending = new double[size][];
        DecayedSample[] errors = new DecayedSample[size];
        for (int g = 0; g < size; g++) {
            gains[g] = SeasonalLevel.indexOfGain(Findings.number(found, "gain@" + grid.step(g)));
            kept[g] = share("kept@" + grid.step(g), found);
            pending[g] = new double[grid.step(g)];
            Arrays.fill(pending[g], Double.NaN);
            errors[g] = DecayedSample.of(halfLife / thinning(grid.step(g)), CAPACITY);
        }
        return new DirectSmoothing(start.copy(), grid, gains, kept, pending, errors);
    }

    private static double share(String name, Map<String, Double> found) {
        double share = Findings.number(found, name);
        if (!(share >= 0 && share <= 1)) {
            throw new InvalidValueException("parameters." + name, Double.toString(share), "be from 0 to 1");
        }
        return share;
    }

    private static double[][] costs(double[] values, SeasonalLevel state, int warmUp, HorizonGrid grid) {
        double[][] costs = new double[grid.size()][SeasonalLevel.gains() * KEPT.length];
        for (int t = 0; t < values.length; t++) {
            state.observe(values[t]);
            for (int g = 0; t >= warmUp && g < grid.size(); g++) {
                int h = grid.step(g);
                if (t % thinning(h) == 0 && t + h < values.length && !Double.isNaN(values[t + h])) {
                    addCosts(state, values[t + h] - state.slow() - state.profile(h), costs[g]);
                }
            }
        }
        return costs;
    }

    private static void addCosts(SeasonalLevel state, double deviation, double[] costs) {
        int i = 0;
        for (int gain = 0; gain < SeasonalLevel.gains(); gain++) {
            double present = state.level(gain) - state.slow();
            for (double share : KEPT) {
                costs[i++] += Math.abs(deviation - share * present);
            }
        }
    }

    private static int indexOfLeast(double[] costs) {
        int best = 0;
        for (int i = 1; i < costs.length; i++) {
            if (costs[i] < costs[best]) {
                best = i;
            }
        }
        return best;
    }

    /** Errors of far distances overlap and resemble their neighbours, so only some are worth keeping. */
    private static int thinning(int h) {
        return 1 + h / 16;
    }

    @Override
    public void observe(double value) {
        state.observe(value);
        for (int g = 0; g < pending.length; g++) {
            int h = grid.step(g);
            int slot = clock % h;
            double error = value - pending[g][slot];
            if (clock % thinning(h) == 0 && !Double.isNaN(error)) {
                errors[g].add(error);
            }
            pending[g][slot] = state.ahead(h, gains[g], kept[g]);
        }
        clock = clock == Integer.MAX_VALUE ? 0 : clock + 1;
    }

    @Override
    public DirectSmoothing copy() {
        double[][] pendingCopy = new double[pending.length][];
        DecayedSample[] errorsCopy = new DecayedSample[errors.length];
        for (int g = 0; g < pending.length; g++) {
            pendingCopy[g] = pending[g].clone();
            errorsCopy[g] = errors[g].copy();
        }
        DirectSmoothing twin = new DirectSmoothing(state.copy(), grid, gains, kept, pendingCopy, errorsCopy);
        twin.clock = clock;
        return twin;
    }

    @Override
    public void forecast(int[] steps, double[] levels, double[][] quantiles, double[] means) {
        double[][] rows = new double[errors.length][levels.length];
        double[] rowMeans = new double[errors.length];
        int read = 0;
        for (int i = 0; i < steps.length; i++) {
            int h = steps[i];
            int above = grid.atOrAbove(h);
            int below = grid.below(above, h);
            for (; read <= above; read++) {
                errors[read].quantiles(levels, rows[read]);
                rowMeans[read] = errors[read].mean();
            }
            double share = grid.share(below, above, h);
            double point =
                    mix(state.ahead(h, gains[below], kept[below]), state.ahead(h, gains[above], kept[above]), share);
            double widening = widening(above, h);
            for (int q = 0; q < levels.length; q++) {
                quantiles[i][q] = point + widening * mix(rows[below][q], rows[above][q], share);
            }
            means[i] = point + mix(rowMeans[below], rowMeans[above], share);
        }
    }

    private double widening(int last, int h) {
        int known = grid.step(last);
        return h <= known ? 1 : 1 + kept[last] * (Math.sqrt((double) h / known) - 1);
    }

    private static double mix(double a, double b, double share) {
        return a + share * (b - a);
    }
}
