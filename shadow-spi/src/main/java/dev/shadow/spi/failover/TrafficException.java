package dev.shadow.spi.failover;

import dev.shadow.spi.SpiException;
import org.jspecify.annotations.Nullable;

/** Traffic could not be redirected or its route not be read. */
public class TrafficException extends SpiException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with no cause. */
    public TrafficException(Retry retry, String message) {
        this(retry, message, null);
    }

    /** Creates the exception with what lies behind it, or null. */
    public TrafficException(Retry retry, String message, @Nullable Throwable cause) {
        super(retry, message, cause);
    }
}
