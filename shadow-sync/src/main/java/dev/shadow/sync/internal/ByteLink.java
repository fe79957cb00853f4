package dev.shadow.sync.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;

/**
 * A connected stream of bytes both ways. One thread may read while another writes, and any thread may close it, which
 * ends both.
 */
public interface ByteLink extends Closeable {
    /** What the peer sends; a read that lasts longer than the time-out fails with {@link SocketTimeoutException}. */
    InputStream input();

    /** Towards the peer; a write waits for as long as the peer does not read. */
    OutputStream output();

    /** Longest wait of a read in milliseconds, at least 1. */
    void readTimeout(int millis) throws IOException;

    /**
     * Exchanges keys and certificates where the link has them.
     *
     * @throws IOException if the peer is not to be trusted or does not trust this side
     */
    void handshake() throws IOException;

    /** Tells the peer that nothing more comes. */
    void endOutput() throws IOException;

    /** Says whether this side has closed it. */
    boolean isClosed();

    /** Where the peer is. */
    String peer();
}
