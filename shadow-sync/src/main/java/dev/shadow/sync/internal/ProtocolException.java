package dev.shadow.sync.internal;

import java.io.IOException;

/** What a peer sent cannot be accepted; the connection ends and nothing was changed. */
public final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    private final RefusalCode code;
    private final long highestGeneration;

    private ProtocolException(RefusalCode code, String message, long highestGeneration) {
        super(message);
        this.code = code;
        this.highestGeneration = highestGeneration;
    }

    /** The bytes are not what the protocol allows. */
    public static ProtocolException malformed(String message) {
        return new ProtocolException(RefusalCode.PROTOCOL, message, 0);
    }

    /** The request is understood and refused. */
    public static ProtocolException refused(RefusalCode code, String message, long highestGeneration) {
        return new ProtocolException(code, message, highestGeneration);
    }

    /** Why, for the peer. */
    public RefusalCode code() {
        return code;
    }

    /** The highest generation that the refusing side has seen. */
    public long highestGeneration() {
        return highestGeneration;
    }
}
