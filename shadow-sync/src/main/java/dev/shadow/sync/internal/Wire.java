package dev.shadow.sync.internal;

/** The outgoing side of a connection, as a state machine sees it. */
public interface Wire {
    /** Sends a message; it may be lost with the connection. Does not block. */
    void send(Message message, long generation);

    /** From now on the connection carries this session. */
    void establish(long session);
}
