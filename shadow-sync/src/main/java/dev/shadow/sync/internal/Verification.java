package dev.shadow.sync.internal;

import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.VerifyReport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The comparison of a replica with its disk as of one epoch: waits for an epoch, asks for the replica's digests, chunk
 * after chunk, and collects where they differ. Not to be shared between threads.
 */
final class Verification {
    private static final int DIGESTS_AT_ONCE = 32;
    private static final int MAX_DIFFERENCES = 1000;

    private final CompletableFuture<VerifyReport> done;
    private final long diskBytes;
    private final int chunkBytes;
    private final int chunks;
    private final List<VerifyReport.ByteRange> differences = new ArrayList<>();
    private long epoch;
    private boolean begun;
    private int next;

    Verification(long diskBytes, CompletableFuture<VerifyReport> done) {
        this.done = done;
        this.diskBytes = diskBytes;
        this.chunkBytes = RangeDigests.chunkBytesFor(diskBytes);
        this.chunks = (int) ((diskBytes + chunkBytes - 1) / chunkBytes);
    }

    /** Whether it needs an epoch that is not cut yet. */
    boolean awaitsCut() {
        return !begun && epoch == 0;
    }

    /** Whether digests were asked for, so that its epoch is settled. */
    boolean isBegun() {
        return begun;
    }

    void take(long cutEpoch) {
        epoch = cutEpoch;
    }

    /** Its epoch was given up; another will be cut unless digests were asked for. */
    void dropEpoch() {
        if (!begun) {
            epoch = 0;
        }
    }

    boolean isOf(long otherEpoch) {
        return epoch == otherEpoch;
    }

    /** Returns the message that follows the commit of its epoch. */
    Message begin() {
        begun = true;
        return new Message.VerifyBegin(epoch, chunkBytes);
    }

    Message nextRequest() {
        return new Message.DigestRequest(epoch, next, Math.min(DIGESTS_AT_ONCE, chunks - next));
    }

    /** Returns how many digests came; refuses others than the next ones. */
    int requireNext(Message.Digests theirs) throws ProtocolException {
        int count = theirs.crcs().remaining() / 4;
        if (theirs.first() != next || count == 0 || count > chunks - next) {
            throw ProtocolException.malformed("digests from chunk " + theirs.first() + " came, not from " + next);
        }
        return count;
    }

    /** Compares the next digests. */
    void compare(ByteBuffer theirs, ByteBuffer ours) {
        while (ours.hasRemaining()) {
            boolean differs = ours.getInt() != theirs.getInt();
            if (differs && differences.size() < MAX_DIFFERENCES) {
                long offset = (long) next * chunkBytes;
                differences.add(new VerifyReport.ByteRange(offset, Math.min(chunkBytes, diskBytes - offset)));
            }
            next++;
        }
    }

    boolean isComplete() {
        return next == chunks;
    }

    Message end() {
        return new Message.VerifyEnd(epoch);
    }

    /** Gives the report to whoever asked for it. */
    void answer() {
        done.complete(new VerifyReport(epoch, diskBytes, differences));
    }

    void fail(String why) {
        done.completeExceptionally(
                new SyncException(SyncException.Retry.TRANSIENT, "verification was interrupted: " + why));
    }
}
