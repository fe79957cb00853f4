package dev.shadow.spi.failover;

import dev.shadow.spi.SpiException;
import org.jspecify.annotations.Nullable;

/** The health of a host could not be asked for; says nothing about the host itself. */
public class DetectionException extends SpiException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with no cause. */
    public DetectionException(Retry retry, String message) {
        this(retry, message, null);
    }

    /** Creates the exception with what lies behind it, or null. */
    public DetectionException(Retry retry, String message, @Nullable Throwable cause) {
        super(retry, message, cause);
    }
}
