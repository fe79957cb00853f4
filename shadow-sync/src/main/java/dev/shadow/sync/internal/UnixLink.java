package dev.shadow.sync.internal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A connection over a unix socket. The channel does not block; each direction waits at a selector of its own. */
final class UnixLink implements ByteLink {
    private final SocketChannel channel;
    private final String peer;
    private final Selector readable;
    private final Selector writable;
    private volatile long timeoutMillis = Integer.MAX_VALUE;

    private UnixLink(SocketChannel channel, String peer, Selector readable, Selector writable) {
        this.channel = channel;
        this.peer = peer;
        this.readable = readable;
        this.writable = writable;
    }

    /** Takes over a connected channel. */
    static UnixLink of(SocketChannel channel, String peer) throws IOException {
        channel.configureBlocking(false);
        Selector readable = Selector.open();
        try {
            Selector writable = Selector.open();
            channel.register(readable, SelectionKey.OP_READ);
            channel.register(writable, SelectionKey.OP_WRITE);
            return new UnixLink(channel, peer, readable, writable);
        } catch (IOException e) {
            readable.close();
            throw e;
        }
    }

    @Override
    public InputStream input() {
        return new Input();
    }

    @Override
    public OutputStream output() {
        return new Output();
    }

    @Override
    public void readTimeout(int millis) {
        timeoutMillis = millis;
    }

    @Override
    public void handshake() {
        // Who may open the socket is decided by the file system.
    }

    @Override
    public void endOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        readable.close();
        writable.close();
    }

    private void await(Selector selector, long millis) throws IOException {
        try {
            int ready = selector.select(millis);
            selector.selectedKeys().clear();
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("waiting for the peer was interrupted");
            }
            if (ready == 0 && channel.isOpen()) {
                throw new SocketTimeoutException("nothing came for " + millis + " ms");
            }
        } catch (ClosedSelectorException e) {
            throw new EOFException("the connection was closed");
        }
    }

    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            ByteBuffer into = ByteBuffer.wrap(target, offset, length);
            try {
                int count = channel.read(into);
                while (count == 0) {
                    await(readable, timeoutMillis);
                    count = channel.read(into);
                }
                return count;
            } catch (ClosedChannelException e) {
                throw new EOFException("the connection was closed");
            }
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            ByteBuffer from = ByteBuffer.wrap(source, offset, length);
            while (from.hasRemaining()) {
                if (channel.write(from) == 0) {
                    await(writable, 0);
                }
            }
        }
    }
}
