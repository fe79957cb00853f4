package dev.shadow.core.placement.search;

/**
 * How far a search is.
 *
 * @param objective best cost found so far, lower is better; {@link Double#POSITIVE_INFINITY} before there is one
 * @param bound proven lower bound of the cost, {@link Double#NaN} when none is known
 * @param steps moves evaluated
 * @param cpuNanos processor time used, in nanoseconds
 */
public record SearchProgress(double objective, double bound, long steps, long cpuNanos) {
    /** Returns by which part the objective is above the bound: 0.05 is 5 %; NaN without a bound above 0. */
    public double gap() {
        return bound > 0 ? objective / bound - 1 : Double.NaN;
    }
}
