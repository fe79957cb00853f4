package dev.shadow.spi.placement;

import dev.shadow.spi.SpiException;
import org.jspecify.annotations.Nullable;

/** A licence could not be reserved, committed or released. */
public class LicenseException extends SpiException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with no cause. */
    public LicenseException(Retry retry, String message) {
        this(retry, message, null);
    }

    /** Creates the exception with what lies behind it, or null. */
    public LicenseException(Retry retry, String message, @Nullable Throwable cause) {
        super(retry, message, cause);
    }
}
