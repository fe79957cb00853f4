package dev.shadow.spi.store;

import dev.shadow.spi.SpiException;
import org.jspecify.annotations.Nullable;

/** The store could not read or write durably; nothing may be assumed written. */
public class StoreException extends SpiException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with no cause. */
    public StoreException(Retry retry, String message) {
        this(retry, message, null);
    }

    /** Creates the exception with what lies behind it, or null. */
    public StoreException(Retry retry, String message, @Nullable Throwable cause) {
        super(retry, message, cause);
    }
}
