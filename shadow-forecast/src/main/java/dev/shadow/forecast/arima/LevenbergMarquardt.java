package dev.shadow.forecast.arima;

/**
 * Minimises a sum of squares within a box (Levenberg 1944, Marquardt 1963; damping after Nielsen, IMM-REP-1999-05), with a
 * Jacobian by forward differences towards the middle of the box. A parameter at its bound is left out as long as the
 * gradient points outward.
 */
final class LevenbergMarquardt {
    private static final double STEP = 1e-7;
    private static final double LONGEST = 1;

    private final ArmaObjective objective;
    private final double[] bounds;
    private final int n;
    private final double[] trialResiduals;
    private final double[][] jacobian;
    private double[] point;
    private double[] residuals;
    private double squares;

    /** @param bounds the largest absolute value of each parameter */
    LevenbergMarquardt(ArmaObjective objective, double[] bounds) {
        this.objective = objective;
        this.bounds = bounds;
        this.n = bounds.length;
        this.point = new double[n];
        this.residuals = new double[objective.rows()];
        this.trialResiduals = new double[objective.rows()];
        this.jacobian = new double[n][objective.rows()];
    }

    double[] point() {
        return point.clone();
    }

    double squares() {
        return squares;
    }

    /**
     * Goes down from {@code start}.
     *
     * @param tolerance stops when a step promises to raise the log-likelihood by less
     * @return whether it got there within {@code iterations}
     */
    boolean minimise(double[] start, int iterations, double tolerance) {
        point = start.clone();
        squares = objective.residuals(point, residuals);
        double damping = 1e-4;
        double growth = 2;
        boolean fresh = false;
        double[][] gauss = new double[n][n];
        double[][] normal = new double[n][n];
        double[][] second = new double[n][n];
        double[] gradient = new double[n];
        double[] step = new double[n];
        double[] taken = new double[n];
        for (int i = 0; i < iterations; i++) {
            if (!fresh) {
                double[] before = gradient.clone();
                double[] half = i == 0 ? before : gradients();
                differentiate(gauss, gradient);
                if (i > 0) {
                    learn(second, taken, before, half, gradient);
                }
                combine(gauss, second, normal);
                fresh = true;
            }
            boolean cut = step(normal, gradient, damping, step);
            double promised = promise(normal, gradient, step);
            if (!(promised * 0.5 * objective.counted() > tolerance * squares)) {
                if (!cut || damping > 1e12) {
                    return true;
                }
                damping = Math.max(damping, 1e-3) * 4;
                continue;
            }
            double[] trial = new double[n];
            for (int k = 0; k < n; k++) {
                trial[k] = point[k] + step[k];
            }
            double reached = objective.residuals(trial, trialResiduals);
            double ratio = (squares - reached) / promised;
            if (reached < squares) {
                System.arraycopy(trialResiduals, 0, residuals, 0, residuals.length);
                boolean still = (squares - reached) * 0.5 * objective.counted() < 0.01 * tolerance * squares;
                point = trial;
                System.arraycopy(step, 0, taken, 0, n);
                squares = reached;
                fresh = false;
                damping *= Math.max(1.0 / 10, 1 - Math.pow(2 * ratio - 1, 3));
                growth = 2;
                if (still) {
                    return true;
                }
            } else {
                damping = Math.max(damping, 1e-8) * growth;
                growth *= 2;
                if (damping > 1e12) {
                    return true;
                }
            }
        }
        return false;
    }

    private void differentiate(double[][] normal, double[] gradient) {
        double[] moved = point.clone();
        for (int k = 0; k < n; k++) {
            double h = (point[k] > 0 ? -STEP : STEP) * Math.max(1, Math.abs(point[k]));
            moved[k] = point[k] + h;
            h = moved[k] - point[k];
            objective.residuals(moved, trialResiduals);
            moved[k] = point[k];
            double[] column = jacobian[k];
            double inverse = 1 / h;
            for (int t = 0; t < column.length; t++) {
                column[t] = (trialResiduals[t] - residuals[t]) * inverse;
            }
            gradient[k] = Vectors.dot(column, residuals);
            for (int l = 0; l <= k; l++) {
                normal[k][l] = Vectors.dot(column, jacobian[l]);
                normal[l][k] = normal[k][l];
            }
        }
    }

    private double[] gradients() {
        double[] result = new double[n];
        for (int k = 0; k < n; k++) {
            result[k] = Vectors.dot(jacobian[k], residuals);
        }
        return result;
    }

    /** Fits the part of the curvature that the Jacobian does not have to what the last step showed of it. */
    private void learn(double[][] second, double[] taken, double[] before, double[] half, double[] after) {
        double[] missing = new double[n];
        double[] change = new double[n];
        double along = 0;
        double shown = 0;
        double had = 0;
        for (int k = 0; k < n; k++) {
            change[k] = after[k] - before[k];
            missing[k] = after[k] - half[k];
            along += change[k] * taken[k];
            shown += missing[k] * taken[k];
            for (int l = 0; l < n; l++) {
                had += taken[k] * second[k][l] * taken[l];
            }
        }
        double size = Math.abs(had) > Math.abs(shown) ? Math.abs(shown / had) : 1;
        double rest = 0;
        for (int k = 0; k < n; k++) {
            for (int l = 0; l < n; l++) {
                second[k][l] *= size;
                missing[k] -= second[k][l] * taken[l];
            }
            rest += missing[k] * taken[k];
        }
        if (!(along > 0)) {
            return;
        }
        for (int k = 0; k < n; k++) {
            for (int l = 0; l < n; l++) {
                second[k][l] += (missing[k] * change[l] + change[k] * missing[l]) / along
                        - rest * change[k] * change[l] / (along * along);
            }
        }
    }

    /** The sum if it is positive definite, else the Jacobian's part alone. */
    private static void combine(double[][] gauss, double[][] second, double[][] normal) {
        int n = gauss.length;
        for (int k = 0; k < n; k++) {
            for (int l = 0; l < n; l++) {
                normal[k][l] = gauss[k][l] + second[k][l];
            }
        }
        if (!Cholesky.isPositiveDefinite(normal)) {
            for (int k = 0; k < n; k++) {
                System.arraycopy(gauss[k], 0, normal[k], 0, n);
            }
        }
    }

    private double promise(double[][] normal, double[] gradient, double[] step) {
        double promised = 0;
        for (int k = 0; k < n; k++) {
            double curvature = 0;
            for (int l = 0; l < n; l++) {
                curvature += normal[k][l] * step[l];
            }
            promised -= step[k] * (2 * gradient[k] + curvature);
        }
        return promised;
    }

    /**
     * Solves the damped normal equations. No parameter goes further than one unit or nine tenths of the way to its bound:
     * one that would is set there and the others are solved again.
     *
     * @return whether one was
     */
    private boolean step(double[][] normal, double[] gradient, double damping, double[] step) {
        boolean[] fixed = new boolean[n];
        for (int k = 0; k < n; k++) {
            fixed[k] = bounds[k] - Math.abs(point[k]) < 1e-9 && point[k] * gradient[k] < 0;
            step[k] = 0;
        }
        boolean cut = false;
        boolean again = true;
        while (again) {
            solve(normal, gradient, damping, fixed, step);
            again = false;
            for (int k = 0; k < n; k++) {
                double low = Math.max(-LONGEST, 0.9 * (-bounds[k] - point[k]));
                double high = Math.min(LONGEST, 0.9 * (bounds[k] - point[k]));
                if (!fixed[k] && !(step[k] >= low && step[k] <= high)) {
                    step[k] = step[k] < low ? low : high;
                    fixed[k] = true;
                    again = true;
                    cut = true;
                }
            }
        }
        return cut;
    }

    private void solve(double[][] normal, double[] gradient, double damping, boolean[] fixed, double[] step) {
        int[] free = new int[n];
        int count = 0;
        for (int k = 0; k < n; k++) {
            if (!fixed[k]) {
                free[count++] = k;
            }
        }
        double[][] a = new double[count][count];
        double[] b = new double[count];
        for (int i = 0; i < count; i++) {
            int k = free[i];
            b[i] = -gradient[k];
            for (int l = 0; l < n; l++) {
                b[i] -= fixed[l] ? normal[k][l] * step[l] : 0;
            }
            for (int j = 0; j < count; j++) {
                a[i][j] = normal[k][free[j]];
            }
            a[i][i] += damping * a[i][i] + 1e-300;
        }
        double[] solution = Cholesky.solve(a, b);
        for (int i = 0; i < count; i++) {
            step[free[i]] = solution[i];
        }
    }
}
