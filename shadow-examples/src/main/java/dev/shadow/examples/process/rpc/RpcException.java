package dev.shadow.examples.process.rpc;

import dev.shadow.spi.SpiException;
import org.jspecify.annotations.Nullable;

/** A call to another process failed: it could not be reached in time, or it refused. */
public final class RpcException extends SpiException {
    private static final long serialVersionUID = 1L;

    private final boolean refused;

    private RpcException(Retry retry, boolean refused, String message, @Nullable Throwable cause) {
        super(retry, message, cause);
        this.refused = refused;
    }

    /** The other process could not be reached, or did not answer in time; nothing is known about the effect. */
    public static RpcException unreachable(String message, @Nullable Throwable cause) {
        return new RpcException(Retry.TRANSIENT, false, message, cause);
    }

    /** The other process answered that it did not do it. */
    public static RpcException refused(Retry retry, String message) {
        return new RpcException(retry, true, message, null);
    }

    /** Whether the other process answered. */
    public boolean wasRefused() {
        return refused;
    }
}
