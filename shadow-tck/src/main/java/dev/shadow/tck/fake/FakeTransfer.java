package dev.shadow.tck.fake;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The way of one session's epochs to the replica, one at a time, on virtual time; guarded by the monitor
 * of its world.
 */
final class FakeTransfer {
    private static final Duration LEAST = Duration.ofMillis(1);

    /** The session whose writes are on their way. */
    interface Sender {
        boolean isRunning();

        int pendingWrites();

        long pendingBytes();

        /** The oldest writes, frozen into an epoch at that instant, are at the replica. */
        void arrived(int writes, Instant frozenAt);
    }

    private final FakeReplication world;
    private final Sender sender;
    /** Counts what makes a scheduled transfer void. */
    private long turn;

    private int writes;
    private Instant ends = Instant.MAX;

    FakeTransfer(FakeReplication world, Sender sender) {
        this.world = world;
        this.sender = sender;
    }

    /** Freezes and sends what is pending then; changes nothing if a transfer is due or under way. */
    void beginAfter(Duration wait) {
        if (writes > 0 || ends.isBefore(Instant.MAX)) {
            return;
        }
        ends = world.time.instant().plus(wait);
        long mine = turn;
        var unused = world.time.schedule(() -> begin(mine), wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void begin(long mine) {
        synchronized (world) {
            if (mine != turn || !sender.isRunning()) {
                return;
            }
            writes = sender.pendingWrites();
            Instant frozenAt = world.time.instant();
            Duration takes = timeFor(sender.pendingBytes());
            ends = frozenAt.plus(takes);
            var unused = world.time.schedule(() -> end(mine, frozenAt), takes.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void end(long mine, Instant frozenAt) {
        synchronized (world) {
            if (mine != turn || !sender.isRunning()) {
                return;
            }
            sender.arrived(writes, frozenAt);
        }
    }

    /** Makes void what is due or under way. */
    void abort() {
        turn++;
        writes = 0;
        ends = Instant.MAX;
    }

    /** How long the link takes for so many bytes. */
    Duration timeFor(long bytes) {
        Duration takes = Duration.ofNanos((long) ((double) bytes / world.bytesPerSecond * 1e9));
        return takes.compareTo(LEAST) < 0 ? LEAST : takes;
    }

    /** The writes under way. */
    int writes() {
        return writes;
    }

    /** How long the transfer that is due or under way still takes. */
    Optional<Duration> remaining(Instant now) {
        if (ends.equals(Instant.MAX)) {
            return Optional.empty();
        }
        Duration left = Duration.between(now, ends);
        return Optional.of(left.isNegative() ? Duration.ZERO : left);
    }
}
