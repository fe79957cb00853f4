package dev.shadow.sync.internal;

import dev.shadow.spi.Generation;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import java.io.IOException;

/**
 * What a disk remembers of itself in mapped memory: generation, fence, write number, and whether the last process closed
 * it in order. Guarded by the lock of its disk.
 */
final class DiskHeader {
    static final int BYTES = 4096;
    private static final long MAGIC = 0x5348_4444_4953_4b01L;
    private static final long RESERVE = 1 << 20;

    private static final int MAGIC_WORD = 0;
    private static final int SIZE = 1;
    private static final int BLOCK_SIZE = 2;
    private static final int GENERATION = 3;
    private static final int FENCED_BY = 4;
    private static final int WRITE_NUMBER = 5;
    private static final int WRITE_LIMIT = 6;
    private static final int CLEAN = 7;
    private static final int BOOT_HIGH = 8;
    private static final int BOOT_LOW = 9;

    private final MappedMemory memory;
    private final StateWords words;
    private boolean trusted;

    private DiskHeader(MappedMemory memory) {
        this.memory = memory;
        this.words = new StateWords(memory.slice(0, BYTES));
    }

    /** Opens the header; it says whether what the last process stored survived for certain. */
    static DiskHeader open(Storage storage, VmId vm, long generation, long size, int blockSize, Lineage boot)
            throws IOException {
        DiskHeader header = new DiskHeader(storage.map("disk", BYTES));
        StateWords words = header.words;
        if (words.get(MAGIC_WORD) != MAGIC) {
            header.initialize(generation, size, blockSize);
            storage.forceDirectory();
        } else {
            header.check(vm, generation, size, blockSize);
            boolean sameBoot =
                    !boot.equals(Lineage.NONE) && boot.equals(new Lineage(words.get(BOOT_HIGH), words.get(BOOT_LOW)));
            boolean clean = words.get(CLEAN) == 1;
            header.trusted = clean || sameBoot;
            if (!header.trusted) {
                words.set(WRITE_NUMBER, Math.max(words.get(WRITE_NUMBER), words.get(WRITE_LIMIT)));
            }
        }
        words.set(GENERATION, generation);
        words.set(CLEAN, 0);
        words.set(BOOT_HIGH, boot.high());
        words.set(BOOT_LOW, boot.low());
        header.memory.force();
        return header;
    }

    private void initialize(long generation, long size, int blockSize) throws IOException {
        words.set(SIZE, size);
        words.set(BLOCK_SIZE, blockSize);
        words.set(GENERATION, generation);
        words.set(FENCED_BY, -1);
        words.set(WRITE_NUMBER, 0);
        words.set(WRITE_LIMIT, 0);
        memory.force();
        words.set(MAGIC_WORD, MAGIC);
    }

    private void check(VmId vm, long generation, long size, int blockSize) throws IOException {
        long highest = Math.max(words.get(GENERATION), words.get(FENCED_BY));
        if (generation < highest) {
            throw new StaleGenerationException(vm, Generation.of(generation), Generation.of(highest));
        }
        if (words.get(SIZE) != size || words.get(BLOCK_SIZE) != blockSize) {
            throw new IOException("the disk was made with " + words.get(SIZE) + " bytes in blocks of "
                    + words.get(BLOCK_SIZE) + ", not " + size + " and " + blockSize
                    + ": open it with these, or use another state directory");
        }
        if (generation > words.get(FENCED_BY)) {
            words.set(FENCED_BY, -1);
        }
    }

    boolean isTrusted() {
        return trusted;
    }

    long writeNumber() {
        return words.get(WRITE_NUMBER);
    }

    /** Gives the next write its number; now and then this waits for the disk, so that no number comes twice. */
    long nextWriteNumber() throws IOException {
        long next = words.get(WRITE_NUMBER) + 1;
        if (next > words.get(WRITE_LIMIT)) {
            words.set(WRITE_LIMIT, next + RESERVE);
            memory.force();
        }
        words.set(WRITE_NUMBER, next);
        return next;
    }

    /** The generation that has taken over, or -1. */
    long fencedBy() {
        return words.get(FENCED_BY);
    }

    void fence(long generation) throws IOException {
        words.set(FENCED_BY, Math.max(words.get(FENCED_BY), generation));
        memory.force();
    }

    void close() throws IOException {
        memory.force();
        words.set(CLEAN, 1);
        memory.force();
    }
}
