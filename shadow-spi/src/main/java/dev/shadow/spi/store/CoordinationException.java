package dev.shadow.spi.store;

import dev.shadow.spi.SpiException;
import org.jspecify.annotations.Nullable;

/** The lease service could not be asked; says nothing about any lease. */
public class CoordinationException extends SpiException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with no cause. */
    public CoordinationException(Retry retry, String message) {
        this(retry, message, null);
    }

    /** Creates the exception with what lies behind it, or null. */
    public CoordinationException(Retry retry, String message, @Nullable Throwable cause) {
        super(retry, message, cause);
    }
}
