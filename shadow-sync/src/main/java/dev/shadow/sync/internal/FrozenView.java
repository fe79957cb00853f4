package dev.shadow.sync.internal;

import dev.shadow.sync.DirtyBitmap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The frozen blocks of one epoch, read as of the freeze while the guest goes on writing. Blocks are read in order; a
 * block that the guest writes before it was read is first copied to a scratch file. Writers hold the lock of the disk;
 * the one reader takes it between reads, and a writer waits only for a range that is being read at that moment.
 */
final class FrozenView {
    private final ReentrantLock lock;
    private final Condition readDone;
    private final StorageFile image;
    private final StorageFile scratch;
    private final int blockSize;
    private final DirtyBitmap frozen;
    private final DirtyBitmap preserved;
    private final ByteBuffer block;
    private long cursor;
    private long readingTo;
    private boolean active;
    private boolean spoiled;

    FrozenView(
            ReentrantLock lock,
            StorageFile image,
            StorageFile scratch,
            int blockSize,
            DirtyBitmap frozen,
            DirtyBitmap preserved) {
        this.lock = lock;
        this.readDone = lock.newCondition();
        this.image = image;
        this.scratch = scratch;
        this.blockSize = blockSize;
        this.frozen = frozen;
        this.preserved = preserved;
        this.block = ByteBuffer.allocateDirect(blockSize);
        this.active = true;
    }

    /** Waits until no block of the range is being read; called with the lock held. */
    boolean awaitReader(long first, int count) {
        boolean waited = false;
        while (active && cursor < readingTo && first < readingTo && first + count > cursor) {
            readDone.awaitUninterruptibly();
            waited = true;
        }
        return waited;
    }

    /** Saves the frozen content of blocks that are about to be written; called with the lock held. */
    void beforeWrite(long first, int count) {
        if (!active || spoiled) {
            return;
        }
        for (long b = Math.max(first, cursor); b < first + count; b++) {
            if (frozen.isMarked(b) && !preserved.isMarked(b)) {
                preserve(b);
            }
        }
    }

    private void preserve(long b) {
        long at = b * blockSize;
        try {
            image.read(at, block.clear());
            scratch.write(at, block.flip());
            preserved.mark(b, 1);
        } catch (IOException e) {
            spoiled = true;
        }
    }

    /** Says that a frozen block could not be saved, so that the epoch must be given up. */
    boolean isSpoiled() {
        lock.lock();
        try {
            return spoiled;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads the next frozen blocks, adjacent ones, as many as fit.
     *
     * @return the first of them, or -1 if all were read
     */
    long read(ByteBuffer target) throws IOException {
        long first = claim(target.remaining() / blockSize);
        if (first < 0) {
            return -1;
        }
        try {
            // Between claim and release nobody writes into the range, so cursor and readingTo stand still.
            int count = (int) (readingTo - first);
            ByteBuffer range = target.slice(target.position(), count * blockSize);
            image.read(first * blockSize, range);
            for (long b = preserved.nextMarked(first); b >= 0 && b < first + count; b = preserved.nextMarked(b + 1)) {
                int at = (int) (b - first) * blockSize;
                scratch.read(b * blockSize, range.clear().position(at).limit(at + blockSize));
            }
            target.position(target.position() + count * blockSize);
        } finally {
            release();
        }
        return first;
    }

    private long claim(int mostBlocks) {
        lock.lock();
        try {
            long first = frozen.nextMarked(cursor);
            if (first < 0) {
                cursor = frozen.blocks();
                readingTo = cursor;
                return -1;
            }
            cursor = first;
            long limit = Math.min(frozen.blocks(), first + mostBlocks);
            readingTo = frozen.nextClean(first, limit);
            return first;
        } finally {
            lock.unlock();
        }
    }

    private void release() {
        lock.lock();
        try {
            cursor = readingTo;
            readDone.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets go; the epoch was committed or given up. Called with the lock held. */
    void close() {
        active = false;
        preserved.clear();
        readDone.signalAll();
    }
}
