package dev.shadow.core;

import dev.shadow.spi.SpiException;
import java.util.Objects;

/**
 * A call to the manager failed because something it stands on failed: the store, the inventory, the
 * coordinator. The cause says what; {@link #retry} says whether the same call may succeed later.
 */
public final class ControlPlaneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final SpiException.Retry retry;

    /**
     * @param message the fact and the way out
     * @param cause what failed
     */
    public ControlPlaneException(String message, SpiException cause) {
        super(message + ": " + cause.getMessage(), cause);
        this.retry = Objects.requireNonNull(cause.retry());
    }

    /** Whether the same call may succeed later. */
    public SpiException.Retry retry() {
        return retry;
    }
}
