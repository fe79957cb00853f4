package dev.shadow.spi;

import dev.shadow.spi.internal.Checks;
import java.time.Duration;

/**
 * Travels with every call that changes something.
 *
 * @param key names the intended effect; a repeated call has the effect of one
 * @param generation write history that the caller believes to own; an implementation refuses one
 *     below the highest it saw for that virtual machine
 * @param timeout the longest that the call may block, more than zero
 */
public record CallContext(IdempotencyKey key, Generation generation, Duration timeout) {
    public CallContext {
        Checks.present("key", key);
        Checks.present("generation", generation);
        Checks.positive("timeout", timeout);
    }

    /** Returns a context from its parts. */
    public static CallContext of(String key, Generation generation, Duration timeout) {
        return new CallContext(IdempotencyKey.of(key), generation, timeout);
    }
}
