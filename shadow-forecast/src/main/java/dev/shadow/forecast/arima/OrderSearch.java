package dev.shadow.forecast.arima;

import dev.shadow.forecast.stationarity.Differencing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses the order of a seasonal ARIMA model by the corrected criterion of Akaike, as Hyndman and Khandakar (Journal of
 * Statistical Software 27, 2008): differences by tests, then steps from the best of a few models to better neighbours.
 *
 * <p>It goes beyond them in three ways. Every model is fitted by exact likelihood, no approximation decides; a neighbour
 * starts from the parameters of the model beside it, where a lag with a partial autocorrelation of zero is the same model;
 * and the neighbours of the second and third best are looked at too before it ends. Models with a root within 1 percent of
 * the unit circle are passed over. Deterministic; holds no state between calls.
 */
public final class OrderSearch {
    private static final double LEAST_MODULUS = 1.01;
    private static final int HEADS = 3;

    private final int period;
    private final int longest;
    private final int seasonalLongest;
    private final int most;

    private OrderSearch(int period, int longest, int seasonalLongest, int most) {
        this.period = period;
        this.longest = longest;
        this.seasonalLongest = seasonalLongest;
        this.most = most;
    }

    /**
     * A search with at most 5 lags of each kind and 2 seasonal ones.
     *
     * @param period steps in one season; 1 for none
     */
    public static OrderSearch of(int period) {
        return new OrderSearch(period, 5, 2, 100);
    }

    /** One fit of the search. */
    private static final class Candidate {
        private final ArimaSpecification specification;
        private final double[] point;
        private final double criterion;

        Candidate(ArimaSpecification specification, double[] point, double criterion) {
            this.specification = specification;
            this.point = point;
            this.criterion = criterion;
        }

        ArimaSpecification specification() {
            return specification;
        }

        double[] point() {
            return point;
        }

        double criterion() {
            return criterion;
        }
    }

    /**
     * Returns the best model that was found.
     *
     * @param values the series, NaN for a missing value, at least 4 there
     */
    public ArimaFit search(double[] values) {
        int season = values.length > 2 * period + 5 ? period : 1;
        int seasonalD = season > 1 ? Differencing.seasonal(values, season) : 0;
        ArimaOrder seasonal = new ArimaOrder(0, 0, 0, 0, seasonalD, 0, season);
        int d = Differencing.regular(seasonal.difference(values), Differencing.Test.KPSS, seasonalD > 0 ? 1 : 2);
        return new Search(values, d, seasonalD, season).best();
    }

    /** The state of one search. */
    private final class Search {
        private final double[] values;
        private final int d;
        private final int seasonalD;
        private final int season;
        private final Map<ArimaSpecification, Candidate> seen = new HashMap<>();
        private final Map<Boolean, Sample> samples = new HashMap<>();

        Search(double[] values, int d, int seasonalD, int season) {
            this.values = values;
            this.d = d;
            this.seasonalD = seasonalD;
            this.season = season;
        }

        ArimaFit best() {
            int big = season > 1 ? 1 : 0;
            boolean constant = d + seasonalD < 2;
            for (boolean with : constant ? new boolean[] {true, false} : new boolean[] {false}) {
                look(2, 2, big, big, with, new double[0]);
                look(0, 0, 0, 0, with, new double[0]);
                look(1, 0, big, 0, with, new double[0]);
                look(0, 1, 0, big, with, new double[0]);
            }
            Deque<ArimaSpecification> expanded = new ArrayDeque<>();
            while (seen.size() < most) {
                Candidate head = ranked().stream()
                        .limit(HEADS)
                        .filter(candidate -> !expanded.contains(candidate.specification()))
                        .findFirst()
                        .orElse(null);
                if (head == null || head.criterion() == Double.POSITIVE_INFINITY) {
                    break;
                }
                expanded.add(head.specification());
                lookAround(head);
            }
            for (Candidate candidate : ranked()) {
                ArimaFit fit = Arima.fit(candidate.specification(), values);
                if (!nearUnitCircle(fit.specification().order(), fit.coefficients())) {
                    return fit;
                }
            }
            return Arima.fit(ranked().get(0).specification(), values);
        }

        private List<Candidate> ranked() {
            List<Candidate> all = new ArrayList<>(seen.values());
            all.sort(Comparator.comparingDouble(Candidate::criterion)
                    .thenComparing(c -> c.specification().toString()));
            return all;
        }

        private void lookAround(Candidate head) {
            ArimaOrder order = head.specification().order();
            boolean constant = hasConstant(head.specification());
            for (int[] move : MOVES) {
                if (season == 1 && (move[2] != 0 || move[3] != 0)) {
                    continue;
                }
                int p = order.p() + move[0];
                int q = order.q() + move[1];
                int seasonalP = order.seasonalP() + move[2];
                int seasonalQ = order.seasonalQ() + move[3];
                if (inside(p, longest)
                        && inside(q, longest)
                        && inside(seasonalP, seasonalLongest)
                        && inside(seasonalQ, seasonalLongest)
                        && seen.size() < most) {
                    look(p, q, seasonalP, seasonalQ, constant, moved(head, p, q, seasonalP, seasonalQ));
                }
            }
            if (d + seasonalD < 2) {
                look(order.p(), order.q(), order.seasonalP(), order.seasonalQ(), !constant, head.point());
            }
        }

        private void look(int p, int q, int seasonalP, int seasonalQ, boolean constant, double[] warm) {
            ArimaOrder order = new ArimaOrder(p, d, q, seasonalP, seasonalD, seasonalQ, season);
            ArimaSpecification specification =
                    new ArimaSpecification(order, constant && d + seasonalD == 0, constant && d + seasonalD == 1);
            if (seen.containsKey(specification)) {
                return;
            }
            double[] point = new double[order.coefficients()];
            double criterion = Double.POSITIVE_INFINITY;
            Sample sample = samples.computeIfAbsent(constant, c -> Sample.of(specification, values));
            if (sample.used() > order.coefficients() + specification.columns() + 3) {
                LevenbergMarquardt fitted = sample.fit(order, warm);
                point = fitted.point();
                double[] coefficients = PartialCoefficients.coefficients(order, point);
                if (!nearUnitCircle(order, coefficients)) {
                    criterion = sample.criterion(order, specification.columns(), fitted.squares());
                }
            }
            seen.put(specification, new Candidate(specification, point, criterion));
        }

        private boolean hasConstant(ArimaSpecification specification) {
            return specification.mean() || specification.drift();
        }
    }

    private static final int[][] MOVES = {
        {1, 0, 0, 0}, {0, 1, 0, 0}, {-1, 0, 0, 0}, {0, -1, 0, 0}, {1, 1, 0, 0}, {-1, -1, 0, 0}, {1, -1, 0, 0},
        {-1, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}, {0, 0, -1, 0}, {0, 0, 0, -1}, {0, 0, 1, 1}, {0, 0, -1, -1},
        {0, 0, 1, -1}, {0, 0, -1, 1}
    };

    private static boolean inside(int value, int most) {
        return value >= 0 && value <= most;
    }

    /** The point of a neighbour that is the same model, as far as it can be. */
    private static double[] moved(Candidate head, int p, int q, int seasonalP, int seasonalQ) {
        ArimaOrder from = head.specification().order();
        int[] old = {from.p(), from.q(), from.seasonalP(), from.seasonalQ()};
        int[] now = {p, q, seasonalP, seasonalQ};
        double[] point = new double[p + q + seasonalP + seasonalQ];
        int source = 0;
        int target = 0;
        for (int block = 0; block < 4; block++) {
            System.arraycopy(head.point(), source, point, target, Math.min(old[block], now[block]));
            source += old[block];
            target += now[block];
        }
        return point;
    }

    /** Whether a root of one of the polynomials lies within 1 percent of the unit circle. */
    static boolean nearUnitCircle(ArimaOrder order, double[] coefficients) {
        int[] counts = {order.p(), order.q(), order.seasonalP(), order.seasonalQ()};
        int at = 0;
        for (int block = 0; block < 4; block++) {
            int n = counts[block];
            double[] grown = new double[n];
            double power = 1;
            // Roots on the plain lags; a seasonal root is that of its polynomial in B^m.
            double modulus = block < 2 ? LEAST_MODULUS : Math.pow(LEAST_MODULUS, order.period());
            for (int i = 0; i < n; i++) {
                power *= modulus;
                grown[i] = (block % 2 == 0 ? 1 : -1) * coefficients[at + i] * power;
            }
            if (!PartialCoefficients.isStationary(grown)) {
                return true;
            }
            at += n;
        }
        return false;
    }

    /** The series with one kind of constant, and what all orders of the same differences share. */
    private static final class Sample {
        private final Innovations innovations;
        private final double[] series;

        private Sample(Innovations innovations, double[] series) {
            this.innovations = innovations;
            this.series = series;
        }

        static Sample of(ArimaSpecification specification, double[] values) {
            double[][] columns = Arima.columns(specification, values.length, new double[0][]);
            ArimaOrder order = specification.order();
            return new Sample(DifferencedInnovations.of(order, values, columns), Arima.series(order, values, columns));
        }

        int used() {
            return innovations.used();
        }

        LevenbergMarquardt fit(ArimaOrder order, double[] warm) {
            ArmaObjective objective = new ArmaObjective(order, innovations);
            double[] scratch = new double[objective.rows()];
            List<double[]> starts = StartingPoints.of(order, series);
            double[] start = starts.get(0);
            if (warm.length > 0 && objective.residuals(warm, scratch) < objective.residuals(start, scratch)) {
                start = warm;
            }
            double[] bounds = new double[order.coefficients()];
            Arrays.setAll(bounds, i -> PartialCoefficients.bound(order, i));
            LevenbergMarquardt search = new LevenbergMarquardt(objective, bounds);
            search.minimise(start, 30, 1e-4);
            return search;
        }

        double criterion(ArimaOrder order, int columns, double squares) {
            int k = order.coefficients() + columns + 1;
            double logLikelihood = new ArmaObjective(order, innovations).logLikelihood(squares);
            return -2 * logLikelihood + 2 * k + 2.0 * k * (k + 1) / (used() - k - 1);
        }
    }
}
