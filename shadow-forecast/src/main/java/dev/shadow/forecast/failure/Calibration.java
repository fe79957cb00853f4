package dev.shadow.forecast.failure;

import java.util.Arrays;

/**
 * Turns the scores of two ensembles into one probability: log-odds = offset + a margin + b logit(share), fitted by
 * damped Newton steps on scores of units that the trees had not seen (Platt, 1999; Lin, Lin and Weng, Machine Learning
 * 68, 2007; stacking: Wolpert, Neural Networks 5, 1992). Neither weight is negative: more of either score never lowers
 * the risk.
 */
record Calibration(double offset, double marginWeight, double shareWeight) {
    /** The average of both log-odds: where the fit starts and, weakly, what it is drawn to. */
    static final Calibration EVEN = new Calibration(0, 0.5, 0.5);

    private static final double PULL = 1;
    private static final double SMALLEST = 1e-6;

    static Calibration fit(double[] margins, double[] shares, boolean[] failed) {
        double[] logits = new double[shares.length];
        for (int i = 0; i < shares.length; i++) {
            logits[i] = logitOfShare(shares[i]);
        }
        double[][] terms = {ones(margins.length), margins, logits};
        boolean[] free = {true, true, true};
        double[] w = newton(terms, failed, free);
        for (int k = 1; k < 3; k++) {
            if (w[k] < 0) {
                free[k] = false;
                w = newton(terms, failed, free);
            }
        }
        return new Calibration(w[0], Math.max(0, w[1]), Math.max(0, w[2]));
    }

    double probability(double margin, double share) {
        return logistic(offset + marginWeight * margin + shareWeight * logitOfShare(share));
    }

    static double logitOfShare(double share) {
        return logit(Math.min(Math.max(share, SMALLEST), 1 - SMALLEST));
    }

    static double logit(double p) {
        return Math.log(p / (1 - p));
    }

    static double logistic(double z) {
        return 1 / (1 + Math.exp(-z));
    }

    private static double[] ones(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static double[] newton(double[][] terms, boolean[] failed, boolean[] free) {
        double[] w = {0, free[1] ? 0.5 : 0, free[2] ? 0.5 : 0};
        double[] drawnTo = {0, 0.5, 0.5};
        double loss = loss(terms, failed, w, drawnTo);
        for (int step = 0; step < 100; step++) {
            double[] move = direction(terms, failed, free, w, drawnTo);
            double size = 1;
            double[] next = moved(w, move, size);
            double nextLoss = loss(terms, failed, next, drawnTo);
            while (!(nextLoss <= loss) && size > 1e-6) {
                size /= 2;
                next = moved(w, move, size);
                nextLoss = loss(terms, failed, next, drawnTo);
            }
            if (!(loss - nextLoss > 1e-12 * loss)) {
                break;
            }
            w = next;
            loss = nextLoss;
        }
        return w;
    }

    private static double[] direction(
            double[][] terms, boolean[] failed, boolean[] free, double[] w, double[] drawnTo) {
        double[][] a = new double[3][4];
        for (int k = 0; k < 3; k++) {
            a[k][k] = k == 0 || !free[k] ? 1e-9 : PULL;
            a[k][3] = k == 0 || !free[k] ? 0 : PULL * (drawnTo[k] - w[k]);
        }
        for (int i = 0; i < failed.length; i++) {
            double p = logistic(dot(terms, w, i));
            double e = (failed[i] ? 1 : 0) - p;
            double curvature = p * (1 - p);
            for (int k = 0; k < 3; k++) {
                if (!free[k]) {
                    continue;
                }
                a[k][3] += e * terms[k][i];
                for (int l = 0; l < 3; l++) {
                    a[k][l] += free[l] ? curvature * terms[k][i] * terms[l][i] : 0;
                }
            }
        }
        return solved(a);
    }

    /** Gauss elimination; the matrix is positive definite, so no pivot is 0. */
    private static double[] solved(double[][] a) {
        for (int k = 0; k < 3; k++) {
            for (int r = k + 1; r < 3; r++) {
                double f = a[r][k] / a[k][k];
                for (int c = k; c < 4; c++) {
                    a[r][c] -= f * a[k][c];
                }
            }
        }
        double[] x = new double[3];
        for (int k = 2; k >= 0; k--) {
            double sum = a[k][3];
            for (int c = k + 1; c < 3; c++) {
                sum -= a[k][c] * x[c];
            }
            x[k] = sum / a[k][k];
        }
        return x;
    }

    private static double[] moved(double[] w, double[] move, double size) {
        return new double[] {w[0] + size * move[0], w[1] + size * move[1], w[2] + size * move[2]};
    }

    private static double loss(double[][] terms, boolean[] failed, double[] w, double[] drawnTo) {
        double loss = 0;
        for (int k = 1; k < 3; k++) {
            loss += PULL * (w[k] - drawnTo[k]) * (w[k] - drawnTo[k]) / 2;
        }
        for (int i = 0; i < failed.length; i++) {
            double z = dot(terms, w, i);
            double s = failed[i] ? -z : z;
            loss += s > 0 ? s + Math.log1p(Math.exp(-s)) : Math.log1p(Math.exp(s));
        }
        return loss;
    }

    private static double dot(double[][] terms, double[] w, int i) {
        return w[0] * terms[0][i] + w[1] * terms[1][i] + w[2] * terms[2][i];
    }
}
