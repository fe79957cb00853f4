package dev.shadow.sync.internal;

import java.io.IOException;

/** The receiving side of one connection. Every exception ends the connection. */
public interface Receiver {
    /** Acts on one frame. */
    void receive(Framing.Frame frame) throws IOException;

    /** The connection is gone. */
    void closed() throws IOException;
}
