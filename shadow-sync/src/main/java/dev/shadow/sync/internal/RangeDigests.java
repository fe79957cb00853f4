package dev.shadow.sync.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * CRC32C of every chunk of a disk as of the moment at which this object was made, computed when asked for or when the
 * chunk is about to be written over, whichever comes first. Not to be shared between threads without a lock.
 */
final class RangeDigests {
    private static final int LEAST_CHUNK = 256 << 10;
    private static final int MOST_CHUNKS = 1 << 20;

    private final StorageFile image;
    private final long size;
    private final int chunkBytes;
    private final int[] crcs;
    private final BitSet done = new BitSet();
    private final ByteBuffer buffer;

    RangeDigests(StorageFile image, long size, int chunkBytes) {
        this.image = image;
        this.size = size;
        this.chunkBytes = chunkBytes;
        this.crcs = new int[(int) ((size + chunkBytes - 1) / chunkBytes)];
        this.buffer = ByteBuffer.allocateDirect((int) Math.min(chunkBytes, size));
    }

    /** The chunk size for a disk: at least 256 KiB, and so that there are at most 2^20 chunks. */
    static int chunkBytesFor(long size) {
        int chunk = LEAST_CHUNK;
        while (size / chunk >= MOST_CHUNKS && chunk < 1 << 30) {
            chunk <<= 1;
        }
        return chunk;
    }

    static boolean isValidChunk(long size, int chunkBytes) {
        return chunkBytes >= LEAST_CHUNK && chunkBytes <= 1 << 30 && size / chunkBytes <= MOST_CHUNKS;
    }

    int chunks() {
        return crcs.length;
    }

    long offset(int chunk) {
        return (long) chunk * chunkBytes;
    }

    long length(int chunk) {
        return Math.min(chunkBytes, size - offset(chunk));
    }

    void beforeWrite(long offset, long length) throws IOException {
        for (int c = (int) (offset / chunkBytes); c <= (offset + length - 1) / chunkBytes; c++) {
            crc(c);
        }
    }

    int crc(int chunk) throws IOException {
        if (!done.get(chunk)) {
            buffer.clear().limit((int) length(chunk));
            image.read(offset(chunk), buffer);
            crcs[chunk] = Framing.crc(buffer.flip());
            done.set(chunk);
        }
        return crcs[chunk];
    }
}
