package dev.shadow.spi.function;

import dev.shadow.spi.SpiException;
import org.jspecify.annotations.Nullable;

/** A function could not be run to its end. */
public class FunctionException extends SpiException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with no cause. */
    public FunctionException(Retry retry, String message) {
        this(retry, message, null);
    }

    /** Creates the exception with what lies behind it, or null. */
    public FunctionException(Retry retry, String message, @Nullable Throwable cause) {
        super(retry, message, cause);
    }
}
