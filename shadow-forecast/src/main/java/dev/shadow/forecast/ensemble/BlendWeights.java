package dev.shadow.forecast.ensemble;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Learns by how much each member of a blend counts, per distance and part of the distribution.
 *
 * <p>Weights start from those that fall with the fourth power of each member's own mean pinball loss, and descend the
 * loss of the averaged quantiles by exponentiated gradient (Kivinen and Warmuth, Information and Computation 132, 1997).
 * How long they descend is what protects series that say little: it is first tried on the earlier half of the origins,
 * and as many rounds are made on all of them as served the later half best over all distances. Then they are drawn back
 * to their start where outcomes overlap so much that few are independent. The lower, the central
 * and the upper part of the distribution have weights of their own, with straight lines between, since a member may
 * know the tails and not the middle. Averaging quantiles and learning the weights by pinball follow Berrisch and Ziel,
 * "CRPS learning", Journal of Econometrics 237, 2023. Used by one thread.
 */
final class BlendWeights {
    /** The levels at which members are compared. */
    static final double[] LEVELS = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99};

    /** Levels in the middle of the lower, the central and the upper part of a distribution. */
    private static final double[] PARTS = {0.05, 0.5, 0.95};

    /** Endings of names for the parts. */
    static final List<String> PART_NAMES = List.of(".low", "", ".high");

    private static final int FEWEST_ORIGINS = 5;
    /** Numbers of rounds to choose from. */
    private static final int[] ROUNDS = {0, 1, 2, 4, 8, 16, 32, 60};

    /** Losses below it are those of numbers so small that steps along their gradient overflow. */
    private static final double SMALLEST_LOSS = 1e-280;

    /** Exponent by which weights fall with a member's own loss before the descent. */
    private static final double SHARPNESS = 4;

    private static final double RATE = 3;

    /** What fewer rounds must leave of the loss after all of them to be preferred. */
    private static final double LEAST_GAIN = 0.98;

    /** Independent outcomes at which learned weights and their start count the same. */
    private static final double DOUBT = 20;

    private final int members;
    /** Per distance: the views of all origins whose outcome is there, by origin, level and member. */
    private final double[][] views;
    /** Per distance: the outcomes. */
    private final double[][] outcomes;
    /** Per distance: how many of the outcomes were known at the middle of the origins. */
    private final int[] early;
    /** Per distance: the first outcome of the later half. */
    private final int[] late;

    private BlendWeights(int members, int distances) {
        this.members = members;
        this.views = new double[distances][];
        this.outcomes = new double[distances][];
        this.early = new int[distances];
        this.late = new int[distances];
    }

    /**
     * Returns weights by distance, part of the distribution, and member.
     *
     * @param views per origin: by member, distance and level
     * @param outcomes per origin: by distance, NaN for what is not known
     * @param steps the distances
     * @param spacing steps between two origins
     */
    static double[][][] learn(
            int members, List<double[][][]> views, List<double[]> outcomes, int[] steps, int spacing) {
        BlendWeights learner = new BlendWeights(members, steps.length);
        for (int g = 0; g < steps.length; g++) {
            learner.collect(g, views, outcomes, steps[g] / spacing);
        }
        int rounds = learner.rounds(steps, spacing);
        double[][][] weights = new double[steps.length][][];
        for (int g = 0; g < steps.length; g++) {
            weights[g] = learner.start(g, learner.outcomes[g].length);
            double[][] start = learner.start(g, learner.outcomes[g].length);
            learner.descend(g, learner.outcomes[g].length, weights[g], rounds);
            learner.draw(weights[g], start, (double) learner.outcomes[g].length * spacing / steps[g]);
        }
        return weights;
    }

    /** Draws weights back to their start, the more the fewer outcomes were independent of each other. */
    private void draw(double[][] weights, double[][] start, double independent) {
        double kept = trust(independent);
        for (int part = 0; part < weights.length; part++) {
            for (int k = 0; k < members; k++) {
                weights[part][k] = start[part][k] + kept * (weights[part][k] - start[part][k]);
            }
        }
    }

    private static double trust(double independent) {
        return independent / (independent + DOUBT);
    }

    private void collect(int g, List<double[][][]> allViews, List<double[]> allOutcomes, int delay) {
        int origins = allOutcomes.size();
        int[] known = IntStream.range(0, origins)
                .filter(o -> !Double.isNaN(allOutcomes.get(o)[g]))
                .toArray();
        double[] flat = new double[known.length * LEVELS.length * members];
        int at = 0;
        for (int o : known) {
            for (int q = 0; q < LEVELS.length; q++) {
                for (double[][] view : allViews.get(o)) {
                    flat[at++] = view[g][q];
                }
            }
        }
        views[g] = flat;
        outcomes[g] =
                Arrays.stream(known).mapToDouble(o -> allOutcomes.get(o)[g]).toArray();
        int middle = origins / 2;
        early[g] = (int) Arrays.stream(known).filter(o -> o + delay < middle).count();
        late[g] = (int) Arrays.stream(known).filter(o -> o < middle).count();
    }

    /** The number of rounds on the earlier origins that serves the later ones best. */
    private int rounds(int[] steps, int spacing) {
        double[] scores = new double[ROUNDS.length];
        for (int g = 0; g < views.length; g++) {
            if (early[g] < FEWEST_ORIGINS || late[g] + FEWEST_ORIGINS > outcomes[g].length) {
                continue;
            }
            double[][] weights = start(g, early[g]);
            double first = loss(g, weights);
            double trust = trust((double) early[g] * spacing / steps[g]);
            int done = 0;
            for (int i = 0; i < ROUNDS.length && first > SMALLEST_LOSS; i++) {
                descend(g, early[g], weights, ROUNDS[i] - done);
                done = ROUNDS[i];
                scores[i] += trust * loss(g, weights) / first;
            }
        }
        int most = ROUNDS.length - 1;
        int best = most;
        for (int i = most - 1; i >= 0; i--) {
            best = scores[i] < Math.min(scores[best], LEAST_GAIN * scores[most]) ? i : best;
        }
        return ROUNDS[best];
    }

    /** The pinball loss of the blend on the later origins. */
    private double loss(int g, double[][] weights) {
        double[] mixed = new double[members];
        double sum = 0;
        for (int q = 0; q < LEVELS.length; q++) {
            mix(weights, LEVELS[q], mixed);
            for (int o = late[g]; o < outcomes[g].length; o++) {
                sum += pinball(LEVELS[q], outcomes[g][o] - blended(g, o, q, mixed));
            }
        }
        return sum / (outcomes[g].length - late[g]) / LEVELS.length;
    }

    /** Weights of the first {@code origins} by each member's own loss, the same in all parts. */
    private double[][] start(int g, int origins) {
        double[] losses = losses(g, origins);
        double least = Arrays.stream(losses).min().orElse(0);
        double[] weights = new double[members];
        Arrays.fill(weights, 1.0 / members);
        if (origins >= FEWEST_ORIGINS && least > SMALLEST_LOSS) {
            double sum = 0;
            for (int k = 0; k < members; k++) {
                weights[k] = Math.pow(least / losses[k], SHARPNESS);
                sum += weights[k];
            }
            for (int k = 0; k < members; k++) {
                weights[k] = Math.max(weights[k] / sum, 1e-12);
            }
        }
        double[][] parts = new double[PARTS.length][];
        Arrays.setAll(parts, part -> weights.clone());
        return parts;
    }

    /** The mean pinball loss of each member by itself. */
    private double[] losses(int g, int origins) {
        double[] means = new double[members];
        int count = origins * LEVELS.length;
        for (int i = 0; i < count * members; i++) {
            double level = LEVELS[i / members % LEVELS.length];
            means[i % members] += pinball(level, outcomes[g][i / members / LEVELS.length] - views[g][i]) / count;
        }
        return means;
    }

    private static double pinball(double level, double miss) {
        return Math.max(level * miss, (level - 1) * miss);
    }

    private double blended(int g, int origin, int q, double[] mixed) {
        int at = (origin * LEVELS.length + q) * members;
        double blended = 0;
        for (int k = 0; k < members; k++) {
            blended += mixed[k] * views[g][at + k];
        }
        return blended;
    }

    private void descend(int g, int origins, double[][] weights, int rounds) {
        double[] losses = losses(g, origins);
        double loss = 0;
        for (int k = 0; k < members; k++) {
            loss += weights[1][k] * losses[k];
        }
        if (origins < FEWEST_ORIGINS || !(loss > SMALLEST_LOSS)) {
            return;
        }
        double[][] gradient = new double[PARTS.length][members];
        for (int round = 0; round < rounds; round++) {
            gradient(g, origins, weights, gradient);
            for (int part = 0; part < PARTS.length; part++) {
                step(weights[part], gradient[part], RATE / (loss * origins * LEVELS.length));
            }
        }
    }

    private void gradient(int g, int origins, double[][] weights, double[][] gradient) {
        for (double[] part : gradient) {
            Arrays.fill(part, 0);
        }
        double[] mixed = new double[members];
        for (int q = 0; q < LEVELS.length; q++) {
            int upper = upperPart(LEVELS[q]);
            double share = share(LEVELS[q], upper);
            mix(weights, LEVELS[q], mixed);
            for (int o = 0; o < origins; o++) {
                double blended = blended(g, o, q, mixed);
                double slope = outcomes[g][o] >= blended ? -LEVELS[q] : 1 - LEVELS[q];
                int at = (o * LEVELS.length + q) * members;
                for (int k = 0; k < members; k++) {
                    double pull = slope * (views[g][at + k] - blended);
                    gradient[upper][k] += 3 * share * pull;
                    gradient[upper - 1][k] += 3 * (1 - share) * pull;
                }
            }
        }
    }

    /** Subtracting the least exponent changes no weight after the division by the sum and keeps it finite. */
    private static void step(double[] weights, double[] gradient, double rate) {
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

    /** Writes the weights of all members at one level, given those of each part. */
    static void mix(double[][] byPart, double level, double[] mixed) {
        int upper = upperPart(level);
        double share = share(level, upper);
        for (int k = 0; k < mixed.length; k++) {
            mixed[k] = byPart[upper - 1][k] + share * (byPart[upper][k] - byPart[upper - 1][k]);
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
}
