package dev.shadow.sync.internal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A file of the file system. A thread that is interrupted during an operation closes a file channel for everybody;
 * this class opens it again, finishes the operation and leaves the thread interrupted.
 */
public final class ChannelFile implements StorageFile {
    private final Path path;
    private final Set<OpenOption> options;
    private final Object lock = new Object();
    private volatile FileChannel channel;
    private volatile boolean closed;

    private ChannelFile(Path path, Set<OpenOption> options) throws IOException {
        this.path = path;
        this.options = options;
        this.channel = FileChannel.open(path, options);
    }

    static ChannelFile open(Path path) throws IOException {
        return new ChannelFile(
                path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** Opens a file that exists, to read it. */
    public static ChannelFile openToRead(Path path) throws IOException {
        return new ChannelFile(path, Set.of(StandardOpenOption.READ));
    }

    @Override
    public long size() throws IOException {
        return uninterrupted(FileChannel::size);
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
        int start = target.position();
        uninterrupted(c -> {
            while (target.hasRemaining()) {
                long at = position + target.position() - start;
                if (c.read(target, at) < 0) {
                    throw new EOFException(path + " ends before byte " + (at + target.remaining()));
                }
            }
            return 0L;
        });
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
        int start = source.position();
        uninterrupted(c -> {
            while (source.hasRemaining()) {
                c.write(source, position + source.position() - start);
            }
            return 0L;
        });
    }

    @Override
    public void resize(long size) throws IOException {
        uninterrupted(c -> {
            if (c.size() > size) {
                c.truncate(size);
            } else if (c.size() < size) {
                c.write(ByteBuffer.allocate(1), size - 1);
            }
            return 0L;
        });
    }

    @Override
    public void force() throws IOException {
        uninterrupted(c -> {
            c.force(true);
            return 0L;
        });
    }

    private long uninterrupted(Operation operation) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                FileChannel current = channel;
                try {
                    return operation.on(current);
                } catch (ClosedChannelException e) {
                    interrupted |= Thread.interrupted();
                    reopen(current, e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void reopen(FileChannel broken, ClosedChannelException cause) throws IOException {
        synchronized (lock) {
            if (closed) {
                throw cause;
            }
            if (channel == broken) {
                channel = FileChannel.open(path, options);
            }
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (lock) {
            closed = true;
            channel.close();
        }
    }

    @FunctionalInterface
    private interface Operation {
        long on(FileChannel channel) throws IOException;
    }
}
