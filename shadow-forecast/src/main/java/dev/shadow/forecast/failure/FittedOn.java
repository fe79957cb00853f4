package dev.shadow.forecast.failure;

import dev.shadow.spi.InvalidValueException;

/**
 * What a failure model was learned from.
 *
 * @param units distinct units
 * @param failed rows followed by a failure
 * @param healthy rows followed by none
 * @param unknown rows left out because nobody knows what would have followed
 * @param youngestHours least age
 * @param oldestHours greatest age
 * @param options how it was learned; the same rows in the same order with the same options give the same model
 * @param brierSkill share of the base rate's squared error that is saved, judged on units by trees that had not seen
 *     them; at most 1, below 0 if worse than the base rate
 * @param logLoss mean negative log-likelihood of the same judgements, nats a row
 */
public record FittedOn(
        int units,
        int failed,
        int healthy,
        int unknown,
        double youngestHours,
        double oldestHours,
        FailureOptions options,
        double brierSkill,
        double logLoss) {
    public FittedOn {
        atLeast("units", units, 1);
        atLeast("failed", failed, 1);
        atLeast("healthy", healthy, 1);
        atLeast("unknown", unknown, 0);
        atLeast("youngestHours", youngestHours, 0);
        atLeast("oldestHours", oldestHours, youngestHours);
        if (!(brierSkill <= 1)) {
            throw new InvalidValueException("brierSkill", Double.toString(brierSkill), "be at most 1");
        }
        atLeast("logLoss", logLoss, 0);
    }

    private static void atLeast(String field, double value, double least) {
        if (!(value >= least && value < Double.POSITIVE_INFINITY)) {
            throw new InvalidValueException(field, Double.toString(value), "be finite and at least " + least);
        }
    }
}
