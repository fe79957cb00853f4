package dev.shadow.forecast.smoothing;

import dev.shadow.forecast.ensemble.Findings;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.math3.analysis.MultivariateFunction;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.PointValuePair;
import org.apache.commons.math3.optim.SimpleValueChecker;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.SimplexOptimizer;

/**
 * Exponential smoothing fitted by maximum likelihood with normal errors, that is by least squares of the one-step
 * errors.
 *
 * <p>The errors are linear in the state before the first value, so that state is solved for exactly at every set of
 * smoothing parameters ({@link EtsObjective}); only those, at most four, are searched for, by Nelder and Mead from
 * three starts. Parameters stay within the "usual" region (Hyndman et al. 2008, section
 * 2.4.2): nothing in it can explode within the sample, and a fading trend nowhere. Immutable.
 */
public final class EtsFit {
    /** The longest season whose starting profile is solved for; that of a longer one is averaged. */
    public static final int LONGEST_SOLVED = 24;

    private static final int MOST_STEPS = 150;
    private static final int MOST_RESTARTS = 4;
    private static final double[][] STARTS = {{0.3, 0.1, 0.1, 0.9}, {0.8, 0.05, 0.5, 0.5}, {0.1, 0.1, 0.8, 0.9}};

    private final EtsTrend trend;
    private final EtsParameters parameters;
    private final double[] start;
    private final double centre;
    private final double squares;
    private final int present;

    private EtsFit(
            EtsTrend trend, EtsParameters parameters, double[] start, double centre, double squares, int present) {
        this.trend = trend;
        this.parameters = parameters;
        this.start = start;
        this.centre = centre;
        this.squares = squares;
        this.present = present;
    }

    /**
     * Returns the fit with the least corrected criterion of Akaike of those without a trend, with a fading and with a
     * lasting one.
     *
     * @param values the history, NaN for a missing value, at least one there
     * @param season steps in one season, 1 for none; the history holds two of them
     */
    public static EtsFit best(double[] values, int season) {
        EtsFit best = of(values, season, EtsTrend.NONE);
        for (EtsTrend trend : new EtsTrend[] {EtsTrend.DAMPED, EtsTrend.ADDITIVE}) {
            EtsFit fit = best.squares == 0 ? best : of(values, season, trend);
            best = fit.aicc() < best.aicc() ? fit : best;
        }
        return best;
    }

    /** Returns the fit with a given trend. */
    public static EtsFit of(double[] values, int season, EtsTrend trend) {
        EtsObjective objective = EtsObjective.of(values, season, trend != EtsTrend.NONE);
        boolean seasonal = season > 1;
        int coordinates = EtsParameters.coordinates(trend, seasonal);
        double[] best = new double[coordinates];
        Arrays.fill(best, 0.5);
        double least = Double.POSITIVE_INFINITY;
        MultivariateFunction cost =
                point -> objective.squares(EtsParameters.at(point, trend, seasonal)) * (1 + outside(point));
        for (double[] first : STARTS) {
            PointValuePair found = searched(cost, Arrays.copyOf(first, coordinates));
            if (found.getValue() < least) {
                least = found.getValue();
                best = found.getPoint();
            }
        }
        return at(objective, trend, EtsParameters.at(best, trend, seasonal));
    }

    /** Searches for the trend and the smoothing parameters: {@code alpha}, {@code beta}, {@code gamma}, {@code phi}. */
    public static Map<String, Double> search(double[] values, int season) {
        EtsFit best = best(values, season);
        Map<String, Double> found = new LinkedHashMap<>();
        found.put("alpha", best.parameters.alpha());
        found.put("beta", best.parameters.beta());
        found.put("gamma", best.parameters.gamma());
        found.put("phi", best.parameters.phi());
        return found;
    }

    /**
     * Returns the fit that {@link #best} returned, without searching again.
     *
     * @param found what {@link #search} returned
     * @throws dev.shadow.spi.InvalidValueException if a parameter is not there or out of range
     */
    public static EtsFit at(double[] values, int season, Map<String, Double> found) {
        EtsParameters parameters = EtsParameters.checked(
                Findings.number(found, "alpha"),
                Findings.number(found, "beta"),
                Findings.number(found, "gamma"),
                Findings.number(found, "phi"));
        EtsTrend fading = parameters.phi() < 1 ? EtsTrend.DAMPED : EtsTrend.ADDITIVE;
        return at(values, season, parameters.phi() == 0 ? EtsTrend.NONE : fading, parameters);
    }

    static EtsFit at(double[] values, int season, EtsTrend trend, EtsParameters parameters) {
        return at(EtsObjective.of(values, season, trend != EtsTrend.NONE), trend, parameters);
    }

    private static EtsFit at(EtsObjective objective, EtsTrend trend, EtsParameters parameters) {
        double squares = objective.squares(parameters);
        return new EtsFit(trend, parameters, objective.start(), objective.centre(), squares, objective.present());
    }

    /** A simplex may have collapsed before it arrives, so a fresh one starts where it ended while that helps. */
    private static PointValuePair searched(MultivariateFunction cost, double[] first) {
        PointValuePair best = search(cost, first);
        for (int restart = 0; restart < MOST_RESTARTS; restart++) {
            PointValuePair next = search(cost, best.getPoint());
            if (!(next.getValue() < best.getValue() * (1 - 1e-7))) {
                return best;
            }
            best = next;
        }
        return best;
    }

    private static PointValuePair search(MultivariateFunction function, double[] first) {
        double[] sides = new double[first.length];
        Arrays.fill(sides, 0.2);
        SimpleValueChecker checker = new SimpleValueChecker(1e-9, 0, MOST_STEPS);
        return new SimplexOptimizer(checker)
                .optimize(
                        new MaxEval(Integer.MAX_VALUE),
                        new ObjectiveFunction(function),
                        GoalType.MINIMIZE,
                        new InitialGuess(first),
                        new NelderMeadSimplex(sides));
    }

    /** Brings a search back that has left the box, within which this is 0. */
    private static double outside(double[] point) {
        return 1e-12
                * Arrays.stream(point)
                        .map(x -> Math.max(0, Math.max(-x, x - 1)))
                        .sum();
    }

    /** A method in the state before the first value. */
    public Ets method() {
        double[] season = start.length > 2 ? Arrays.copyOfRange(start, 2, start.length) : new double[1];
        return new Ets(parameters, centre + start[0], start[1], season);
    }

    EtsParameters parameters() {
        return parameters;
    }

    /** The trend. */
    public EtsTrend trend() {
        return trend;
    }

    /** The logarithm of the likelihood up to a constant that the number of values gives, as R's {@code ets} has it. */
    public double logLikelihood() {
        return -0.5 * present * Math.log(squares);
    }

    /** The corrected criterion of Akaike, with the starting state counted. */
    public double aicc() {
        int season = start.length - 2;
        double k = EtsParameters.coordinates(trend, season > 0)
                + (trend == EtsTrend.NONE ? 1 : 2)
                + Math.max(0, season - 1)
                + 1;
        double room = present - k - 1;
        return room > 0 ? -2 * logLikelihood() + 2 * k + 2 * k * (k + 1) / room : Double.POSITIVE_INFINITY;
    }
}
