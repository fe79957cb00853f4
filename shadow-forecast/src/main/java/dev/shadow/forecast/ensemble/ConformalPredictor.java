package dev.shadow.forecast.ensemble;

import dev.shadow.forecast.conformal.DecayedSample;
import java.util.Arrays;

/**
 * Quantiles around any {@link PointMethod} from the errors that it really made at each distance.
 *
 * <p>Each forecast of a distance on the grid is remembered until its value arrives; the signed error then joins that
 * distance's {@link DecayedSample}. That is online split conformal prediction (Vovk, Gammerman, Shafer, "Algorithmic
 * Learning in a Random World", 2005; Lei et al., JASA 113, 2018) with weights that decay against drift. Distances
 * between two grid points are interpolated. Beyond the last, errors widen with a power of the distance, 0 to 1/2, that
 * is read off the last distance and the one at about half of it.
 */
public final class ConformalPredictor implements Predictor {
    /** Errors kept per distance. */
    private static final int CAPACITY = 256;

    private final PointMethod method;
    private final HorizonGrid grid;
    private final double[][] pending;
    private final DecayedSample[] errors;
    private int clock;

    private ConformalPredictor(PointMethod method, HorizonGrid grid, double[][] pending, DecayedSample[] errors) {
        this.method = method;
        this.grid = grid;
        this.pending = pending;
        this.errors = errors;
    }

    /**
     * Returns a predictor that has seen nothing.
     *
     * @param method a method that has seen nothing; taken over
     * @param grid distances at which errors are kept
     * @param halfLife steps after which an error weighs half
     */
    public static ConformalPredictor of(PointMethod method, HorizonGrid grid, double halfLife) {
        double[][] pending = new double[grid.size()][];
        DecayedSample[] errors = new DecayedSample[grid.size()];
        for (int g = 0; g < grid.size(); g++) {
            pending[g] = new double[grid.step(g)];
            Arrays.fill(pending[g], Double.NaN);
            errors[g] = DecayedSample.of(halfLife / thinning(grid.step(g)), CAPACITY);
        }
        return new ConformalPredictor(method, grid, pending, errors);
    }

    /** Errors of far distances overlap and resemble their neighbours, so only some are worth keeping. */
    private static int thinning(int h) {
        return 1 + h / 16;
    }

    @Override
    public void observe(double value) {
        method.observe(value);
        for (int g = 0; g < pending.length; g++) {
            int h = grid.step(g);
            int slot = clock % h;
            double error = value - pending[g][slot];
            if (clock % thinning(h) == 0 && !Double.isNaN(error)) {
                errors[g].add(error);
            }
            pending[g][slot] = method.ahead(h);
        }
        clock = clock == Integer.MAX_VALUE ? 0 : clock + 1;
    }

    @Override
    public ConformalPredictor copy() {
        double[][] pendingCopy = Arrays.stream(pending).map(double[]::clone).toArray(double[][]::new);
        DecayedSample[] errorsCopy =
                Arrays.stream(errors).map(DecayedSample::copy).toArray(DecayedSample[]::new);
        ConformalPredictor twin = new ConformalPredictor(method.copy(), grid, pendingCopy, errorsCopy);
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
            double point = method.ahead(h);
            double widening = widening(above, h);
            for (int q = 0; q < levels.length; q++) {
                quantiles[i][q] = point + widening * mix(rows[below][q], rows[above][q], share);
            }
            means[i] = point + mix(rowMeans[below], rowMeans[above], share);
        }
    }

    private double widening(int last, int h) {
        int known = grid.step(last);
        if (h <= known) {
            return 1;
        }
        int middle = grid.atOrAbove(Math.max(1, known / 2));
        double ratio = errors[last].spread() / errors[middle].spread();
        double power = ratio > 1 ? Math.log(ratio) / Math.log((double) known / grid.step(middle)) : 0;
        return Math.pow((double) h / known, Math.min(0.5, power));
    }

    private static double mix(double a, double b, double share) {
        return a + share * (b - a);
    }
}
