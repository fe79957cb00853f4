package dev.shadow.forecast.regression;

import dev.shadow.forecast.conformal.DecayedSample;
import dev.shadow.forecast.ensemble.HorizonGrid;
import dev.shadow.forecast.ensemble.Predictor;
import java.util.Arrays;

/**
 * A linear autoregression for each distance by itself, with quantiles from the errors made at that distance.
 *
 * <p>The value {@code h} steps ahead is regressed on the last values, their exponential averages, the seasonal profile
 * now and then, and the values one and seven seasons before now and then: a direct forecast (Marcellino, Stock and
 * Watson, Journal of Econometrics 135, 2006). All regressions learn as values arrive, so every error is that of an
 * honest forecast. Errors are kept in units of a local scale, a blend of the recent and the long-run size of changes,
 * so that quiet times get narrow and busy times wide intervals (locally weighted conformal prediction, Lei et al.,
 * JASA 113, 2018). Not thread-safe.
 */
public final class DirectRegression implements Predictor {
    static final int FEATURES = 11;

    private static final int CAPACITY = 256;
    private static final double FAST = 0.3;
    private static final double MIDDLE = 0.06;
    private static final double WEEK = 7;

    private final Past past;
    private final HorizonGrid grid;
    private final RecursiveRegression[] regressions;
    private final DecayedSample[] errors;
    private final double[] features = new double[FEATURES];

    private DirectRegression(
            Past past, HorizonGrid grid, RecursiveRegression[] regressions, DecayedSample[] errors) {
        this.past = past;
        this.grid = grid;
        this.regressions = regressions;
        this.errors = errors;
    }

    /**
     * Returns a predictor that has seen nothing.
     *
     * @param season steps in one season, 1 for none
     * @param scale typical size of the values around their mean, to be 0 for a constant series
     * @param halfLife steps after which an error weighs half
     */
    public static DirectRegression of(int season, double scale, HorizonGrid grid, double halfLife, double memory) {
        int size = grid.size();
        RecursiveRegression[] regressions = new RecursiveRegression[size];
        DecayedSample[] errors = new DecayedSample[size];
        for (int g = 0; g < size; g++) {
            int h = grid.step(g);
            regressions[g] = RecursiveRegression.of(prior(h, season), 0.1, Math.pow(0.5, 1 / memory));
            errors[g] = DecayedSample.of(halfLife / thinning(h), CAPACITY);
        }
        return new DirectRegression(Past.of(season, scale, grid.step(size - 1)), grid, regressions, errors);
    }

    /** The seasonal profile, and a deviation from it that fades. */
    private static double[] prior(int h, int season) {
        double kept = 1 / (1 + h / 24.0);
        double[] prior = new double[FEATURES];
        prior[1] = 0.5 * kept;
        prior[3] = 0.5 * kept;
        if (season > 1) {
            prior[5] = 1;
            prior[6] = -kept;
        }
        return prior;
    }

    private static int thinning(int h) {
        return 1 + h / 16;
    }

    @Override
    public void observe(double value) {
        if (!Double.isNaN(value) && past.size() > 0) {
            for (int g = 0; g < regressions.length; g++) {
                learn(g, value);
            }
        }
        past.add(value);
    }

    private void learn(int g, double value) {
        int h = grid.step(g);
        if (past.size() < h || past.isYoung(h)) {
            return;
        }
        past.features(h - 1, h, features);
        double centre = past.centre(h - 1);
        double outcome = past.normal(value - centre);
        double error = outcome - regressions[g].predict(features);
        if (past.clock() % thinning(h) == 0) {
            errors[g].add(error / past.localScale(h - 1));
        }
        regressions[g].observe(features, outcome);
    }

    @Override
    public DirectRegression copy() {
        RecursiveRegression[] regressionCopies = new RecursiveRegression[regressions.length];
        DecayedSample[] errorCopies = new DecayedSample[errors.length];
        Arrays.setAll(regressionCopies, g -> regressions[g].copy());
        Arrays.setAll(errorCopies, g -> errors[g].copy());
        return new DirectRegression(past.copy(), grid, regressionCopies, errorCopies);
    }

    @Override
    public void forecast(int[] steps, double[] levels, double[][] quantiles, double[] means) {
        double[][] rows = new double[errors.length][levels.length];
        double[] rowMeans = new double[errors.length];
        int read = 0;
        double scale = past.localScale(-1);
        for (int i = 0; i < steps.length; i++) {
            int h = steps[i];
            int above = grid.atOrAbove(h);
            int below = grid.below(above, h);
            for (; read <= above; read++) {
                errors[read].quantiles(levels, rows[read]);
                rowMeans[read] = errors[read].mean();
            }
            double share = grid.share(below, above, h);
            past.features(-1, h, features);
            double point = mix(regressions[below].predict(features), regressions[above].predict(features), share);
            for (int q = 0; q < levels.length; q++) {
                quantiles[i][q] = past.centre(-1)
                        + past.original(point + scale * mix(rows[below][q], rows[above][q], share));
            }
            means[i] = past.centre(-1) + past.original(point + scale * mix(rowMeans[below], rowMeans[above], share));
        }
    }

    private static double mix(double a, double b, double share) {
        return a + share * (b - a);
    }

    /** What the regressions look back on, in rings as long as the farthest look. */
    private static final class Past {
        private final int season;
        private final double scale;
        private final double[] values;
        private final double[] fast;
        private final double[] middle;
        private final double[] slow;
        private final double[] local;
        private final double[] profile;
        private final int[] seen;
        private int clock;

        private Past(
                int season,
                double scale,
                double[] values,
                double[] fast,
                double[] middle,
                double[] slow,
                double[] local,
                double[] profile,
                int[] seen) {
            this.season = season;
            this.scale = scale;
            this.values = values;
            this.fast = fast;
            this.middle = middle;
            this.slow = slow;
            this.local = local;
            this.profile = profile;
            this.seen = seen;
        }

        static Past of(int season, double scale, int farthest) {
            int looks = farthest + 2;
            int longest = Math.max(looks, (int) (WEEK + 1) * season + looks);
            return new Past(
                    season,
                    scale,
                    new double[longest],
                    new double[looks],
                    new double[looks],
                    new double[looks],
                    new double[looks],
                    new double[season],
                    new int[season]);
        }

        Past copy() {
            Past twin = new Past(
                    season,
                    scale,
                    values.clone(),
                    fast.clone(),
                    middle.clone(),
                    slow.clone(),
                    local.clone(),
                    profile.clone(),
                    seen.clone());
            twin.clock = clock;
            return twin;
        }

        int size() {
            return clock;
        }

        int clock() {
            return clock;
        }

        boolean isYoung(int h) {
            return clock < h + 4;
        }

        double normal(double deviation) {
            return scale > 0 ? deviation / scale : 0;
        }

        double original(double deviation) {
            return scale * deviation;
        }

        void add(double observed) {
            int before = clock - 1;
            int phase = clock % season;
            double value = observed;
            if (Double.isNaN(value)) {
                value = clock == 0 ? 0 : at(middle, before) + (season > 1 ? profile[phase] : 0);
            }
            double slowBefore = clock == 0 ? value : at(slow, before);
            double pace = Math.max(1.0 / Math.max(season, 288), 1.0 / (clock + 1));
            double slowNow = slowBefore + pace * (value - slowBefore);
            double deviation = value - (season > 1 ? profile[phase] : 0);
            double change = clock == 0 ? 0 : Math.abs(normal(value - at(values, before)));
            double recent = clock == 0 ? 0.5 : at(local, before);
            set(local, recent + Math.max(0.04, 1.0 / (clock + 2)) * (Math.min(change, 20) - recent));
            set(values, value);
            set(fast, clock == 0 ? value : at(fast, before) + FAST * (value - at(fast, before)));
            set(middle, clock == 0 ? deviation : at(middle, before) + MIDDLE * (deviation - at(middle, before)));
            set(slow, slowNow);
            if (season > 1) {
                seen[phase] = Math.min(seen[phase] + 1, 1000);
                profile[phase] += Math.max(0.2, 1.0 / (seen[phase] + 1)) * (value - slowNow - profile[phase]);
            }
            clock++;
        }

        private void set(double[] ring, double value) {
            ring[clock % ring.length] = value;
        }

        private double at(double[] ring, int time) {
            return ring[Math.floorMod(Math.max(time, 0), ring.length)];
        }

        /** The mean as known {@code ago} steps before the last value; -1 is the last value itself. */
        double centre(int ago) {
            return at(slow, clock - 2 - ago);
        }

        double localScale(int ago) {
            return 0.05 + at(local, clock - 2 - ago);
        }

        /** What was known {@code ago + 1} steps before the next value about the value {@code h} steps after that. */
        void features(int ago, int h, double[] out) {
            int now = clock - 2 - ago;
            double centre = centre(ago);
            out[0] = 1;
            out[1] = normal(at(values, now) - centre);
            out[2] = normal(at(values, now - 1) - centre);
            out[3] = normal(at(fast, now) - centre);
            out[4] = normal(at(middle, now) - centre);
            if (season > 1) {
                int seasons = (h + season - 1) / season;
                int then = now + h - seasons * season;
                out[5] = normal(profile[Math.floorMod(now + h, season)]);
                out[6] = normal(profile[Math.floorMod(now, season)]);
                boolean known = then >= 0 && now - seasons * season >= 0;
                out[7] = known ? normal(at(values, then) - centre) : out[5];
                out[8] = known ? normal(at(values, now - seasons * season) - centre) : out[6];
                int week = (int) WEEK * season;
                boolean weekKnown = h <= week && now - week >= 0;
                out[9] = weekKnown ? normal(at(values, now + h - week) - centre) : out[7];
                out[10] = weekKnown ? normal(at(values, now - week) - centre) : out[8];
            }
        }
    }
}
