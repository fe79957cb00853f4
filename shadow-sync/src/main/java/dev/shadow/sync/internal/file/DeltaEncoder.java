package dev.shadow.sync.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Describes a file by what the peer's older version of it has, found at any offset by rolling checksum, by zeros, and by
 * literal bytes. Reads the file once and digests it on the way. One file at a time; not to be shared between threads.
 */
final class DeltaEncoder {
    /** Zeros of at least so many bytes, so aligned, are not sent and become a hole. */
    static final int HOLE = 4096;
    /** Literal bytes in one piece at most. */
    static final int MAX_LITERAL = 128 << 10;

    private static final int READ = 256 << 10;
    private static final long MAX_COPY = 1L << 40;

    private final Sink sink;
    private long copyFrom;
    private long copyLength;
    private long zeros;

    /** Takes the pieces of a file, in order. */
    interface Sink {
        void copy(long offset, long length) throws IOException;

        void zeros(long length) throws IOException;

        void literal(byte[] bytes, int offset, int length) throws IOException;
    }

    /** What was read. */
    record Read(long size, Digest128 digest) {}

    DeltaEncoder(Sink sink) {
        this.sink = sink;
    }

    /**
     * Reads a file to its end.
     *
     * @param signatures of the peer's version, or null if it has none
     */
    Read encode(ReadableByteChannel file, @Nullable BlockSignatures signatures) throws IOException {
        boolean useful = signatures != null && signatures.count() > 0;
        Read read = useful && signatures != null ? matching(file, signatures) : whole(file);
        flush();
        return read;
    }

    private Read whole(ReadableByteChannel file) throws IOException {
        MessageDigest digest = Digest128.start();
        byte[] bytes = new byte[READ];
        long size = 0;
        int n = fill(file, bytes, 0);
        while (n > 0) {
            digest.update(bytes, 0, n);
            literal(bytes, 0, n, size);
            size += n;
            n = fill(file, bytes, 0);
        }
        return new Read(size, Digest128.finish(digest));
    }

    /** Fills the array from {@code from} on unless the file ends first; returns where the bytes end. */
    private static int fill(ReadableByteChannel file, byte[] bytes, int from) throws IOException {
        ByteBuffer into = ByteBuffer.wrap(bytes, from, bytes.length - from);
        while (into.hasRemaining() && file.read(into) >= 0) {
            // A channel may give less than it is asked for.
        }
        return into.position();
    }

    private Read matching(ReadableByteChannel file, BlockSignatures signatures) throws IOException {
        int block = signatures.blockSize();
        byte[] bytes = new byte[Math.max(READ, 4 * block)];
        MessageDigest digest = Digest128.start();
        RollingChecksum sum = new RollingChecksum();
        long base = 0;
        int end = fill(file, bytes, 0);
        digest.update(bytes, 0, end);
        int literalFrom = 0;
        int at = 0;
        int expected = 0;
        boolean fresh = true;
        while (true) {
            if (end - at < block + 1 && end > 0) {
                literal(bytes, literalFrom, at - literalFrom, base + literalFrom);
                int kept = end - at;
                System.arraycopy(bytes, at, bytes, 0, kept);
                base += at;
                at = 0;
                literalFrom = 0;
                end = fill(file, bytes, kept);
                digest.update(bytes, kept, end - kept);
            }
            if (end - at < block) {
                break;
            }
            if (fresh) {
                sum.reset(bytes, at, block);
                fresh = false;
            }
            int weak = sum.value();
            int found = signatures.mayHave(weak) ? signatures.find(weak, bytes, at, expected) : -1;
            if (found >= 0) {
                literal(bytes, literalFrom, at - literalFrom, base + literalFrom);
                copy((long) found * block, block);
                at += block;
                literalFrom = at;
                expected = found + 1;
                fresh = true;
            } else if (end - at == block) {
                break;
            } else {
                sum.roll(bytes[at], bytes[at + block]);
                at++;
            }
        }
        literal(bytes, literalFrom, end - literalFrom, base + literalFrom);
        return new Read(base + end, Digest128.finish(digest));
    }

    private void copy(long offset, long length) throws IOException {
        flushZeros();
        if (copyLength > 0 && copyFrom + copyLength == offset && copyLength < MAX_COPY) {
            copyLength += length;
            return;
        }
        flushCopy();
        copyFrom = offset;
        copyLength = length;
    }

    private void literal(byte[] bytes, int offset, int length, long position) throws IOException {
        int from = offset;
        int end = offset + length;
        int at = offset + (int) Math.min(length, -position & HOLE - 1);
        while (end - at >= HOLE) {
            if (isZero(bytes, at, HOLE)) {
                plain(bytes, from, at - from);
                flushCopy();
                zeros += HOLE;
                from = at + HOLE;
            }
            at += HOLE;
        }
        plain(bytes, from, end - from);
    }

    static boolean isZero(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private void plain(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return;
        }
        flush();
        for (int done = 0; done < length; done += MAX_LITERAL) {
            sink.literal(bytes, offset + done, Math.min(MAX_LITERAL, length - done));
        }
    }

    private void flush() throws IOException {
        flushCopy();
        flushZeros();
    }

    private void flushCopy() throws IOException {
        if (copyLength > 0) {
            sink.copy(copyFrom, copyLength);
            copyLength = 0;
        }
    }

    private void flushZeros() throws IOException {
        if (zeros > 0) {
            sink.zeros(zeros);
            zeros = 0;
        }
    }
}
