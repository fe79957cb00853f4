package dev.shadow.tck.fake;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.IdempotencyKey;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.Subscription;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.Promotion;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.spi.sync.SyncStatus;
import dev.shadow.spi.sync.VerifyReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One replication of a {@link FakeSyncEngine}; guarded by the monitor of its world. */
final class FakeSyncSession {
    private record Dirty(long number, Instant at) {}

    private record Waiting(CompletableFuture<Void> consent, Dirty dirty) {}

    private final FakeReplication world;
    private final FakeReplication.Replica replica;
    private final FakeTransfer transfer;
    private final Listeners<SyncStatus> listeners = new Listeners<>();
    private final Map<IdempotencyKey, Long> cuts = new HashMap<>();
    private final List<Dirty> dirty = new ArrayList<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private SyncSpec spec;
    private SyncPhase phase = SyncPhase.OPENED;
    private boolean paused;
    /** Whether the replica holds every write that was acknowledged, and the guest is held to keep it so. */
    private boolean inStep;

    private boolean degraded;
    private boolean seeded;
    private long sentBytes;
    private String detail = "";
    private Instant observedAt;
    private Promotion promotion = new Promotion(Generation.INITIAL, 0, Instant.EPOCH, 0);

    FakeSyncSession(FakeReplication world, SyncSpec spec) {
        this.world = world;
        this.spec = spec;
        this.replica = world.replica(spec.target());
        this.observedAt = world.time.instant();
        this.transfer = new FakeTransfer(world, new Epochs());
    }

    private final class Epochs implements FakeTransfer.Sender {
        @Override
        public boolean isRunning() {
            return FakeSyncSession.this.isRunning();
        }

        @Override
        public int pendingWrites() {
            return dirty.size();
        }

        @Override
        public long pendingBytes() {
            return bytesToSend(dirty.size());
        }

        @Override
        public void arrived(int writes, Instant frozenAt) {
            commit(writes, frozenAt);
            settle();
        }
    }

    SyncSpec spec() {
        synchronized (world) {
            return spec;
        }
    }

    boolean isTerminal() {
        return phase.isTerminal();
    }

    boolean carries(SyncSpec other) {
        return spec.vm().equals(other.vm())
                && spec.source().equals(other.source())
                && spec.sourceHost().equals(other.sourceHost())
                && spec.targetHost().equals(other.targetHost())
                && spec.generation().equals(other.generation())
                && spec.method() == other.method();
    }

    void takeOver(SyncSpec changed) {
        boolean otherMode = spec.mode() != changed.mode();
        spec = changed;
        if (!otherMode) {
            return;
        }
        if (spec.mode() == SyncMode.ASYNCHRONOUS) {
            inStep = false;
            degraded = false;
            if (paused && phase == SyncPhase.DEGRADING) {
                enter(SyncPhase.PAUSED, "");
            }
            releaseAll();
        }
        settle();
    }

    private void releaseAll() {
        List<Waiting> released = List.copyOf(waiting);
        waiting.clear();
        released.forEach(w -> w.consent.complete(null));
    }

    private boolean isLinked() {
        return world.linked(spec.sourceHost(), spec.targetHost());
    }

    private boolean isRunning() {
        return !paused && isStarted();
    }

    private boolean isStarted() {
        return switch (phase) {
            case SEEDING, ASYNCHRONOUS, SYNCHRONOUS, DEGRADING, DEGRADED, INTERRUPTED, PAUSED -> true;
            case OPENED, PROMOTED, FAILED, CLOSED -> false;
        };
    }

    void start(CallContext context) throws SyncException {
        synchronized (world) {
            refuseOld(context.generation());
            if (phase != SyncPhase.OPENED) {
                return;
            }
            if (world.down.contains(spec.sourceHost())) {
                world.time.pass(context.timeout());
                throw new SyncException(Retry.TRANSIENT, "source host " + spec.sourceHost() + " did not answer");
            }
            List<Long> content = world.disks
                    .content(spec.source())
                    .orElseThrow(() -> new SyncException(
                            Retry.PERMANENT, "host " + spec.sourceHost() + " has no instance " + spec.source()));
            replica.generation = spec.generation();
            seeded = false;
            content.forEach(number -> dirty.add(new Dirty(number, world.time.instant())));
            enter(SyncPhase.SEEDING, "");
            settle();
        }
    }

    private void refuseOld(Generation offered) {
        if (offered.isOlderThan(replica.generation)) {
            throw new StaleGenerationException(spec.vm(), offered, replica.generation);
        }
    }

    /** Brings the phase in line with link, seeding and lag, and schedules the next transfer. */
    private void settle() {
        if (!isRunning()) {
            return;
        }
        if (!isLinked()) {
            transfer.abort();
            if (spec.mode() == SyncMode.ASYNCHRONOUS || phase == SyncPhase.SEEDING || phase == SyncPhase.ASYNCHRONOUS) {
                enter(SyncPhase.INTERRUPTED, "the link to " + spec.targetHost() + " is lost");
            }
            return;
        }
        if (inStep) {
            if (!dirty.isEmpty()) {
                commit(dirty.size(), world.time.instant());
            }
            becomeSynchronous();
            return;
        }
        if (!seeded) {
            enter(SyncPhase.SEEDING, "");
            transfer.beginAfter(Duration.ZERO);
        } else if (spec.mode() == SyncMode.SYNCHRONOUS) {
            if (dirty.isEmpty()) {
                becomeSynchronous();
            } else {
                if (phase != SyncPhase.SEEDING) {
                    enter(degraded ? SyncPhase.DEGRADED : SyncPhase.ASYNCHRONOUS, "");
                }
                transfer.beginAfter(Duration.ZERO);
            }
        } else {
            enter(SyncPhase.ASYNCHRONOUS, "");
            if (!dirty.isEmpty()) {
                transfer.beginAfter(spec.rpo().dividedBy(2));
            }
        }
    }

    private void becomeSynchronous() {
        inStep = true;
        degraded = false;
        enter(SyncPhase.SYNCHRONOUS, "");
    }

    private long bytesToSend(int writes) {
        long seed = seeded ? 0 : world.seedBytes.getOrDefault(spec.source(), 0L);
        return seed + writes * FakeReplication.BYTES_PER_WRITE;
    }

    /** The replica takes over the oldest writes in one epoch. */
    private void commit(int writes, Instant frozenAt) {
        sentBytes += bytesToSend(writes);
        List<Dirty> epoch = dirty.subList(0, writes);
        List<Long> numbers = epoch.stream().map(Dirty::number).toList();
        if (seeded) {
            world.disks.append(spec.target(), numbers);
        } else {
            world.disks.replace(spec.target(), numbers);
        }
        epoch.clear();
        seeded = true;
        replica.epoch = OptionalLong.of(replica.epoch.orElse(0) + 1);
        replica.frozenAt = Optional.of(frozenAt);
        transfer.abort();
        List<Waiting> done =
                waiting.stream().filter(w -> !dirty.contains(w.dirty)).toList();
        waiting.removeAll(done);
        done.forEach(w -> w.consent.complete(null));
    }

    void linkChanged() {
        settle();
    }

    /** Completes when this session lets the guest's write be acknowledged. */
    CompletableFuture<Void> written(long number) {
        if (phase == SyncPhase.OPENED || phase == SyncPhase.CLOSED || phase == SyncPhase.FAILED) {
            return CompletableFuture.completedFuture(null);
        }
        if (phase == SyncPhase.PROMOTED) {
            return spec.mode() == SyncMode.ASYNCHRONOUS
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(new IOException(
                            "generation " + spec.generation() + " is refused: the replica was promoted"));
        }
        Dirty write = new Dirty(number, world.time.instant());
        dirty.add(write);
        if (!inStep) {
            settle();
            return CompletableFuture.completedFuture(null);
        }
        Waiting wait = new Waiting(new CompletableFuture<>(), write);
        waiting.add(wait);
        if (isRunning() && isLinked()) {
            settle();
        } else {
            var unused = world.time.schedule(
                    () -> waitedTooLong(wait), spec.writeTimeout().toNanos(), TimeUnit.NANOSECONDS);
        }
        return wait.consent;
    }

    private void waitedTooLong(Waiting wait) {
        synchronized (world) {
            if (!waiting.contains(wait)) {
                return;
            }
            String lost = paused
                    ? "the session was paused for longer than " + spec.writeTimeout()
                    : "replica " + spec.target() + " did not answer within " + spec.writeTimeout();
            if (spec.onLinkLoss() == LinkLossPolicy.HOLD_WRITES) {
                waiting.remove(wait);
                enter(paused ? SyncPhase.PAUSED : SyncPhase.INTERRUPTED, lost);
                wait.consent.completeExceptionally(new IOException("write failed: " + lost));
            } else if (phase != SyncPhase.DEGRADING) {
                enter(SyncPhase.DEGRADING, lost);
            }
        }
    }

    void acknowledgeDegraded(CallContext context) {
        synchronized (world) {
            refuseOld(context.generation());
            if (phase != SyncPhase.DEGRADING) {
                return;
            }
            inStep = false;
            degraded = true;
            enter(paused ? SyncPhase.PAUSED : SyncPhase.DEGRADED, detail);
            releaseAll();
            settle();
        }
    }

    long commitEpoch(CallContext context) throws SyncException {
        synchronized (world) {
            refuseOld(context.generation());
            Long known = cuts.get(context.key());
            if (known != null) {
                return known;
            }
            if (!isRunning()) {
                throw new SyncException(
                        Retry.PERMANENT,
                        "the session is " + (paused ? SyncPhase.PAUSED : phase) + ", not running: start or resume it");
            }
            Duration takes = transfer.timeFor(bytesToSend(dirty.size()));
            if (!isLinked() || takes.compareTo(context.timeout()) > 0) {
                world.time.pass(context.timeout());
                throw new SyncException(
                        Retry.TRANSIENT, "the epoch was not committed within " + context.timeout() + ": " + detail);
            }
            Instant frozenAt = world.time.instant();
            world.time.pass(takes);
            commit(dirty.size(), frozenAt);
            settle();
            long epoch = replica.epoch.orElseThrow();
            cuts.put(context.key(), epoch);
            return epoch;
        }
    }

    void pause(CallContext context) {
        synchronized (world) {
            refuseOld(context.generation());
            if (isRunning()) {
                paused = true;
                transfer.abort();
                if (phase != SyncPhase.DEGRADING) {
                    enter(SyncPhase.PAUSED, "");
                }
            }
        }
    }

    void resume(CallContext context) {
        synchronized (world) {
            refuseOld(context.generation());
            if (paused && isStarted()) {
                paused = false;
                if (phase != SyncPhase.DEGRADING) {
                    enter(resumedPhase(), "");
                }
                settle();
            }
        }
    }

    private SyncPhase resumedPhase() {
        if (!seeded) {
            return SyncPhase.SEEDING;
        }
        return degraded ? SyncPhase.DEGRADED : SyncPhase.INTERRUPTED;
    }

    VerifyReport verify(Duration timeout) throws SyncException {
        synchronized (world) {
            if (!isLinked() || replica.epoch.isEmpty()) {
                world.time.pass(timeout);
                throw new SyncException(Retry.TRANSIENT, "source or replica could not be read within " + timeout);
            }
            List<Long> source = world.disks.content(spec.source()).orElse(List.of());
            List<Long> committed = source.subList(0, Math.max(0, source.size() - dirty.size()));
            List<Long> copy = world.disks.content(spec.target()).orElse(List.of());
            boolean same = committed.equals(copy) && !world.corrupted.contains(spec.target());
            long bytes = committed.size() * FakeReplication.BYTES_PER_WRITE;
            return new VerifyReport(
                    replica.epoch.orElseThrow(),
                    bytes,
                    same ? List.of() : List.of(new VerifyReport.ByteRange(0, Math.max(1, bytes))));
        }
    }

    Promotion promote(CallContext context) throws SyncException {
        synchronized (world) {
            refuseOld(context.generation());
            if (world.down.contains(spec.targetHost())) {
                world.time.pass(context.timeout());
                throw new SyncException(Retry.TRANSIENT, "target host " + spec.targetHost() + " did not answer");
            }
            if (phase == SyncPhase.PROMOTED && promotion.generation().equals(context.generation())) {
                return promotion;
            }
            if (context.generation().compareTo(spec.generation()) <= 0) {
                throw new InvalidValueException(
                        "generation",
                        context.generation().toString(),
                        "be above the session's generation " + spec.generation());
            }
            if (replica.epoch.isEmpty()) {
                throw new SyncException(
                        Retry.PERMANENT,
                        "replica " + spec.target() + " holds no committed epoch: its first copy is not done");
            }
            replica.generation = context.generation();
            promotion = new Promotion(
                    context.generation(),
                    replica.epoch.orElseThrow(),
                    replica.frozenAt.orElseThrow(),
                    transfer.writes() * FakeReplication.BYTES_PER_WRITE);
            transfer.abort();
            List<Waiting> refused = List.copyOf(waiting);
            waiting.clear();
            refused.forEach(w -> w.consent.completeExceptionally(new IOException("the replica was promoted")));
            enter(SyncPhase.PROMOTED, "");
            return promotion;
        }
    }

    void close() {
        synchronized (world) {
            if (phase == SyncPhase.CLOSED) {
                return;
            }
            transfer.abort();
            enter(SyncPhase.CLOSED, "");
            releaseAll();
            world.sessions.remove(spec.target(), this);
        }
    }

    SyncStatus status() {
        synchronized (world) {
            Instant now = world.time.instant();
            if (!world.down.contains(spec.sourceHost())) {
                observedAt = now;
            }
            boolean moving = transfer.writes() > 0 || (phase == SyncPhase.SEEDING && isLinked());
            return new SyncStatus(
                    phase,
                    spec.generation(),
                    replica.epoch,
                    replica.frozenAt,
                    bytesToSend(dirty.size()),
                    dirty.isEmpty() ? Duration.ZERO : atLeastZero(Duration.between(dirty.get(0).at, now)),
                    moving ? world.bytesPerSecond : 0,
                    moving ? transfer.remaining(now) : Optional.empty(),
                    sentBytes,
                    observedAt,
                    detail);
        }
    }

    private static Duration atLeastZero(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    Subscription subscribe(Consumer<SyncStatus> listener) {
        return listeners.add(listener);
    }

    private void enter(SyncPhase next, String why) {
        detail = why;
        if (phase != next) {
            phase = next;
            announce();
        }
    }

    private void announce() {
        SyncStatus status = status();
        world.time.execute(() -> listeners.deliver(status));
    }
}
