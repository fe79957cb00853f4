package dev.shadow.sync.internal;

import dev.shadow.spi.Generation;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.spi.sync.VerifyReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of one session. Cuts epochs, sends them as far as the receiver's credit goes, and waits for their
 * confirmation; in synchronous mode the same, one epoch after another, while the guest's writes wait. Has no thread: one
 * owner calls {@link #receive} for every message and {@link #poll} between them.
 */
public final class SourceMachine {
    private static final int HURRIED_EPOCHS = 4;

    private final TrackedDisk disk;
    private final Peer peer;
    private final Limits limits;
    private final RandomGenerator random;
    private SyncSpec spec;
    private @Nullable Wire wire;
    private boolean welcomed;
    private boolean everWelcomed;
    private boolean paused;
    private boolean degrading;
    private boolean degraded;
    private boolean baseLost;
    private @Nullable SyncPhase end;
    private String detail = "";
    private ReplicaPoint point = ReplicaPoint.NONE;
    private long lostSinceNanos;
    private long waitingSinceNanos = -1;
    private long lastCutNanos;
    private int epochsSinceWelcome;
    private long credit;
    private Peer.@Nullable Frozen frozen;
    private EpochChecksum checksum = new EpochChecksum();
    private boolean commitSent;
    private boolean entering;
    private long sentBytes;
    private final FrameFiller filler;
    private final LinkGauge gauge;
    private boolean packs;
    private final List<Request> requests = new ArrayList<>();
    private final List<Runnable> completions = new ArrayList<>();
    private @Nullable Verification verification;

    /**
     * Bounds of what is sent at once and how often; lengths in bytes, times in nanoseconds.
     *
     * @param packBelow data is compressed while the link takes fewer bytes per second; 0 for never, the highest number for always
     */
    public record Limits(int frameBytes, int windowBytes, long minEpochNanos, long maxEpochNanos, long packBelow) {}

    private static final class Request {
        final CompletableFuture<Long> done;
        long epoch;

        Request(CompletableFuture<Long> done) {
            this.done = done;
        }
    }

    private SourceMachine(TrackedDisk disk, Peer peer, SyncSpec spec, Limits limits, RandomGenerator random) {
        this.disk = disk;
        this.peer = peer;
        this.spec = spec;
        this.limits = limits;
        this.random = random;
        this.filler = new FrameFiller(disk.identity().blockSize(), limits.frameBytes());
        this.gauge = new LinkGauge(limits.packBelow());
    }

    /** Returns the machine of a started session, not connected yet. */
    public static SourceMachine of(TrackedDisk disk, Peer peer, SyncSpec spec, Limits limits, RandomGenerator random) {
        SourceMachine machine = new SourceMachine(disk, peer, spec, limits, random);
        machine.takePolicy();
        return machine;
    }

    /** Takes over a changed mode, RPO, policy or time-out. */
    public void change(SyncSpec newSpec) {
        spec = newSpec;
        takePolicy();
    }

    private void takePolicy() {
        peer.changePolicy(spec.onLinkLoss() == LinkLossPolicy.FALL_BACK);
        if (spec.mode() == SyncMode.ASYNCHRONOUS) {
            peer.leaveSynchronous();
            degrading = false;
            degraded = false;
        }
    }

    private boolean holding() {
        return peer.hold() == Peer.Hold.SYNCHRONOUS;
    }

    // Connection

    /** A connection stands; says hello. */
    public void connected(Wire newWire) {
        wire = newWire;
        welcomed = false;
        TrackedDisk.Identity id = disk.identity();
        send(new Message.Hello(
                Framing.VERSION,
                Framing.NEWEST_VERSION,
                Message.Role.REPLICATE,
                id.vm().value(),
                spec.source().value(),
                spec.target().value(),
                id.sizeBytes(),
                id.blockSize(),
                limits.windowBytes()));
    }

    private void send(Message message) {
        if (wire != null) {
            wire.send(message, spec.generation().value());
        }
    }

    /** The connection is gone, or could not be made. What was frozen stays until the replica says what it has. */
    public void disconnected(String why, long nowNanos) {
        if (welcomed || !everWelcomed) {
            lostSinceNanos = nowNanos;
        }
        wire = null;
        welcomed = false;
        everWelcomed = true;
        frozen = null;
        entering = false;
        if (peer.hold() == Peer.Hold.ENTERING) {
            peer.leaveSynchronous();
        }
        peer.interrupted();
        requests.forEach(request -> request.epoch = 0);
        failVerification(why);
        if (detail.isEmpty() || !why.isEmpty()) {
            detail = why;
        }
    }

    /** Acts on a message of the replica. */
    public void receive(Framing.Frame frame, long nowNanos) throws IOException {
        Message message = frame.message();
        if (message instanceof Message.Refused m) {
            refused(m);
        } else if (message instanceof Message.Welcome m && !welcomed) {
            welcome(m, nowNanos);
        } else if (!welcomed) {
            throw ProtocolException.malformed("the first answer must be a welcome or a refusal");
        } else if (message instanceof Message.Credit m) {
            credit = Math.min(limits.windowBytes(), credit + Math.max(0, m.bytes()));
            gauge.taken(m.bytes(), nowNanos);
        } else if (message instanceof Message.Committed m) {
            committed(m.epoch(), nowNanos);
        } else if (message instanceof Message.Digests m) {
            compare(m);
        } else if (!(message instanceof Message.Heartbeat)) {
            throw ProtocolException.malformed("a message of type " + message.type() + " has no place here");
        }
    }

    private void refused(Message.Refused refusal) throws IOException {
        switch (refusal.code()) {
            case STALE_GENERATION, PROMOTED -> {
                if (refusal.highestGeneration() > spec.generation().value()) {
                    disk.fence(refusal.highestGeneration());
                }
                finish(SyncPhase.PROMOTED, refusal.detail());
            }
            case VERSION, MISMATCH, STATE -> finish(SyncPhase.FAILED, refusal.detail());
            default -> throw ProtocolException.refused(refusal.code(), refusal.detail(), refusal.highestGeneration());
        }
    }

    private void finish(SyncPhase phase, String why) {
        end = phase;
        detail = why;
        peer.interrupted();
        frozen = null;
        failVerification(why);
        for (Request request : requests) {
            request.done.completeExceptionally(new SyncException(SyncException.Retry.PERMANENT, why));
        }
        requests.clear();
    }

    private void welcome(Message.Welcome welcome, long nowNanos) throws ProtocolException {
        if (welcome.version() < Framing.VERSION || welcome.version() > Framing.NEWEST_VERSION) {
            throw ProtocolException.malformed("version " + welcome.version() + " was not offered");
        }
        packs = welcome.version() >= 2;
        gauge.rests();
        welcomed = true;
        everWelcomed = true;
        detail = "";
        point = welcome.point();
        credit = Math.min(welcome.windowBytes(), limits.windowBytes());
        boolean continued = peer.reconcile(point, new Lineage(random.nextLong() | 1, random.nextLong()));
        frozen = null;
        epochsSinceWelcome = 0;
        lastCutNanos = nowNanos - limits.maxEpochNanos();
        if (!continued && holding()) {
            baseLost = true;
            if (spec.onLinkLoss() == LinkLossPolicy.FALL_BACK) {
                degrading = true;
            }
        }
    }

    // Work

    /**
     * Does a bit of work: notices what is overdue, cuts an epoch, or sends a frame.
     *
     * @return how much was done; 0 if there is nothing to do before the next message, write or deadline
     */
    public int poll(long nowNanos) throws IOException {
        if (end != null) {
            return 0;
        }
        watchWaiting(nowNanos);
        if (!welcomed) {
            return 0;
        }
        int work = 0;
        if (frozen == null && !paused && isDue(nowNanos)) {
            cut(nowNanos);
            work++;
        }
        if (frozen != null && !commitSent) {
            work += sendNext(nowNanos);
        }
        return work;
    }

    /** Leaves or gives up synchronous mode once a write has waited too long. */
    private void watchWaiting(long nowNanos) {
        Peer.Hold hold = peer.hold();
        if (hold == Peer.Hold.NONE || !peer.hasUncommitted()) {
            waitingSinceNanos = -1;
            return;
        }
        if (waitingSinceNanos < 0) {
            waitingSinceNanos = nowNanos;
        } else if (nowNanos - waitingSinceNanos >= spec.writeTimeout().toNanos()) {
            if (hold == Peer.Hold.ENTERING) {
                entering = false;
                peer.leaveSynchronous();
            } else if (spec.onLinkLoss() == LinkLossPolicy.FALL_BACK) {
                degrading = true;
            }
        }
    }

    private boolean isDue(long nowNanos) {
        if (requests.stream().anyMatch(request -> request.epoch == 0)
                || (verification != null && verification.awaitsCut())) {
            return true;
        }
        if (spec.mode() == SyncMode.SYNCHRONOUS && peer.hold() == Peer.Hold.NONE) {
            return true;
        }
        if (!peer.hasChanges()) {
            return false;
        }
        return peer.hold() != Peer.Hold.NONE || !point.isCommitted() || nowNanos - lastCutNanos >= epochIntervalNanos();
    }

    private long epochIntervalNanos() {
        long third = saturatedNanos(spec.rpo()) / 3;
        return Math.max(limits.minEpochNanos(), Math.min(limits.maxEpochNanos(), third));
    }

    private static long saturatedNanos(Duration duration) {
        return duration.compareTo(Duration.ofDays(365)) > 0 ? Long.MAX_VALUE : duration.toNanos();
    }

    private void cut(long nowNanos) {
        boolean verify = verification != null && !verification.isBegun();
        if (spec.mode() == SyncMode.SYNCHRONOUS && peer.hold() == Peer.Hold.NONE && hasCaughtUp()) {
            // Before the freeze: a write that is not in this epoch waits already.
            peer.enter();
            entering = true;
            waitingSinceNanos = -1;
        }
        Peer.Frozen next = peer.freeze(verify);
        frozen = next;
        checksum = new EpochChecksum();
        commitSent = false;
        filler.restart();
        lastCutNanos = nowNanos;
        requests.stream().filter(request -> request.epoch == 0).forEach(request -> request.epoch = next.epoch());
        if (verify && verification != null) {
            verification.take(next.epoch());
        }
        send(new Message.Begin(next.epoch(), next.lineage(), next.full()));
    }

    private boolean hasCaughtUp() {
        return peer.lag().bytes() <= limits.windowBytes() / 4 || epochsSinceWelcome >= HURRIED_EPOCHS;
    }

    private int sendNext(long nowNanos) throws IOException {
        Peer.Frozen current = frozen;
        if (current == null || credit <= 0) {
            gauge.waits(nowNanos);
            return 0;
        }
        if (paused || current.view().isSpoiled()) {
            giveUp(current);
            return 1;
        }
        ByteBuffer extents = filler.next(current.view());
        if (extents.hasRemaining()) {
            sendExtents(current.epoch(), extents, nowNanos);
        }
        if (filler.isAllRead()) {
            sendCommit(current);
        }
        return 1;
    }

    private void sendExtents(long epoch, ByteBuffer extents, long nowNanos) {
        int index = checksum.frames();
        ByteBuffer packed = packs && gauge.isSlow(nowNanos) ? Packing.pack(extents) : null;
        int bytes = packed == null ? extents.remaining() : packed.remaining();
        send(
                packed == null
                        ? new Message.Data(epoch, index, extents)
                        : new Message.PackedData(epoch, index, extents.remaining(), packed));
        checksum.add(extents);
        credit -= bytes;
        sentBytes += bytes;
    }

    private void giveUp(Peer.Frozen current) {
        send(new Message.Abort(current.epoch()));
        frozen = null;
        entering = false;
        if (peer.hold() == Peer.Hold.ENTERING) {
            peer.leaveSynchronous();
        }
        requests.forEach(request -> request.epoch = 0);
        if (verification != null) {
            verification.dropEpoch();
        }
        peer.giveUp();
    }

    private void sendCommit(Peer.Frozen current) {
        commitSent = true;
        gauge.rests();
        send(new Message.Commit(
                current.epoch(),
                current.frozenAtMillis(),
                current.writeNumber(),
                checksum.frames(),
                checksum.bytes(),
                checksum.value()));
        Verification v = verification;
        if (v != null && v.isOf(current.epoch())) {
            send(v.begin());
            send(v.nextRequest());
        }
    }

    private void committed(long epoch, long nowNanos) throws IOException {
        Peer.Frozen current = frozen;
        if (current == null || !commitSent || current.epoch() != epoch) {
            throw ProtocolException.malformed("epoch " + epoch + " was confirmed and is not under way");
        }
        frozen = null;
        epochsSinceWelcome++;
        point = new ReplicaPoint(epoch, current.lineage(), current.frozenAtMillis(), current.writeNumber());
        if (entering && peer.hold() == Peer.Hold.ENTERING) {
            peer.becomeSynchronous(spec.writeTimeout().toNanos(), spec.onLinkLoss() == LinkLossPolicy.FALL_BACK);
        }
        entering = false;
        peer.committed();
        waitingSinceNanos = peer.hasChanges() ? nowNanos : -1;
        if (holding()) {
            degrading = false;
            degraded = false;
            baseLost = false;
        }
        requests.removeIf(request -> {
            boolean has = request.epoch != 0 && request.epoch <= epoch;
            if (has) {
                completions.add(() -> request.done.complete(epoch));
            }
            return has;
        });
    }

    /** Answers what was asked for and is done; the owner calls it once the new state is visible. */
    public void answer() {
        List<Runnable> ready = List.copyOf(completions);
        completions.clear();
        ready.forEach(Runnable::run);
    }

    // Verification

    private void compare(Message.Digests theirs) throws IOException {
        Verification v = verification;
        if (v == null || !v.isOf(theirs.epoch())) {
            return;
        }
        ByteBuffer ours = peer.digests(theirs.first(), v.requireNext(theirs));
        if (ours == null) {
            failVerification("the source's image could not be read");
            return;
        }
        v.compare(theirs.crcs(), ours);
        if (!v.isComplete()) {
            send(v.nextRequest());
            return;
        }
        verification = null;
        peer.endDigests();
        send(v.end());
        completions.add(v::answer);
    }

    private void failVerification(String why) {
        if (verification != null) {
            verification.fail(why);
            verification = null;
            peer.endDigests();
            if (welcomed) {
                send(new Message.VerifyEnd(0));
            }
        }
    }

    // Requests of the session's user

    /** Cuts an epoch as soon as possible; {@code done} gets its number once it is committed. */
    public void commitEpoch(CompletableFuture<Long> done) {
        requireRunning("an epoch cannot be cut");
        requests.removeIf(request -> request.done.isDone());
        requests.add(new Request(done));
    }

    /** Compares the next epoch. */
    public void verify(CompletableFuture<VerifyReport> done) {
        requireRunning("a verification cannot start");
        failVerification("another verification was started");
        verification = new Verification(disk.identity().sizeBytes(), done);
    }

    private void requireRunning(String what) {
        if (end == SyncPhase.PROMOTED) {
            long fence = disk.fencedBy();
            if (fence > spec.generation().value()) {
                throw new StaleGenerationException(spec.vm(), spec.generation(), Generation.of(fence));
            }
        }
        if (end != null || paused) {
            throw new IllegalStateException(what + " in phase " + (end == null ? SyncPhase.PAUSED : end)
                    + (detail.isEmpty() ? "" : ": " + detail));
        }
    }

    /**
     * Stops sending. For a synchronous session this is the loss of its replica: writes wait as the policy for a lost
     * link says.
     */
    public void pause() {
        paused = true;
        entering = false;
        if (peer.hold() == Peer.Hold.ENTERING) {
            peer.leaveSynchronous();
        }
    }

    /** Sends again. */
    public void resume() {
        paused = false;
    }

    /** The loss of synchrony is recorded: writes may go on. */
    public void acknowledgeDegraded() {
        if (degrading) {
            degrading = false;
            degraded = true;
            waitingSinceNanos = -1;
            peer.leaveSynchronous();
        }
    }

    /** The replica was promoted to a newer generation. */
    public void superseded(long generation) {
        try {
            disk.fence(generation);
        } catch (IOException e) {
            throw new UncheckedIOException("the fence could not be made durable", e);
        } finally {
            finish(SyncPhase.PROMOTED, "the replica was promoted to generation " + generation);
        }
    }

    // State

    /** The phase at this moment. */
    public SyncPhase phase(long nowNanos) {
        if (end != null) {
            return end;
        }
        if (degrading) {
            return SyncPhase.DEGRADING;
        }
        if (paused) {
            return SyncPhase.PAUSED;
        }
        if (degraded) {
            return SyncPhase.DEGRADED;
        }
        if (holding() && !baseLost) {
            boolean lost = !welcomed
                    && nowNanos - lostSinceNanos >= spec.writeTimeout().toNanos();
            return lost && everWelcomed ? SyncPhase.INTERRUPTED : SyncPhase.SYNCHRONOUS;
        }
        if (!welcomed) {
            return everWelcomed ? SyncPhase.INTERRUPTED : SyncPhase.OPENED;
        }
        return point.isCommitted() ? SyncPhase.ASYNCHRONOUS : SyncPhase.SEEDING;
    }

    /** Whether the session will never send again. */
    public boolean isFinished() {
        return end != null;
    }

    /** Whether the replica has answered the hello of this connection. */
    public boolean isWelcomed() {
        return welcomed;
    }

    /** Why the session does not move, or empty. */
    public String detail() {
        return detail;
    }

    /** What the replica is known to hold. */
    public ReplicaPoint point() {
        return point;
    }

    /** Payload bytes sent so far. */
    public long sentBytes() {
        return sentBytes;
    }

    /** When to poll at the latest, from now, if nothing happens. */
    public long nanosToNextPoll(long nowNanos) {
        if (welcomed && spec.mode() == SyncMode.ASYNCHRONOUS) {
            return Math.max(1_000_000, epochIntervalNanos() - (nowNanos - lastCutNanos));
        }
        return Math.max(1_000_000, Math.min(50_000_000, spec.writeTimeout().toNanos() / 4));
    }
}
