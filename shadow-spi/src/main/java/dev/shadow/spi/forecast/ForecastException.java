package dev.shadow.spi.forecast;

import dev.shadow.spi.SpiException;
import org.jspecify.annotations.Nullable;

/** A series could not be fitted or forecast; the message names what is wrong with it. */
public class ForecastException extends SpiException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with no cause. */
    public ForecastException(Retry retry, String message) {
        this(retry, message, null);
    }

    /** Creates the exception with what lies behind it, or null. */
    public ForecastException(Retry retry, String message, @Nullable Throwable cause) {
        super(retry, message, cause);
    }
}
