package dev.shadow.spi.inventory;

import dev.shadow.spi.SpiException;
import org.jspecify.annotations.Nullable;

/** The inventory could not be read. */
public class InventoryException extends SpiException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with no cause. */
    public InventoryException(Retry retry, String message) {
        this(retry, message, null);
    }

    /** Creates the exception with what lies behind it, or null. */
    public InventoryException(Retry retry, String message, @Nullable Throwable cause) {
        super(retry, message, cause);
    }
}
