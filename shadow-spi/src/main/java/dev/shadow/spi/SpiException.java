package dev.shadow.spi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A service provider could not do what it was asked. Says whether the same call may succeed later:
 * the library retries a transient failure under its deadline and reports a permanent one at once.
 *
 * <p>After it was thrown the effect may or may not have happened. A repeated call with the same
 * {@link IdempotencyKey} finds out.
 */
public abstract class SpiException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Retry retry;

    /** Says whether the same call may succeed later. */
    public enum Retry {
        /** The same call may succeed later: a time-out, a lost connection, a busy peer. */
        TRANSIENT,
        /** The same call will fail again until somebody changes something: refused, unknown, full. */
        PERMANENT
    }

    /**
     * @param retry whether the same call may succeed later
     * @param message the fact, the value and the way out
     * @param cause what lies behind, or null
     */
    protected SpiException(Retry retry, String message, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message, "message"), cause);
        this.retry = Objects.requireNonNull(retry, "retry");
    }

    /** Whether the same call may succeed later. */
    public final Retry retry() {
        return retry;
    }
}
