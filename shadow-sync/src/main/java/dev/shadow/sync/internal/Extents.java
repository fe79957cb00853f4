package dev.shadow.sync.internal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Ranges of a disk with their content, as they stand in a data frame and in the journal: per range its kind (1 byte, 0
 * for zeros and 1 for raw bytes), offset (8 bytes), length (8 bytes), and for raw ranges the bytes.
 */
public final class Extents {
    /** A range of zeros, with no bytes behind it. */
    public static final byte ZEROS = 0;
    /** A range whose bytes follow. */
    public static final byte RAW = 1;
    /** Bytes in front of the content of each range. */
    public static final int HEADER = 17;

    private Extents() {}

    /** Takes the ranges, one after the other. */
    @FunctionalInterface
    public interface Visitor {
        /** Takes one range; {@code content} has its bytes, or none for a range of zeros. */
        void extent(byte kind, long offset, long length, ByteBuffer content) throws IOException;
    }

    /**
     * Reads all ranges.
     *
     * @throws ProtocolException if a range is malformed or does not lie in the disk on block borders
     */
    public static void visit(ByteBuffer extents, long diskBytes, int blockSize, Visitor visitor) throws IOException {
        ByteBuffer in = extents.slice();
        while (in.hasRemaining()) {
            if (in.remaining() < HEADER) {
                throw ProtocolException.malformed("a range header is cut off");
            }
            byte kind = in.get();
            long offset = in.getLong();
            long length = in.getLong();
            if (offset < 0
                    || length <= 0
                    || length > diskBytes - offset
                    || offset % blockSize != 0
                    || length % blockSize != 0) {
                throw ProtocolException.malformed("range of " + length + " bytes at " + offset
                        + " does not lie on blocks of " + blockSize + " within " + diskBytes + " bytes");
            }
            int bytes = contentBytes(kind, length, in.remaining());
            visitor.extent(kind, offset, length, in.slice(in.position(), bytes));
            in.position(in.position() + bytes);
        }
    }

    private static int contentBytes(byte kind, long length, int available) throws ProtocolException {
        return switch (kind) {
            case ZEROS -> 0;
            case RAW -> {
                if (length > available) {
                    throw ProtocolException.malformed(
                            "range of " + length + " bytes has only " + available + " bytes of content");
                }
                yield (int) length;
            }
            default -> throw ProtocolException.malformed("range kind " + kind + " is unknown");
        };
    }

    /** Says whether all that remains is zero; the buffer is left as it is. */
    public static boolean isZero(ByteBuffer content) {
        int at = content.position();
        for (; at + 8 <= content.limit(); at += 8) {
            if (content.getLong(at) != 0) {
                return false;
            }
        }
        for (; at < content.limit(); at++) {
            if (content.get(at) != 0) {
                return false;
            }
        }
        return true;
    }
}
