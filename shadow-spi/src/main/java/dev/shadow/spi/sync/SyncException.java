package dev.shadow.spi.sync;

import dev.shadow.spi.SpiException;
import org.jspecify.annotations.Nullable;

/** A synchronisation session could not carry out a call. */
public class SyncException extends SpiException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with no cause. */
    public SyncException(Retry retry, String message) {
        this(retry, message, null);
    }

    /** Creates the exception with what lies behind it, or null. */
    public SyncException(Retry retry, String message, @Nullable Throwable cause) {
        super(retry, message, cause);
    }
}
