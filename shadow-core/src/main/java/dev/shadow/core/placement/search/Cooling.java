package dev.shadow.core.placement.search;

import dev.shadow.spi.InvalidValueException;
import java.util.random.RandomGenerator;

/**
 * Geometric cooling for simulated annealing (Kirkpatrick, Gelatt and Vecchi, Science 220, 1983), driven by the used part
 * of a budget instead of by a number of steps, so that a search cools completely whatever its budget is.
 *
 * @param hottest temperature at the start, in units of cost, above 0
 * @param coldest temperature at the end, above 0, at most {@code hottest}
 */
public record Cooling(double hottest, double coldest) {
    /** Refuses temperatures that are not above 0, or rise. */
    public Cooling {
        if (!(hottest > 0) || Double.isInfinite(hottest)) {
            throw new InvalidValueException("hottest", Double.toString(hottest), "be a finite number above 0");
        }
        if (!(coldest > 0) || coldest > hottest) {
            throw new InvalidValueException("coldest", Double.toString(coldest), "be above 0 and at most " + hottest);
        }
    }

    /** Returns the temperature when {@code used} of the budget is gone; {@code used} is held to 0 to 1. */
    public double temperature(double used) {
        double part = Math.min(1, Math.max(0, used));
        return hottest * Math.pow(coldest / hottest, part);
    }

    /**
     * Draws the largest worsening that this step accepts, by the rule of Metropolis. To draw it before a move is
     * evaluated lets the evaluation stop as soon as the move is known to cost more.
     */
    public static double acceptedWorsening(double temperature, RandomGenerator random) {
        return -temperature * Math.log(1 - random.nextDouble());
    }
}
