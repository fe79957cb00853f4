package dev.shadow.sync.internal;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * One connection that carries frames. Sending does not block: a thread of the connection writes, and writes a heartbeat when
 * there is nothing else for a third of the time-out. Reading blocks its caller, for the time-out at most.
 */
public final class FrameConnection implements Wire, AutoCloseable {
    private static final ByteBuffer LAST = ByteBuffer.allocate(0);
    private static final int DRAIN_BYTES = 16 << 20;

    private final ByteLink link;
    private final int timeoutMillis;
    private final Framing framing = Framing.create();
    private final DataInputStream in;
    private final OutputStream out;
    private final LinkedBlockingQueue<ByteBuffer> outgoing = new LinkedBlockingQueue<>();
    private final Object order = new Object();
    private final long heartbeatMillis;
    private volatile long heartbeatGeneration;

    private FrameConnection(ByteLink link, Duration ioTimeout) throws IOException {
        this.link = link;
        this.timeoutMillis = millis(ioTimeout);
        link.readTimeout(timeoutMillis);
        this.in = new DataInputStream(new BufferedInputStream(link.input(), 1 << 16));
        this.out = link.output();
        this.heartbeatMillis = Math.max(1, ioTimeout.toMillis() / 3);
    }

    /** A time-out as sockets take it. */
    public static int millis(Duration timeout) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis()));
    }

    /** Takes over a link and starts its writing thread. */
    public static FrameConnection start(ByteLink link, Duration ioTimeout, ThreadFactory threads) throws IOException {
        FrameConnection connection = new FrameConnection(link, ioTimeout);
        threads.newThread(connection::write).start();
        return connection;
    }

    @Override
    public void send(Message message, long generation) {
        synchronized (order) {
            heartbeatGeneration = generation;
            outgoing.add(framing.encode(message, generation));
        }
    }

    @Override
    public void establish(long session) {
        synchronized (order) {
            framing.establish(session);
        }
    }

    private void write() {
        try {
            while (true) {
                ByteBuffer next = outgoing.poll(heartbeatMillis, TimeUnit.MILLISECONDS);
                if (next != null && !next.hasRemaining()) {
                    link.endOutput();
                    return;
                }
                if (next != null) {
                    out.write(next.array(), next.arrayOffset() + next.position(), next.remaining());
                } else if (framing.isEstablished()) {
                    send(new Message.Heartbeat(), heartbeatGeneration);
                }
                if (link.isClosed()) {
                    return;
                }
            }
        } catch (IOException e) {
            close();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits for the next frame.
     *
     * @throws EOFException if the peer has closed the connection
     * @throws ProtocolException if what came is not a valid frame
     */
    public Framing.Frame read() throws IOException {
        try {
            ByteBuffer head = ByteBuffer.allocate(Framing.HEADER);
            in.readFully(head.array());
            Framing.Header header = framing.decodeHeader(head);
            byte[] payload = new byte[header.length()];
            in.readFully(payload);
            return framing.decode(header, ByteBuffer.wrap(payload));
        } catch (SocketTimeoutException e) {
            throw new IOException("the peer " + link.peer() + " was silent for " + timeoutMillis + " ms", e);
        }
    }

    /** Sends what is queued, then ends; reads away what the peer still sends so that it sees the last message. */
    public void finish() {
        outgoing.add(LAST);
        try {
            byte[] rest = new byte[1 << 16];
            int left = DRAIN_BYTES;
            link.readTimeout(Math.min(1000, timeoutMillis));
            while (left > 0) {
                int n = in.read(rest);
                if (n < 0) {
                    break;
                }
                left -= n;
            }
        } catch (IOException expected) {
            // The peer is gone or goes on sending; either way there is nothing left to say.
            assert expected != null;
        } finally {
            close();
        }
    }

    /** Where the peer is. */
    public String peer() {
        return link.peer();
    }

    @Override
    public void close() {
        try {
            link.close();
        } catch (IOException expected) {
            // A connection that cannot be closed is of no more use either.
            assert expected != null;
        }
        outgoing.add(LAST);
    }
}
