package dev.shadow.spi.placement;

import dev.shadow.spi.internal.Checks;

/**
 * One reason why a host cannot be used.
 *
 * @param constraint the condition that does not hold
 * @param explanation what was needed and what was there, for a person
 */
public record Rejection(Constraint constraint, String explanation) {
    public Rejection {
        Checks.present("constraint", constraint);
        Checks.text("explanation", explanation, 500);
    }
}
