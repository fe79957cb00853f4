package dev.shadow.spi.compute;

import dev.shadow.spi.SpiException;
import org.jspecify.annotations.Nullable;

/** A hypervisor could not carry out a call. */
public class HypervisorException extends SpiException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with no cause. */
    public HypervisorException(Retry retry, String message) {
        this(retry, message, null);
    }

    /** Creates the exception with what lies behind it, or null. */
    public HypervisorException(Retry retry, String message, @Nullable Throwable cause) {
        super(retry, message, cause);
    }
}
