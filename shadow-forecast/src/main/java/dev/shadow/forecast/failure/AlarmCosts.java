package dev.shadow.forecast.failure;

import dev.shadow.spi.InvalidValueException;

/**
 * What acting and not acting cost, all in one unit.
 *
 * @param alarm acting on one unit for one period, whether it would have failed or not; positive
 * @param foreseenFailure a failure of a unit that was acted on, 0 or more
 * @param unforeseenFailure a failure of one that was not, more than {@code foreseenFailure}
 */
public record AlarmCosts(double alarm, double foreseenFailure, double unforeseenFailure) {
    public AlarmCosts {
        if (!(alarm > 0 && alarm < Double.POSITIVE_INFINITY)) {
            throw new InvalidValueException("alarm", Double.toString(alarm), "be finite and above 0");
        }
        if (!(foreseenFailure >= 0 && foreseenFailure < Double.POSITIVE_INFINITY)) {
            throw new InvalidValueException(
                    "foreseenFailure", Double.toString(foreseenFailure), "be finite and at least 0");
        }
        if (!(unforeseenFailure > foreseenFailure && unforeseenFailure < Double.POSITIVE_INFINITY)) {
            throw new InvalidValueException(
                    "unforeseenFailure",
                    Double.toString(unforeseenFailure),
                    "be finite and above the cost of a foreseen one, " + foreseenFailure);
        }
    }

    /**
     * The probability of failure from which acting is cheaper on average: {@code alarm / (unforeseen - foreseen)}
     * (Elkan, The foundations of cost-sensitive learning, IJCAI 2001). Above 1 if acting never pays.
     */
    public double threshold() {
        return alarm / (unforeseenFailure - foreseenFailure);
    }
}
