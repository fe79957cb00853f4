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
            throw new InvalidValueException("probability", Double.toString(probability), "be from 0 to 1");
        }
        reasons = List.copyOf(reasons);
    }

    /** Whether acting on the unit is cheaper on average than waiting. */
    public boolean isWorthActing(AlarmCosts costs) {
        return probability >= costs.threshold();
    }
}
