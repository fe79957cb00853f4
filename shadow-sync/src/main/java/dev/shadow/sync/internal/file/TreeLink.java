package dev.shadow.sync.internal.file;

import dev.shadow.spi.HostId;
import dev.shadow.sync.internal.Dialer;
import dev.shadow.sync.internal.FrameConnection;
import dev.shadow.sync.internal.Framing;
import dev.shadow.sync.internal.Message;
import dev.shadow.sync.internal.ProtocolException;
import dev.shadow.sync.internal.ReplicaPoint;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The source's side of one connection about a tree. A thread of the link reads; everything else is for one thread. The
 * connection's own time-outs end a wait for a silent peer.
 */
final class TreeLink implements TreeChannel, Closeable {
    private final FrameConnection connection;
    private final long generation;
    private final Runnable lost;
    private final LinkedBlockingQueue<Event> incoming = new LinkedBlockingQueue<>();
    private final ReplicaPoint point;
    private long credit;
    private volatile @Nullable IOException failure;

    private record Event(
            @Nullable Message message, @Nullable IOException failure) {}

    /** What names a replication to the target. */
    record Names(String vm, String source, String target, long generation) {}

    private TreeLink(FrameConnection connection, Names names, int windowBytes, Runnable lost) throws IOException {
        this.connection = connection;
        this.generation = names.generation();
        this.lost = lost;
        connection.send(
                new Message.Hello(
                        Framing.VERSION,
                        Framing.VERSION,
                        Message.Role.FILES,
                        names.vm(),
                        names.source(),
                        names.target(),
                        0,
                        0,
                        windowBytes),
                generation);
        Message first = connection.read().message();
        if (first instanceof Message.Refused refused) {
            throw ProtocolException.refused(refused.code(), refused.detail(), refused.highestGeneration());
        }
        if (!(first instanceof Message.Welcome welcome)) {
            throw ProtocolException.malformed(
                    "a welcome was expected, and a message of type " + first.type() + " came");
        }
        point = welcome.point();
        credit = welcome.windowBytes();
    }

    /** Connects and introduces itself; {@code lost} is called when the connection ends. */
    static TreeLink connect(
            Dialer dialer, HostId host, Names names, int windowBytes, ThreadFactory threads, Runnable lost)
            throws IOException {
        FrameConnection connection = dialer.connect(host);
        try {
            TreeLink link = new TreeLink(connection, names, windowBytes, lost);
            threads.newThread(link::read).start();
            return link;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    private void read() {
        try {
            while (true) {
                Message message = connection.read().message();
                if (message instanceof Message.Refused refused) {
                    throw ProtocolException.refused(refused.code(), refused.detail(), refused.highestGeneration());
                }
                if (!(message instanceof Message.Heartbeat)) {
                    incoming.add(new Event(message, null));
                }
            }
        } catch (IOException e) {
            failure = e;
            incoming.add(new Event(null, e));
            connection.close();
            lost.run();
        }
    }

    /** What the target held when the connection began. */
    ReplicaPoint point() {
        return point;
    }

    /** Why the connection has ended, or null. */
    @Nullable
    IOException failure() {
        return failure;
    }

    @Override
    public void send(TreeMessage message) {
        connection.send(message.toMessage(), generation);
    }

    @Override
    public void sendContent(ByteBuffer pieces) throws IOException {
        int bytes = pieces.remaining();
        while (credit < bytes) {
            credit(take());
        }
        credit -= bytes;
        send(new TreeMessage.Content(pieces));
    }

    private void credit(Message message) throws IOException {
        if (!(message instanceof Message.Credit more) || more.bytes() < 0) {
            throw ProtocolException.malformed("a message of type " + message.type() + " came out of its turn");
        }
        credit += more.bytes();
    }

    private Message take() throws IOException {
        try {
            Event event = incoming.take();
            if (event.message() != null) {
                return event.message();
            }
            incoming.add(event);
            IOException why = event.failure();
            throw why == null ? new IOException("the connection has ended") : why;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("waiting for the target was interrupted");
        }
    }

    @Override
    public Message await() throws IOException {
        while (true) {
            Message message = take();
            if (!(message instanceof Message.Credit)) {
                return message;
            }
            credit(message);
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
