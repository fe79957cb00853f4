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
 * 132, 1997) from weights that fall with the square of each member's own loss; stopping after a fixed number of rounds keeps them near equal where the origins say
 * little. The lower, the central and the upper part of the distribution have weights of their own, with straight
 * lines between, since a member may know the tails and not the middle. Averaging quantiles and learning the weights by pinball follow Berrisch and Ziel, "CRPS learning", Journal of
 * Econometrics 237, 2023.
 */
public final class Blend implements Predictor {
    private static final double[] LEVELS = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99};
    /** Levels in the middle of the lower, the central and the upper part of a distribution. */
    private static final double[] PARTS = {0.05, 0.5, 0.95};

    private static final int ORIGINS = 160;
    private static final int FEWEST_ORIGINS = 5;
    private static final int ROUNDS = 60;
    /** Losses below it are those of numbers so small that steps along their gradient overflow. */
    private static final double SMALLEST_LOSS = 1e-280;

    /** Exponent by which weights fall with a member's own loss before the descent. */
    private static final double SHARPNESS = 2;

    private static final double RATE = 3;

    private final Map<String, Predictor> members;
    private final HorizonGrid grid;
    /** By distance, part of the distribution, and member. */
    private final double[][][] weights;

    private Blend(Map<String, Predictor> members, HorizonGrid grid, double[][][] weights) {
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
        double[][][] weights = new double[steps.length][][];
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

    private static double[][] weights(int members, int g, List<double[][][]> views, List<double[]> outcomes) {
        double[][] weights = new double[PARTS.length][members];
        for (double[] part : weights) {
            Arrays.fill(part, 1.0 / members);
        }
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
        double[] losses = losses(members, origins, flat, known);
        double least = Arrays.stream(losses).min().orElse(0);
        if (origins < FEWEST_ORIGINS || !(least > SMALLEST_LOSS)) {
            return weights;
        }
        double[] start = start(losses, least);
        Arrays.setAll(weights, part -> start.clone());
        double loss = 0;
        for (int k = 0; k < members; k++) {
            loss += start[k] * losses[k];
        }
        double[][] gradient = new double[PARTS.length][members];
        for (int round = 0; round < ROUNDS; round++) {
            gradient(weights, origins, flat, known, gradient);
            for (int part = 0; part < PARTS.length; part++) {
                descend(weights[part], gradient[part], RATE / (loss * origins * LEVELS.length));
            }
        }
        return weights;
    }

    private static double[] start(double[] losses, double least) {
        double[] weights = Arrays.stream(losses)
                .map(loss -> Math.pow(least / loss, SHARPNESS))
                .toArray();
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights)
                .map(weight -> Math.max(weight / sum, 1e-12))
                .toArray();
    }

    /** The mean pinball loss of each member by itself. */
    private static double[] losses(int members, int origins, double[] flat, double[] outcomes) {
        double[] means = new double[members];
        int count = origins * LEVELS.length;
        for (int i = 0; i < count * members; i++) {
            double level = LEVELS[i / members % LEVELS.length];
            double miss = outcomes[i / members / LEVELS.length] - flat[i];
            means[i % members] += Math.max(level * miss, (level - 1) * miss) / count;
        }
        return means;
    }

    private static void gradient(
            double[][] weights, int origins, double[] flat, double[] outcomes, double[][] gradient) {
        int members = weights[0].length;
        for (double[] part : gradient) {
            Arrays.fill(part, 0);
        }
        double[] mixed = new double[members];
        for (int q = 0; q < LEVELS.length; q++) {
            int upper = upperPart(LEVELS[q]);
            double share = share(LEVELS[q], upper);
            for (int k = 0; k < members; k++) {
                mixed[k] = weights[upper - 1][k] + share * (weights[upper][k] - weights[upper - 1][k]);
            }
            for (int o = 0; o < origins; o++) {
                int at = (o * LEVELS.length + q) * members;
                double blended = 0;
                for (int k = 0; k < members; k++) {
                    blended += mixed[k] * flat[at + k];
                }
                double slope = outcomes[o] >= blended ? -LEVELS[q] : 1 - LEVELS[q];
                for (int k = 0; k < members; k++) {
                    double pull = slope * (flat[at + k] - blended);
                    gradient[upper][k] += 3 * share * pull;
                    gradient[upper - 1][k] += 3 * (1 - share) * pull;
                }
            }
        }
    }

    /** Index of the part from whose middle weights are interpolated downwards, at least 1. */
    private static int upperPart(double level) {
        return level <= PARTS[1] ? 1 : 2;
    }

    private static double share(double level, int upper) {
        double share = (level - PARTS[upper - 1]) / (PARTS[upper] - PARTS[upper - 1]);
        return Math.max(0, Math.min(1, share));
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
                addDeviations(k, steps, levels, view, first, quantiles);
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

    private void addDeviations(
            int k, int[] steps, double[] levels, double[][] view, double[][] first, double[][] sums) {
        for (int i = 0; i < steps.length; i++) {
            double[] byPart = weightsByPart(k, steps[i]);
            for (int q = 0; q < view[i].length; q++) {
                int upper = upperPart(levels[q]);
                double weight = byPart[upper - 1] + share(levels[q], upper) * (byPart[upper] - byPart[upper - 1]);
                sums[i][q] += weight * (view[i][q] - first[i][q]);
            }
        }
    }

    private void addDeviations(int k, int[] steps, double[] view, double[] first, double[] sums) {
        for (int i = 0; i < steps.length; i++) {
            sums[i] += weightsByPart(k, steps[i])[1] * (view[i] - first[i]);
        }
    }

    private double[] weightsByPart(int k, int h) {
        int above = grid.atOrAbove(h);
        int below = grid.below(above, h);
        double share = grid.share(below, above, h);
        double[] byPart = new double[PARTS.length];
        for (int part = 0; part < PARTS.length; part++) {
            byPart[part] = weights[below][part][k] + share * (weights[above][part][k] - weights[below][part][k]);
        }
        return byPart;
    }

    /** The weights of the nearest and the farthest distance, by member and distance: {@code recent@1}. */
    public Map<String, Double> weights() {
        Map<String, Double> named = new LinkedHashMap<>();
        for (int g = 0; g < grid.size(); g += Math.max(1, grid.size() - 1)) {
            int k = 0;
            for (String name : members.keySet()) {
                named.put(name + "@" + grid.step(g), weights[g][1][k++]);
            }
        }
        return named;
    }
}
