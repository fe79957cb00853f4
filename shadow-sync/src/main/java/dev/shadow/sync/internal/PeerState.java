package dev.shadow.sync.internal;

import dev.shadow.sync.DirtyBitmap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a source remembers about one replica, in mapped memory: where the replica stands, and two bitmaps, one live and
 * one frozen. Every step is ordered so that a process killed between any two stores leaves no block forgotten. Guarded by
 * the lock of its disk.
 */
final class PeerState {
    private static final int HEADER = 4096;
    private static final long MAGIC = 0x5348_4450_4545_5201L;

    private static final int MAGIC_WORD = 0;
    private static final int SIZE = 1;
    private static final int BLOCK_SIZE = 2;
    private static final int LIVE = 3;
    private static final int LINEAGE_HIGH = 4;
    private static final int LINEAGE_LOW = 5;
    private static final int COMMITTED_EPOCH = 6;
    private static final int FROZEN_EPOCH = 7;
    private static final int NEXT_EPOCH = 8;
    private static final int COMMITTED_WRITE = 9;
    private static final int FROZEN_WRITE = 10;
    private static final int LIVE_SINCE = 11;
    private static final int FROZEN_SINCE = 12;
    private static final int SYNCHRONOUS = 13;
    private static final int WRITE_TIMEOUT = 14;
    private static final int FROZEN_AT = 15;

    private final MappedMemory memory;
    private final StateWords words;
    private final DirtyBitmap[] bitmaps;

    private PeerState(MappedMemory memory, long blocks) {
        this.memory = memory;
        this.words = new StateWords(memory.slice(0, HEADER));
        this.bitmaps = new DirtyBitmap[] {
            bitmap(memory, HEADER, blocks), bitmap(memory, HEADER + DirtyBitmap.bytesFor(blocks), blocks)
        };
    }

    private static DirtyBitmap bitmap(MappedMemory memory, long offset, long blocks) {
        long bytes = DirtyBitmap.bytesFor(blocks);
        List<ByteBuffer> segments = new ArrayList<>();
        for (long at = 0; at < bytes; at += DirtyBitmap.SEGMENT_BYTES) {
            segments.add(memory.slice(offset + at, (int) Math.min(DirtyBitmap.SEGMENT_BYTES, bytes - at)));
        }
        return DirtyBitmap.over(segments, blocks);
    }

    /**
     * Opens the state of a peer. Unless {@code trusted}, what is there may have lost stores, so that every block counts as
     * changed.
     */
    static PeerState open(Storage storage, String name, long size, int blockSize, boolean trusted, long nowMillis)
            throws IOException {
        long blocks = size / blockSize;
        MappedMemory memory = storage.map(name, HEADER + 2 * DirtyBitmap.bytesFor(blocks));
        PeerState state = new PeerState(memory, blocks);
        StateWords words = state.words;
        boolean known = words.get(MAGIC_WORD) == MAGIC
                && words.get(SIZE) == size
                && words.get(BLOCK_SIZE) == blockSize
                && (words.get(LIVE) & ~1) == 0;
        if (!known) {
            state.initialize(size, blockSize, nowMillis);
            storage.forceDirectory();
        } else if (!trusted) {
            state.distrust(nowMillis);
        } else if (words.get(FROZEN_EPOCH) == 0) {
            state.mergeBack();
        }
        return state;
    }

    private void initialize(long size, int blockSize, long nowMillis) throws IOException {
        for (int word = 0; word <= FROZEN_AT; word++) {
            words.set(word, 0);
        }
        words.set(SIZE, size);
        words.set(BLOCK_SIZE, blockSize);
        words.set(NEXT_EPOCH, 1);
        distrust(nowMillis);
        words.set(MAGIC_WORD, MAGIC);
        memory.force();
    }

    private void distrust(long nowMillis) {
        restart(Lineage.NONE, nowMillis);
    }

    /** Every block counts as changed, in a new history that starts with a full epoch. */
    void restart(Lineage lineage, long nowMillis) {
        words.set(COMMITTED_EPOCH, 0);
        words.set(LINEAGE_HIGH, 0);
        words.set(LINEAGE_LOW, 0);
        words.set(FROZEN_EPOCH, 0);
        touch(nowMillis);
        live().markAll();
        frozen().clear();
        words.set(LINEAGE_LOW, lineage.low());
        words.set(LINEAGE_HIGH, lineage.high());
    }

    DirtyBitmap live() {
        return bitmaps[(int) words.get(LIVE)];
    }

    DirtyBitmap frozen() {
        return bitmaps[1 - (int) words.get(LIVE)];
    }

    /** Notes that there is an uncommitted write, if there was none. */
    void touch(long nowMillis) {
        if (words.get(LIVE_SINCE) == 0) {
            words.set(LIVE_SINCE, Math.max(1, nowMillis));
        }
    }

    boolean isClean() {
        return words.get(LIVE_SINCE) == 0;
    }

    /** Swaps the bitmaps; the epoch has the returned number. */
    long freeze(long writeNumber, long nowMillis) {
        long epoch = words.get(NEXT_EPOCH);
        words.set(NEXT_EPOCH, epoch + 1);
        words.set(FROZEN_WRITE, writeNumber);
        words.set(FROZEN_AT, nowMillis);
        words.set(FROZEN_SINCE, words.get(LIVE_SINCE));
        words.set(LIVE, 1 - words.get(LIVE));
        words.set(LIVE_SINCE, 0);
        words.set(FROZEN_EPOCH, epoch);
        return epoch;
    }

    /** The replica has the frozen epoch. */
    void committed() {
        words.set(COMMITTED_WRITE, words.get(FROZEN_WRITE));
        words.set(COMMITTED_EPOCH, words.get(FROZEN_EPOCH));
        frozen().clear();
        words.set(FROZEN_SINCE, 0);
        words.set(FROZEN_EPOCH, 0);
    }

    /** The replica does not have the frozen epoch: its blocks count as changed again. */
    void mergeBack() {
        long since = words.get(FROZEN_SINCE);
        if (since != 0) {
            long live = words.get(LIVE_SINCE);
            words.set(LIVE_SINCE, live == 0 ? since : Math.min(live, since));
        } else if (!frozen().isEmpty()) {
            touch(words.get(FROZEN_AT));
        }
        frozen().mergeInto(live());
        words.set(FROZEN_SINCE, 0);
        words.set(FROZEN_EPOCH, 0);
    }

    Lineage lineage() {
        return new Lineage(words.get(LINEAGE_HIGH), words.get(LINEAGE_LOW));
    }

    long committedEpoch() {
        return words.get(COMMITTED_EPOCH);
    }

    long committedWrite() {
        return words.get(COMMITTED_WRITE);
    }

    long frozenEpoch() {
        return words.get(FROZEN_EPOCH);
    }

    long frozenWrite() {
        return words.get(FROZEN_WRITE);
    }

    long frozenAtMillis() {
        return words.get(FROZEN_AT);
    }

    /** Numbers of coming epochs are above {@code epoch}. */
    void numberAbove(long epoch) {
        words.set(NEXT_EPOCH, Math.max(words.get(NEXT_EPOCH), epoch + 1));
    }

    /** The source's clock at the oldest uncommitted write, 0 if there is none. */
    long oldestMillis() {
        long live = words.get(LIVE_SINCE);
        long frozen = words.get(FROZEN_SINCE);
        return live == 0 || frozen == 0 ? live + frozen : Math.min(live, frozen);
    }

    long dirtyBlocks() {
        return live().cardinality() + frozen().cardinality();
    }

    boolean isSynchronous() {
        return words.get(SYNCHRONOUS) != 0;
    }

    long writeTimeoutNanos() {
        return words.get(WRITE_TIMEOUT);
    }

    /** Remembers, durably, that writes need the replica. */
    void enterSynchronous(long writeTimeoutNanos) throws IOException {
        words.set(WRITE_TIMEOUT, writeTimeoutNanos);
        words.set(SYNCHRONOUS, 1);
        memory.force();
    }

    void leaveSynchronous() {
        words.set(SYNCHRONOUS, 0);
    }

    void force() throws IOException {
        memory.force();
    }
}
