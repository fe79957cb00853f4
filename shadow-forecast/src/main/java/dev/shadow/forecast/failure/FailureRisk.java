package dev.shadow.forecast.failure;

import dev.shadow.spi.InvalidValueException;
import java.util.List;

/**
 * The risk of one unit at one age.
 *
 * @param unit the unit
 * @param ageHours its age in hours
 * @param probability of failure within the period that the model was taught, 0 to 1
 * @param reasons the signals that moved the risk most, largest first
 */
public record FailureRisk(String unit, double ageHours, double probability, List<Reason> reasons) {
    public FailureRisk {
        if (!(probability >= 0 && probability <= 1)) {
            throw new InvalidValueException("probability", Double.toString(probability), "be between 0 and 1");
        }
        reasons = List.copyOf(reasons);
    }

    /**
     * Whether acting costs less than waiting: acting in vain costs {@code falseAlarm}, an unforeseen failure
     * {@code miss}, both in the same positive unit. The threshold is {@code falseAlarm / (falseAlarm + miss)} (Elkan,
     * The foundations of cost-sensitive learning, IJCAI 2001).
     */
    public boolean isWorthActing(double falseAlarm, double miss) {
        if (!(falseAlarm > 0 && miss > 0 && Double.isFinite(falseAlarm) && Double.isFinite(miss))) {
            throw new InvalidValueException("costs", falseAlarm + ", " + miss, "be positive and finite");
        }
        return probability >= falseAlarm / (falseAlarm + miss);
    }
}
