package dev.shadow.sync.internal.file;

import dev.shadow.sync.internal.ProtocolException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** A file that is put together from pieces beside the tree. Zeros become holes. Not to be shared between threads. */
final class StagedFile implements Closeable {
    /** No file is longer; keeps sums of lengths from running over. */
    static final long MAX_BYTES = 1L << 44;

    private static final int COPY = 256 << 10;
    private static final byte[] ZEROS = new byte[64 << 10];

    private final FileChannel file;
    private final @Nullable SeekableByteChannel base;
    private final long baseBytes;
    private final MessageDigest digest = Digest128.start();
    private long position;

    StagedFile(FileChannel file, @Nullable SeekableByteChannel base) throws IOException {
        this.file = file;
        this.base = base;
        this.baseBytes = base == null ? 0 : base.size();
    }

    private void requireLength(long length) throws ProtocolException {
        if (length < 0 || length > MAX_BYTES - position) {
            throw ProtocolException.malformed("a piece of " + length + " bytes is too long");
        }
    }

    void zeros(long length) throws IOException {
        requireLength(length);
        for (long left = length; left > 0; left -= ZEROS.length) {
            digest.update(ZEROS, 0, (int) Math.min(left, ZEROS.length));
        }
        position += length;
    }

    void literal(ByteBuffer bytes) throws IOException {
        requireLength(bytes.remaining());
        digest.update(bytes.duplicate());
        store(bytes);
    }

    void copy(long offset, long length) throws IOException {
        requireLength(length);
        if (base == null || offset < 0 || length > baseBytes - offset) {
            throw ProtocolException.malformed("a copy of " + length + " bytes from " + offset + " lies outside of the "
                    + baseBytes + " bytes of its file");
        }
        base.position(offset);
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(COPY, length));
        for (long left = length; left > 0; left -= bytes.limit()) {
            bytes.clear().limit((int) Math.min(bytes.capacity(), left));
            while (bytes.hasRemaining()) {
                if (base.read(bytes) < 0) {
                    throw new IOException("a file of the tree became shorter while it was read");
                }
            }
            bytes.flip();
            digest.update(bytes.duplicate());
            store(bytes.duplicate());
        }
    }

    /** Writes bytes but for aligned runs of zeros, which stay holes. */
    private void store(ByteBuffer bytes) throws IOException {
        byte[] array = bytes.hasArray() ? bytes.array() : new byte[0];
        int shift = bytes.hasArray() ? bytes.arrayOffset() : 0;
        while (bytes.hasRemaining()) {
            int toBorder = (int) (DeltaEncoder.HOLE - (position & DeltaEncoder.HOLE - 1));
            int run = Math.min(bytes.remaining(), toBorder);
            boolean hole = run == DeltaEncoder.HOLE
                    && array.length > 0
                    && DeltaEncoder.isZero(array, shift + bytes.position(), run);
            if (hole) {
                bytes.position(bytes.position() + run);
                position += run;
                continue;
            }
            while (bytes.remaining() - run >= DeltaEncoder.HOLE
                    && !(array.length > 0
                            && DeltaEncoder.isZero(array, shift + bytes.position() + run, DeltaEncoder.HOLE))) {
                run += DeltaEncoder.HOLE;
            }
            ByteBuffer piece = bytes.slice(bytes.position(), run);
            while (piece.hasRemaining()) {
                position += file.write(piece, position);
            }
            bytes.position(bytes.position() + run);
        }
    }

    /** Gives the file its length and returns what it holds; not durable yet. */
    DeltaEncoder.Read finish() throws IOException {
        if (file.size() < position) {
            file.write(ByteBuffer.wrap(ZEROS, 0, 1), position - 1);
        }
        return new DeltaEncoder.Read(position, Digest128.finish(digest));
    }

    @Override
    public void close() throws IOException {
        file.close();
        if (base != null) {
            base.close();
        }
    }
}
