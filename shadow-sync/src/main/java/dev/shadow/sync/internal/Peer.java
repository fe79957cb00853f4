package dev.shadow.sync.internal;

import dev.shadow.spi.InstanceId;
import dev.shadow.sync.DirtyBitmap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one replica lacks of a disk: the writer's side marks, a session freezes, reads and commits. May be shared between
 * threads; the methods for the session are for one session at a time.
 */
public final class Peer {
    /** What a guest's write owes to this replica. */
    enum Hold {
        /** Nothing. */
        NONE,
        /** Acknowledged once committed, but let go again if that takes long: the session is not synchronous yet. */
        ENTERING,
        /** Acknowledged once committed. */
        SYNCHRONOUS
    }

    private final TrackedDisk disk;
    private final ReentrantLock lock;
    private final InstanceId target;
    private final PeerState state;
    private final StorageFile image;
    private final StorageFile scratch;
    private final DirtyBitmap preserved;
    private Hold hold;
    private boolean attached;
    private boolean unlimited;
    private Runnable waker = () -> {};
    private @Nullable FrozenView view;
    private @Nullable RangeDigests digests;
    private boolean digestsSpoiled;

    Peer(TrackedDisk disk, InstanceId target, PeerState state, StorageFile image, StorageFile scratch) {
        this.disk = disk;
        this.lock = disk.lock();
        this.target = target;
        this.state = state;
        this.image = image;
        this.scratch = scratch;
        this.preserved = DirtyBitmap.inMemory(state.live().blocks());
        this.hold = state.isSynchronous() ? Hold.SYNCHRONOUS : Hold.NONE;
    }

    InstanceId target() {
        return target;
    }

    // The writer's side: the lock is held.

    boolean awaitReader(long first, int count) {
        return view != null && view.awaitReader(first, count);
    }

    void beforeWrite(long first, int count, long offset, int length) {
        state.touch(disk.nowMillis());
        state.live().mark(first, count);
        if (view != null) {
            view.beforeWrite(first, count);
        }
        if (digests != null) {
            try {
                digests.beforeWrite(offset, length);
            } catch (IOException e) {
                digestsSpoiled = true;
            }
        }
    }

    void wake() {
        if (hold != Hold.NONE) {
            waker.run();
        }
    }

    boolean withholds(long number) {
        return hold != Hold.NONE && state.committedWrite() < number;
    }

    boolean waitsWithoutLimit() {
        return hold == Hold.ENTERING || (unlimited && attached);
    }

    long writeTimeoutNanos() {
        return Math.max(1, state.writeTimeoutNanos());
    }

    boolean isAttached() {
        return attached;
    }

    void force() throws IOException {
        state.force();
    }

    void closeFiles() throws IOException {
        scratch.close();
    }

    // The session's side.

    /** A session starts to work for this replica; it is woken at writes that wait for it. */
    void attach(Runnable newWaker) throws IOException {
        lock.lock();
        try {
            if (attached) {
                throw new IOException("replica " + target + " already has a session on this disk: close it first");
            }
            if (!disk.tracks(this)) {
                throw new IOException("replica " + target + " was forgotten meanwhile: start the session again");
            }
            attached = true;
            waker = newWaker;
        } finally {
            lock.unlock();
        }
    }

    /** The session is gone. */
    void detach() {
        lock.lock();
        try {
            attached = false;
            waker = () -> {};
            dropView();
            digests = null;
            if (hold == Hold.ENTERING) {
                hold = Hold.NONE;
            }
            disk.signalProgress();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes in what the replica says it holds.
     *
     * @param fresh names the history to begin if the replica's is not known here
     * @return whether the replica continues where it was known to be
     */
    boolean reconcile(ReplicaPoint point, Lineage fresh) {
        lock.lock();
        try {
            dropView();
            boolean continued = true;
            boolean known = point.isCommitted() && point.lineage().equals(state.lineage());
            if (known && point.epoch() == state.frozenEpoch()) {
                state.committed();
            } else if (known && point.epoch() == state.committedEpoch()) {
                state.mergeBack();
            } else {
                continued = false;
                state.restart(fresh, disk.nowMillis());
            }
            state.numberAbove(point.epoch());
            disk.signalProgress();
            return continued;
        } finally {
            lock.unlock();
        }
    }

    /** An epoch at its freeze. */
    record Frozen(long epoch, Lineage lineage, boolean full, long frozenAtMillis, long writeNumber, FrozenView view) {}

    /** Freezes what has changed. With {@code withDigests}, the whole disk can then be digested as of this moment. */
    Frozen freeze(boolean withDigests) {
        lock.lock();
        try {
            long epoch = state.freeze(disk.currentWrite(), disk.nowMillis());
            boolean full = state.committedEpoch() == 0;
            FrozenView fresh =
                    new FrozenView(lock, image, scratch, disk.identity().blockSize(), state.frozen(), preserved);
            view = fresh;
            if (withDigests) {
                long size = disk.identity().sizeBytes();
                digests = new RangeDigests(image, size, RangeDigests.chunkBytesFor(size));
                digestsSpoiled = false;
            }
            return new Frozen(epoch, state.lineage(), full, state.frozenAtMillis(), state.frozenWrite(), fresh);
        } finally {
            lock.unlock();
        }
    }

    /** The replica has committed the frozen epoch. */
    void committed() throws IOException {
        lock.lock();
        try {
            dropView();
            scratch.resize(0);
            state.committed();
            disk.signalProgress();
        } finally {
            lock.unlock();
        }
    }

    /** The frozen epoch was given up before its commit was sent. */
    void giveUp() {
        lock.lock();
        try {
            dropView();
            state.mergeBack();
        } finally {
            lock.unlock();
        }
    }

    /** The connection is gone; whether the frozen epoch was committed will be known at the next one. */
    void interrupted() {
        lock.lock();
        try {
            dropView();
            digests = null;
        } finally {
            lock.unlock();
        }
    }

    private void dropView() {
        if (view != null) {
            view.close();
            view = null;
        }
    }

    /** Writes from now on wait for the replica, for a while. */
    void enter() {
        lock.lock();
        try {
            hold = Hold.ENTERING;
        } finally {
            lock.unlock();
        }
    }

    /** Writes need the replica, durably. */
    void becomeSynchronous(long writeTimeoutNanos, boolean withoutLimit) throws IOException {
        lock.lock();
        try {
            state.enterSynchronous(writeTimeoutNanos);
            hold = Hold.SYNCHRONOUS;
            unlimited = withoutLimit;
        } finally {
            lock.unlock();
        }
    }

    /** Takes over another policy for a replica that writes need already. */
    void changePolicy(boolean withoutLimit) {
        lock.lock();
        try {
            unlimited = withoutLimit;
            disk.signalProgress();
        } finally {
            lock.unlock();
        }
    }

    /** Writes do not need the replica any more. */
    void leaveSynchronous() {
        lock.lock();
        try {
            state.leaveSynchronous();
            hold = Hold.NONE;
            disk.signalProgress();
        } finally {
            lock.unlock();
        }
    }

    Hold hold() {
        lock.lock();
        try {
            return hold;
        } finally {
            lock.unlock();
        }
    }

    /** Returns digests of chunks as of the freeze that asked for them, or null if a chunk could not be digested. */
    @Nullable
    ByteBuffer digests(int first, int count) throws IOException {
        ByteBuffer crcs = ByteBuffer.allocate(4 * count);
        for (int i = 0; i < count; i++) {
            lock.lock();
            try {
                if (digests == null || digestsSpoiled) {
                    return null;
                }
                crcs.putInt(digests.crc(first + i));
            } finally {
                lock.unlock();
            }
        }
        return crcs.flip();
    }

    void endDigests() {
        lock.lock();
        try {
            digests = null;
        } finally {
            lock.unlock();
        }
    }

    /** How far the replica is behind; {@code oldestMillis} is 0 if it is not. */
    record Lag(long bytes, long oldestMillis) {}

    Lag lag() {
        lock.lock();
        try {
            return new Lag(state.dirtyBlocks() * disk.identity().blockSize(), state.oldestMillis());
        } finally {
            lock.unlock();
        }
    }

    /** Says whether a write is not committed yet. */
    boolean hasUncommitted() {
        return lag().oldestMillis() != 0;
    }

    /** Says whether the next epoch would carry anything. */
    boolean hasChanges() {
        lock.lock();
        try {
            return !state.isClean();
        } finally {
            lock.unlock();
        }
    }
}
