package dev.shadow.spi.profile;

import dev.shadow.spi.failover.FailoverStep;
import dev.shadow.spi.internal.Checks;

/**
 * A function of the platform that runs before or after a step of a failover, by the {@code
 * FunctionRunner}. A failing function before a step stops the failover there; after a step it is
 * reported and the failover goes on.
 *
 * @param when before or after the step
 * @param step the step
 * @param function name of the function, an identifier
 */
public record StepHook(When when, FailoverStep step, String function) {
    public StepHook {
        Checks.present("when", when);
        Checks.present("step", step);
        Checks.identifier("function", function);
    }

    /** On which side of the step. */
    public enum When {
        /** Before the step begins. */
        BEFORE,
        /** After the step has succeeded. */
        AFTER
    }
}
