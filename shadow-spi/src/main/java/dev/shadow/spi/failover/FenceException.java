package dev.shadow.spi.failover;

import dev.shadow.spi.SpiException;
import org.jspecify.annotations.Nullable;

/** A fencing device could not be asked; nothing is known about the primary. */
public class FenceException extends SpiException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with no cause. */
    public FenceException(Retry retry, String message) {
        this(retry, message, null);
    }

    /** Creates the exception with what lies behind it, or null. */
    public FenceException(Retry retry, String message, @Nullable Throwable cause) {
        super(retry, message, cause);
    }
}
