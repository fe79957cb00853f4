package dev.shadow.spi.metrics;

import dev.shadow.spi.SpiException;
import org.jspecify.annotations.Nullable;

/** Metrics could not be read. */
public class MetricsException extends SpiException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with no cause. */
    public MetricsException(Retry retry, String message) {
        this(retry, message, null);
    }

    /** Creates the exception with what lies behind it, or null. */
    public MetricsException(Retry retry, String message, @Nullable Throwable cause) {
        super(retry, message, cause);
    }
}
