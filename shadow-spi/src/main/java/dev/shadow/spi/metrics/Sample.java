package dev.shadow.spi.metrics;

import dev.shadow.spi.internal.Checks;
import java.time.Instant;

/**
 * One measured value.
 *
 * @param at when it was measured
 * @param value what was measured, finite
 */
public record Sample(Instant at, double value) {
    public Sample {
        Checks.present("at", at);
        Checks.finite("value", value);
    }
}
