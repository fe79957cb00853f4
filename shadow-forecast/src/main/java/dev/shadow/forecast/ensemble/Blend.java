package dev.shadow.forecast.ensemble;

import dev.shadow.spi.InvalidValueException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Averages the quantiles of several predictors, with weights per distance that would have served best on the past.
 *
 * <p>The predictors run through the history once. At evenly spaced origins their quantiles for every distance of the
 * grid are written down, which are honest forecasts as they know nothing later; {@link BlendWeights} learns from them.
 */
public final class Blend implements Predictor {
    private static final int ORIGINS = 160;

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
        return new Blend(own, grid, BlendWeights.learn(own.size(), views, outcomes, steps, spacing));
    }

    /**
     * Returns the blend that {@link #fit} returned, without learning again.
     *
     * @param found the weights, by the names of {@link #weights}
     * @throws InvalidValueException if a weight is not there or not from 0 to 1
     */
    static Blend rebuild(Map<String, Predictor> members, double[] values, HorizonGrid grid, Map<String, Double> found) {
        Map<String, Predictor> own = new LinkedHashMap<>(members);
        double[][][] weights = new double[grid.size()][BlendWeights.PART_NAMES.size()][own.size()];
        for (int g = 0; g < grid.size(); g++) {
            for (int part = 0; part < weights[g].length; part++) {
                int k = 0;
                for (String member : own.keySet()) {
                    String name = name(member, grid.step(g), part);
                    double weight = Findings.number(found, name);
                    if (!(weight >= 0 && weight <= 1)) {
                        throw new InvalidValueException(
                                "parameters." + name, Double.toString(weight), "be from 0 to 1");
                    }
                    weights[g][part][k++] = weight;
                }
            }
        }
        Blend blend = new Blend(own, grid, weights);
        for (double value : values) {
            blend.observe(value);
        }
        return blend;
    }

    /** One matrix per member: a row per distance, a column per level. */
    private static double[][][] views(Map<String, Predictor> members, int[] steps) {
        double[][][] views = new double[members.size()][steps.length][BlendWeights.LEVELS.length];
        int k = 0;
        for (Predictor member : members.values()) {
            member.forecast(steps, BlendWeights.LEVELS, views[k++], new double[steps.length]);
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
        double[][][] views = new double[members.size()][steps.length][levels.length];
        double[][] viewMeans = new double[members.size()][steps.length];
        int k = 0;
        for (Predictor member : members.values()) {
            member.forecast(steps, levels, views[k], viewMeans[k]);
            k++;
        }
        double[] mixed = new double[members.size()];
        for (int i = 0; i < steps.length; i++) {
            double[][] byPart = weightsByPart(steps[i]);
            for (int q = 0; q < levels.length; q++) {
                BlendWeights.mix(byPart, levels[q], mixed);
                quantiles[i][q] = views[0][i][q];
                for (k = 1; k < mixed.length; k++) {
                    quantiles[i][q] += mixed[k] * (views[k][i][q] - views[0][i][q]);
                }
            }
            means[i] = viewMeans[0][i];
            for (k = 1; k < mixed.length; k++) {
                means[i] += byPart[1][k] * (viewMeans[k][i] - viewMeans[0][i]);
            }
        }
    }

    private double[][] weightsByPart(int h) {
        int above = grid.atOrAbove(h);
        int below = grid.below(above, h);
        double share = grid.share(below, above, h);
        double[][] near = weights[below];
        double[][] far = weights[above];
        double[][] byPart = new double[near.length][];
        for (int part = 0; part < near.length; part++) {
            byPart[part] = near[part].clone();
            for (int k = 0; k < byPart[part].length; k++) {
                byPart[part][k] += share * (far[part][k] - near[part][k]);
            }
        }
        return byPart;
    }

    /**
     * The weights by member and distance in the middle of the distribution, {@code recent@1}, and in its lower and upper
     * part, {@code recent@1.low} and {@code recent@1.high}.
     */
    public Map<String, Double> weights() {
        Map<String, Double> named = new LinkedHashMap<>();
        for (int part : new int[] {1, 0, 2}) {
            for (int g = 0; g < grid.size(); g++) {
                int k = 0;
                for (String member : members.keySet()) {
                    named.put(name(member, grid.step(g), part), weights[g][part][k++]);
                }
            }
        }
        return named;
    }

    private static String name(String member, int step, int part) {
        return member + "@" + step + BlendWeights.PART_NAMES.get(part);
    }
}
