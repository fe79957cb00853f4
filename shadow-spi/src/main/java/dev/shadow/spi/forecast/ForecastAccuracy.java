package dev.shadow.spi.forecast;

import dev.shadow.spi.internal.Checks;

/**
 * How the quantile of a forecast did on the past of its series, beside the plain quantile of the values known then.
 *
 * @param origins number of origins from which it was forecast and that an outcome followed, at least 1
 * @param outcomes number of steps whose value was there, at least {@code origins}
 * @param level level of the quantile, 0 to 1, both excluded
 * @param below share of outcomes below the quantile, 0 to 1; ideally not above the level
 * @param notAbove share of outcomes not above the quantile, 0 to 1; ideally not below the level
 * @param pinball mean pinball loss of the quantile in the unit of the series, at least 0; low is better
 * @param baselinePinball the same for the quantile of the values known at each origin
 */
public record ForecastAccuracy(
        int origins,
        int outcomes,
        double level,
        double below,
        double notAbove,
        double pinball,
        double baselinePinball) {
    public ForecastAccuracy {
        Checks.range("origins", origins, 1, Integer.MAX_VALUE);
        Checks.range("outcomes", outcomes, origins, Integer.MAX_VALUE);
        Checks.inside("level", level, 0, 1);
        Checks.range("below", below, 0, 1);
        Checks.range("notAbove", notAbove, below, 1);
        Checks.range("pinball", pinball, 0, Double.MAX_VALUE);
        Checks.range("baselinePinball", baselinePinball, 0, Double.MAX_VALUE);
    }
}
