package dev.shadow.forecast.smoothing;

import java.util.Arrays;

/**
 * The sum of squared one-step errors of exponential smoothing with the best state before the first value.
 *
 * <p>Every error is affine in that state, so each component of the running state is carried as a vector: its value if
 * all unknowns were 0, and its slope in each of them. The least squares of the unknowns follow from their normal
 * equations with a trace of ridge. {@code O(n k^2)} for {@code k} unknowns: the level, the trend, and all phases but
 * the last of a short season. Values are taken as differences from the first one, so a constant series gives exact
 * zeros. Not thread-safe.
 */
final class EtsObjective {
    private final double[] values;
    private final double centre;
    private final int present;
    private final double[] profile;
    private final boolean solvesSeason;
    private final int unknowns;
    private final double[][] normal;
    private final double[] start;

    private EtsObjective(double[] values, double centre, int present, double[] profile, boolean trend) {
        this.values = values;
        this.centre = centre;
        this.present = present;
        this.profile = profile;
        this.solvesSeason = profile.length > 1 && profile.length <= EtsFit.LONGEST_SOLVED;
        this.unknowns = (trend ? 2 : 1) + (solvesSeason ? profile.length - 1 : 0);
        this.normal = new double[unknowns + 1][unknowns + 1];
        this.start = new double[profile.length > 1 ? 2 + profile.length : 2];
    }

    static EtsObjective of(double[] values, int season, boolean trend) {
        double centre = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .findFirst()
                .orElse(0);
        double[] centred = Arrays.stream(values).map(value -> value - centre).toArray();
        int present = (int)
                Arrays.stream(values).filter(value -> !Double.isNaN(value)).count();
        return new EtsObjective(centred, centre, present, profile(centred, season), trend);
    }

    /** The mean of the first two seasons by phase, around 0. */
    private static double[] profile(double[] values, int season) {
        double[] profile = new double[season];
        if (season == 1) {
            return profile;
        }
        for (int phase = 0; phase < season; phase++) {
            profile[phase] = Arrays.stream(new double[] {values[phase], values[phase + season]})
                    .filter(value -> !Double.isNaN(value))
                    .average()
                    .orElse(Double.NaN);
        }
        double mean = Arrays.stream(profile)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(0);
        return Arrays.stream(profile)
                .map(value -> Double.isNaN(value) ? 0 : value - mean)
                .toArray();
    }

    double centre() {
        return centre;
    }

    int present() {
        return present;
    }

    /** Level, trend and profile before the first value at the last parameters asked for; the level from the centre. */
    double[] start() {
        return start.clone();
    }

    /** The least sum of squares at these parameters. */
    double squares(EtsParameters parameters) {
        for (double[] row : normal) {
            Arrays.fill(row, 0);
        }
        accumulate(parameters);
        double[] solved = solve();
        double squares = normal[unknowns][unknowns];
        for (int i = 0; i < unknowns; i++) {
            squares += solved[i] * normal[i][unknowns];
        }
        writeStart(solved);
        return Math.max(0, squares);
    }

    private void accumulate(EtsParameters parameters) {
        int width = unknowns + 1;
        int levels = unknowns - (solvesSeason ? profile.length - 1 : 0);
        double[] level = new double[width];
        double[] trend = new double[width];
        double[][] season = new double[profile.length][width];
        level[0] = 1;
        if (levels == 2) {
            trend[1] = 1;
        }
        for (int phase = 0; phase < profile.length; phase++) {
            season[phase][unknowns] = solvesSeason ? 0 : profile[phase];
            if (solvesSeason && phase + 1 < profile.length) {
                season[phase][levels + phase] = 1;
                season[profile.length - 1][levels + phase] = -1;
            }
        }
        double[] error = new double[width];
        for (int t = 0; t < values.length; t++) {
            double[] now = season[t % profile.length];
            boolean missing = Double.isNaN(values[t]);
            for (int i = 0; i < width; i++) {
                double faded = parameters.phi() * trend[i];
                double expected = level[i] + faded + now[i];
                double rest = missing ? 0 : (i == unknowns ? values[t] : 0) - expected;
                error[i] = rest;
                level[i] += faded + parameters.alpha() * rest;
                trend[i] = faded + parameters.beta() * rest;
                now[i] += parameters.gamma() * rest;
            }
            if (!missing) {
                for (int i = 0; i < width; i++) {
                    for (int j = 0; j <= i; j++) {
                        normal[i][j] += error[i] * error[j];
                        normal[j][i] = normal[i][j];
                    }
                }
            }
        }
    }

    /** Minimises over the unknowns by Cholesky's factors; an unknown that nothing depends on stays 0. */
    private double[] solve() {
        double[][] factor = new double[unknowns][unknowns];
        double[] solved = new double[unknowns];
        for (int i = 0; i < unknowns; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = normal[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= factor[i][k] * factor[j][k];
                }
                if (i == j) {
                    factor[i][i] = Math.sqrt(Math.max(sum, 1e-13 * normal[i][i] + Double.MIN_NORMAL));
                } else {
                    factor[i][j] = sum / factor[j][j];
                }
            }
            double sum = -normal[i][unknowns];
            for (int k = 0; k < i; k++) {
                sum -= factor[i][k] * solved[k];
            }
            solved[i] = sum / factor[i][i];
        }
        for (int i = unknowns - 1; i >= 0; i--) {
            double sum = solved[i];
            for (int k = i + 1; k < unknowns; k++) {
                sum -= factor[k][i] * solved[k];
            }
            solved[i] = sum / factor[i][i];
        }
        return solved;
    }

    private void writeStart(double[] solved) {
        int seasonal = solvesSeason ? profile.length - 1 : 0;
        start[0] = solved[0];
        start[1] = unknowns - seasonal == 2 ? solved[1] : 0;
        double last = 0;
        for (int phase = 0; profile.length > 1 && phase < profile.length; phase++) {
            double value = profile[phase];
            if (solvesSeason) {
                value = phase < seasonal ? solved[unknowns - seasonal + phase] : -last;
                last += value;
            }
            start[2 + phase] = value;
        }
    }
}
