package dev.shadow.sync.internal.file;

import dev.shadow.sync.internal.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Weak and strong checksums of a file's whole blocks; a shorter block at the end has none. Found by the weak one through an
 * open hash table. Immutable once built.
 */
final class BlockSignatures {
    static final int LEAST_BLOCK = 512;
    static final int MAX_BLOCK = 64 << 20;
    static final int MAX_BLOCKS = 1 << 20;

    private static final int USUAL_LEAST = 1024;
    private static final int USUAL_MOST = 128 << 10;
    private static final int RECORD = 20;

    private final int blockSize;
    private final ByteBuffer records;
    private final int[] slots;
    private final int[] next;

    private BlockSignatures(int blockSize, ByteBuffer records) {
        this.blockSize = blockSize;
        this.records = records;
        int count = records.remaining() / RECORD;
        this.slots = new int[Math.max(16, Integer.highestOneBit(Math.max(1, count)) << 2)];
        this.next = new int[count];
        for (int i = count - 1; i >= 0; i--) {
            int slot = slot(weak(i));
            next[i] = slots[slot];
            slots[slot] = i + 1;
        }
    }

    /** Returns the block size for a file: about the root of its size, and never more than {@link #MAX_BLOCKS} blocks. */
    static int blockSizeFor(long fileBytes) {
        long size = USUAL_LEAST;
        while (size < USUAL_MOST && size * size < fileBytes) {
            size <<= 1;
        }
        while (fileBytes / size > MAX_BLOCKS) {
            size <<= 1;
        }
        return (int) Math.min(size, MAX_BLOCK);
    }

    /** Refuses block sizes that would make a peer work or store without bound. */
    static void requireBounds(long fileBytes, int blockSize) throws ProtocolException {
        if (blockSize < LEAST_BLOCK || blockSize > MAX_BLOCK || fileBytes / blockSize > MAX_BLOCKS) {
            throw ProtocolException.malformed(
                    "blocks of " + blockSize + " bytes are not allowed for a file of " + fileBytes + " bytes");
        }
    }

    /** Reads a file and returns 20 bytes for each of its whole blocks: weak (4), strong (16). */
    static ByteBuffer compute(ReadableByteChannel file, long fileBytes, int blockSize) throws IOException {
        requireBounds(fileBytes, blockSize);
        ByteBuffer out = ByteBuffer.allocate((int) (fileBytes / blockSize) * RECORD);
        ByteBuffer block = ByteBuffer.allocate(blockSize);
        while (out.hasRemaining()) {
            block.clear();
            while (block.hasRemaining()) {
                if (file.read(block) < 0) {
                    return out.flip();
                }
            }
            out.putInt(RollingChecksum.of(block.array(), 0, blockSize));
            Digest128.of(block.flip()).write(out);
        }
        return out.flip();
    }

    static BlockSignatures of(int blockSize, ByteBuffer records) throws ProtocolException {
        if (records.remaining() % RECORD != 0 || records.remaining() / RECORD > MAX_BLOCKS) {
            throw ProtocolException.malformed(records.remaining() + " bytes of signatures are too many or not whole");
        }
        return new BlockSignatures(blockSize, records.slice());
    }

    int blockSize() {
        return blockSize;
    }

    int count() {
        return next.length;
    }

    private int weak(int block) {
        return records.getInt(block * RECORD);
    }

    private int slot(int weak) {
        int mixed = weak * 0x9e3779b9;
        return (mixed ^ mixed >>> 15) & slots.length - 1;
    }

    /** Says whether some block may have this weak checksum; a cheap filter before {@link #find}. */
    boolean mayHave(int weak) {
        for (int i = slots[slot(weak)]; i != 0; i = next[i - 1]) {
            if (weak(i - 1) == weak) {
                return true;
            }
        }
        return false;
    }

    /** Returns the block with these bytes, {@code preferred} if it is one of several, or -1. */
    int find(int weak, byte[] bytes, int offset, int preferred) {
        Digest128 strong = Digest128.of(ByteBuffer.wrap(bytes, offset, blockSize));
        if (preferred >= 0 && preferred < next.length && weak(preferred) == weak && isStrong(preferred, strong)) {
            return preferred;
        }
        for (int i = slots[slot(weak)]; i != 0; i = next[i - 1]) {
            if (weak(i - 1) == weak && isStrong(i - 1, strong)) {
                return i - 1;
            }
        }
        return -1;
    }

    private boolean isStrong(int block, Digest128 strong) {
        int at = block * RECORD + 4;
        return records.getLong(at) == strong.high() && records.getLong(at + 8) == strong.low();
    }
}
