package dev.shadow.sync.internal;

import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.jspecify.annotations.Nullable;

/**
 * Compresses the content of data frames: the ranges of a frame, headers and all, as one LZ4 block. Uses the codec's pure
 * Java form with bounds checks, so that no block can reach beyond its buffers. May be shared between threads.
 */
final class Packing {
    /** A frame is sent compressed if that leaves less than this part of it. */
    static final double WORTHWHILE = 0.85;

    private static final int SAMPLES = 4;
    private static final int SAMPLE_BYTES = 4096;
    private static final LZ4Factory LZ4 = LZ4Factory.safeInstance();
    private static final LZ4Compressor COMPRESSOR = LZ4.fastCompressor();
    private static final LZ4SafeDecompressor DECOMPRESSOR = LZ4.safeDecompressor();

    private Packing() {}

    /** Returns the compressed content, or null if compressing it is not worthwhile. */
    static @Nullable ByteBuffer pack(ByteBuffer extents) {
        return sampleIsWorthwhile(extents) ? compressed(extents, 0, extents.remaining()) : null;
    }

    /** Compresses a few pieces spread over the content; a short content is its own sample. */
    private static boolean sampleIsWorthwhile(ByteBuffer extents) {
        int length = extents.remaining();
        if (length <= 2 * SAMPLES * SAMPLE_BYTES) {
            return true;
        }
        int worthwhile = 0;
        for (int i = 0; i < SAMPLES; i++) {
            int at = (int) ((long) (length - SAMPLE_BYTES) * i / (SAMPLES - 1));
            worthwhile += compressed(extents, at, SAMPLE_BYTES) == null ? 0 : 1;
        }
        return 2 * worthwhile >= SAMPLES;
    }

    private static @Nullable ByteBuffer compressed(ByteBuffer extents, int at, int length) {
        ByteBuffer out = ByteBuffer.allocate((int) (length * WORTHWHILE));
        try {
            int packed = COMPRESSOR.compress(extents, extents.position() + at, length, out, 0, out.capacity());
            return out.limit(packed);
        } catch (LZ4Exception tooLong) {
            return null;
        }
    }

    /**
     * Returns what was compressed.
     *
     * @param length bytes of it, checked by the caller to be within bounds
     * @throws ProtocolException if the block is damaged or does not hold exactly so much
     */
    static ByteBuffer unpack(ByteBuffer block, int length) throws ProtocolException {
        ByteBuffer out = ByteBuffer.allocate(length);
        try {
            int bytes = DECOMPRESSOR.decompress(block, block.position(), block.remaining(), out, 0, length);
            if (bytes == length) {
                return out;
            }
            throw ProtocolException.malformed("a compressed frame holds " + bytes + " bytes instead of " + length);
        } catch (LZ4Exception e) {
            throw ProtocolException.malformed("a compressed frame cannot be read: " + e.getMessage());
        }
    }
}
