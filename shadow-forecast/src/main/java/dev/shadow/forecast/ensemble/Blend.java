package dev.shadow.forecast.ensemble;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Averages the quantiles of several predictors, with weights per distance that would have served best on the past.
 *
 * <p>The predictors run through the history once. At evenly spaced origins their quantiles for every distance of the
 * grid are written down, which are honest forecasts as they know nothing later. The weights then descend the mean
 * pinball loss of the averaged quantiles by exponentiated gradient (Kivinen and Warmuth, Information and Computation
 * 132, 1997) from equal weights; stopping after a fixed number of rounds keeps them near equal where the origins say
 * little. Averaging quantiles and learning the weights by pinball follow Berrisch and Ziel, "CRPS learning", Journal of
 * Econometrics 237, 2023.
 */
public final class Blend implements Predictor {
    private static final double[] LEVELS = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99};
    private static final int ORIGINS = 160;
    private static final int FEWEST_ORIGINS = 5;
    private static final int ROUNDS = 30;
    private static final double RATE = 3;

    private final Map<String, Predictor> members;
    private final HorizonGrid grid;
    private final double[][] weights;

    private Blend(Map<String, Predictor> members, HorizonGrid grid, double[][] weights) {
        this.members = members;
        this.grid = grid;
        this.weights = weights;
    }

    /**
     * Runs predictors through a history and returns their blend at its end.
     *
     * @param members predictors by name that have seen nothing; taken over by the blend
     * @param values the history, NaN for a missing value
     * @param warmUp the first origin that counts
     * @param grid distances for which weights are chosen
     */
    public static Blend fit(Map<String, Predictor> members, double[] values, int warmUp, HorizonGrid grid) {
        Map<String, Predictor> own = new LinkedHashMap<>(members);
        int[] steps = grid.steps();
        int spacing = Math.max(1, (values.length - warmUp) / ORIGINS);
        List<double[][][]> views = new ArrayList<>();
        List<double[]> outcomes = new ArrayList<>();
        for (int t = 0; t < values.length; t++) {
            for (Predictor member : own.values()) {
                member.observe(values[t]);
            }
            if (t >= warmUp && (t - warmUp) % spacing == 0 && t + 1 < values.length) {
                views.add(views(own, steps));
                outcomes.add(outcomes(values, t, steps));
            }
        }
        double[][] weights = new double[steps.length][];
        for (int g = 0; g < steps.length; g++) {
            weights[g] = weights(own.size(), g, views, outcomes);
        }
        return new Blend(own, grid, weights);
    }

    /** One matrix per member: a row per distance, a column per level. */
    private static double[][][] views(Map<String, Predictor> members, int[] steps) {
        double[][][] views = new double[members.size()][steps.length][LEVELS.length];
        int k = 0;
        for (Predictor member : members.values()) {
            member.forecast(steps, LEVELS, views[k++], new double[steps.length]);
        }
        return views;
    }

    private static double[] outcomes(double[] values, int origin, int[] steps) {
        double[] outcomes = new double[steps.length];
        for (int g = 0; g < steps.length; g++) {
            int t = origin + steps[g];
            outcomes[g] = t < values.length ? values[t] : Double.NaN;
        }
        return outcomes;
    }

    private static double[] weights(int members, int g, List<double[][][]> views, List<double[]> outcomes) {
        double[] weights = new double[members];
        Arrays.fill(weights, 1.0 / members);
        double[] known = new double[outcomes.size()];
        double[] flat = new double[outcomes.size() * LEVELS.length * members];
        int origins = 0;
        int at = 0;
        for (int o = 0; o < outcomes.size(); o++) {
            if (!Double.isNaN(outcomes.get(o)[g])) {
                known[origins++] = outcomes.get(o)[g];
                for (int q = 0; q < LEVELS.length; q++) {
                    for (double[][] view : views.get(o)) {
                        flat[at++] = view[g][q];
                    }
                }
            }
        }
        double loss = meanLoss(members, origins, flat, known);
        if (origins < FEWEST_ORIGINS || !(loss > 0)) {
            return weights;
        }
        double[] gradient = new double[members];
        for (int round = 0; round < ROUNDS; round++) {
            gradient(weights, origins, flat, known, gradient);
            descend(weights, gradient, RATE / (loss * origins * LEVELS.length));
        }
        return weights;
    }

    private static double meanLoss(int members, int origins, double[] flat, double[] outcomes) {
        double mean = 0;
        for (int i = 0; i < origins * LEVELS.length * members; i++) {
            double level = LEVELS[i / members % LEVELS.length];
            double miss = outcomes[i / members / LEVELS.length] - flat[i];
            mean += (Math.max(level * miss, (level - 1) * miss) - mean) / (i + 1);
        }
        return mean;
    }

    private static void gradient(double[] weights, int origins, double[] flat, double[] outcomes, double[] gradient) {
        Arrays.fill(gradient, 0);
        int at = 0;
        for (int o = 0; o < origins; o++) {
            for (double level : LEVELS) {
                double blended = 0;
                for (int k = 0; k < weights.length; k++) {
                    blended += weights[k] * flat[at + k];
                }
                double slope = outcomes[o] >= blended ? -level : 1 - level;
                for (int k = 0; k < weights.length; k++) {
                    gradient[k] += slope * (flat[at + k] - blended);
                }
                at += weights.length;
            }
        }
    }

    /** Subtracting the least exponent changes no weight after the division by the sum and keeps it finite. */
    private static void descend(double[] weights, double[] gradient, double rate) {
        double least = Arrays.stream(gradient).min().orElse(0);
        double sum = 0;
        for (int k = 0; k < weights.length; k++) {
            weights[k] *= Math.exp(-rate * (gradient[k] - least));
            sum += weights[k];
        }
        for (int k = 0; k < weights.length; k++) {
            weights[k] = Math.max(weights[k] / sum, 1e-12);
        }
    }

    @Override
    public void observe(double value) {
        for (Predictor member : members.values()) {
            member.observe(value);
        }
    }

    @Override
    public Blend copy() {
        Map<String, Predictor> twins = new LinkedHashMap<>();
        members.forEach((name, member) -> twins.put(name, member.copy()));
        return new Blend(twins, grid, weights);
    }

    /** Deviations from the first member are averaged, so that members who agree are reproduced exactly. */
    @Override
    public void forecast(int[] steps, double[] levels, double[][] quantiles, double[] means) {
        double[][] view = new double[steps.length][levels.length];
        double[] viewMeans = new double[steps.length];
        double[][] first = new double[0][];
        double[] firstMeans = new double[0];
        int k = 0;
        for (Predictor member : members.values()) {
            member.forecast(steps, levels, view, viewMeans);
            if (k == 0) {
                first = Arrays.stream(view).map(double[]::clone).toArray(double[][]::new);
                firstMeans = viewMeans.clone();
                Arrays.stream(quantiles).forEach(row -> Arrays.fill(row, 0));
                Arrays.fill(means, 0);
            } else {
                addDeviations(k, steps, view, first, quantiles);
                addDeviations(k, steps, viewMeans, firstMeans, means);
            }
            k++;
        }
        for (int i = 0; i < steps.length; i++) {
            means[i] += firstMeans[i];
            for (int q = 0; q < levels.length; q++) {
                quantiles[i][q] += first[i][q];
            }
        }
    }

    private void addDeviations(int k, int[] steps, double[][] view, double[][] first, double[][] sums) {
        for (int i = 0; i < steps.length; i++) {
            double weight = weight(k, steps[i]);
            for (int q = 0; q < view[i].length; q++) {
                sums[i][q] += weight * (view[i][q] - first[i][q]);
            }
        }
    }

    private void addDeviations(int k, int[] steps, double[] view, double[] first, double[] sums) {
        for (int i = 0; i < steps.length; i++) {
            sums[i] += weight(k, steps[i]) * (view[i] - first[i]);
        }
    }

    private double weight(int k, int h) {
        int above = grid.atOrAbove(h);
        int below = grid.below(above, h);
        double share = grid.share(below, above, h);
        return weights[below][k] + share * (weights[above][k] - weights[below][k]);
    }

    /** The weights of the nearest and the farthest distance, by member and distance: {@code recent@1}. */
    public Map<String, Double> weights() {
        Map<String, Double> named = new LinkedHashMap<>();
        for (int g = 0; g < grid.size(); g += Math.max(1, grid.size() - 1)) {
            int k = 0;
            for (String name : members.keySet()) {
                named.put(name + "@" + grid.step(g), weights[g][k++]);
            }
        }
        return named;
    }
}
