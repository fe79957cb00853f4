package dev.shadow.core.trigger;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.forecast.ForecastAccuracy;
import java.util.Locale;
import java.util.Optional;

/**
 * What a forecast must have shown before a trigger may act on it.
 *
 * <p>Its quantile must have been no worse, by pinball loss, than the same quantile of the values known then, and must
 * have held about as many outcomes as its level says. Values that equal the quantile, as an idle machine has many, count
 * for either side.
 *
 * @param origins least number of origins, at least 1
 * @param tolerance how far the share of outcomes held may be from the level, 0 to 1
 */
public record AccuracyGate(int origins, double tolerance) {
    /** 30 origins and a tolerance of 0.1. */
    public static final AccuracyGate STANDARD = new AccuracyGate(30, 0.1);

    public AccuracyGate {
        if (origins < 1) {
            throw new InvalidValueException("origins", Integer.toString(origins), "be at least 1");
        }
        if (!(tolerance >= 0 && tolerance <= 1)) {
            throw new InvalidValueException("tolerance", Double.toString(tolerance), "be from 0 to 1");
        }
    }

    /** Says why a trigger may not act on a forecast of this accuracy; empty if it may. */
    public Optional<String> objection(Optional<ForecastAccuracy> accuracy) {
        if (accuracy.isEmpty()) {
            return Optional.of("the history is too short to test the forecast from " + origins + " origins");
        }
        ForecastAccuracy shown = accuracy.get();
        if (shown.origins() < origins) {
            return Optional.of("tested from " + shown.origins() + " origins, " + origins + " are needed");
        }
        if (shown.pinball() > shown.baselinePinball()) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "its loss of %.4g is above the %.4g of the history's own quantile",
                    shown.pinball(),
                    shown.baselinePinball()));
        }
        if (shown.notAbove() < shown.level() - tolerance || shown.below() > shown.level() + tolerance) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "its %.3f quantile held %.3f of the outcomes",
                    shown.level(),
                    shown.notAbove() < shown.level() ? shown.notAbove() : shown.below()));
        }
        return Optional.empty();
    }
}
