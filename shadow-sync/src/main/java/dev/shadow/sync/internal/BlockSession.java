package dev.shadow.sync.internal;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.Subscription;
import dev.shadow.spi.sync.Promotion;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.spi.sync.SyncStatus;
import dev.shadow.spi.sync.VerifyReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One replication as its user sees it. May be shared between threads. */
public final class BlockSession implements SyncSession {
    private static final Logger LOG = LoggerFactory.getLogger(BlockSession.class);

    private static final Duration FENCE_PATIENCE = Duration.ofSeconds(1);

    private final Environment environment;
    private final List<Consumer<SyncStatus>> listeners = new CopyOnWriteArrayList<>();
    private volatile SyncSpec spec;
    private volatile SessionRunner.Snapshot snapshot;
    private volatile Instant observedAt;
    private volatile @Nullable Peer peer;
    private @Nullable SessionRunner runner;
    private boolean closed;

    /** What a session needs from its engine. */
    public record Environment(
            Supplier<Optional<TrackedDisk>> disk,
            SourceMachine.Limits limits,
            SessionRunner.Settings settings,
            Dialer dialer,
            RandomGenerator random,
            InstantSource clock,
            Consumer<BlockSession> onClose) {}

    private BlockSession(SyncSpec spec, Environment environment, ReplicaPoint point) {
        this.spec = spec;
        this.environment = environment;
        this.snapshot = new SessionRunner.Snapshot(SyncPhase.OPENED, point, 0, 0, "", false);
        this.observedAt = environment.clock().instant();
    }

    /** Returns an opened session; {@code point} is what the target is known to hold. */
    public static BlockSession open(SyncSpec spec, Environment environment, ReplicaPoint point) {
        return new BlockSession(spec, environment, point);
    }

    @Override
    public SyncSpec spec() {
        return spec;
    }

    /** Takes over a changed mode, RPO, policy or time-out. */
    public synchronized void change(SyncSpec newSpec) {
        if (!spec.equals(newSpec)) {
            spec = newSpec;
            SessionRunner current = runner;
            if (current != null) {
                CompletableFuture<Void> changed = current.execute(machine -> machine.change(newSpec));
                changed.exceptionally(gone -> null);
            }
        }
    }

    @Override
    public void start(CallContext context) throws SyncException {
        requireGeneration(context);
        SessionRunner current = startRunner();
        try {
            current.firstContact().get(context.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.info("session to {} is started; its target has not answered yet", spec.target());
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw new SyncException(SyncException.Retry.TRANSIENT, "start failed: " + e.getMessage(), e);
        }
        if (snapshot.phase() == SyncPhase.PROMOTED) {
            throwIfFenced();
        }
    }

    private void throwIfFenced() {
        environment.disk().get().ifPresent(disk -> {
            long newer = disk.fencedBy();
            if (newer > spec.generation().value()) {
                throw new StaleGenerationException(spec.vm(), spec.generation(), Generation.of(newer));
            }
        });
    }

    private synchronized SessionRunner startRunner() throws SyncException {
        requireOpen();
        if (runner != null) {
            return runner;
        }
        TrackedDisk disk = environment
                .disk()
                .get()
                .orElseThrow(() -> new SyncException(
                        SyncException.Retry.PERMANENT,
                        "this process has no disk of instance " + spec.source() + ": start the session where it runs"));
        if (disk.identity().generation().isOlderThan(spec.generation())) {
            throw new SyncException(
                    SyncException.Retry.PERMANENT,
                    "disk " + spec.source() + " was opened in generation "
                            + disk.identity().generation() + " and cannot replicate generation " + spec.generation());
        }
        try {
            Peer opened = disk.peer(spec.target());
            SourceMachine machine = SourceMachine.of(disk, opened, spec, environment.limits(), environment.random());
            SessionRunner started = SessionRunner.start(machine, opened, environment.settings(), this::observe);
            peer = opened;
            runner = started;
            return started;
        } catch (IOException e) {
            throw new SyncException(
                    SyncException.Retry.PERMANENT, "the source cannot track changes: " + e.getMessage(), e);
        }
    }

    private void observe(SessionRunner.Snapshot next) {
        snapshot = next;
        observedAt = environment.clock().instant();
        if (next.news() && !listeners.isEmpty()) {
            SyncStatus status = status();
            listeners.forEach(listener -> deliver(listener, status));
        }
    }

    private static void deliver(Consumer<SyncStatus> listener, SyncStatus status) {
        try {
            listener.accept(status);
        } catch (RuntimeException e) {
            LOG.warn("a status listener failed and is kept", e);
        }
    }

    @Override
    public SyncStatus status() {
        SessionRunner.Snapshot shown = snapshot;
        Peer tracked = peer;
        Peer.Lag lag = tracked == null ? new Peer.Lag(0, 0) : tracked.lag();
        Instant now = tracked == null ? observedAt : environment.clock().instant();
        long age = lag.oldestMillis() == 0 ? 0 : Math.max(0, now.toEpochMilli() - lag.oldestMillis());
        ReplicaPoint point = shown.point();
        boolean moving =
                lag.bytes() > 0 && shown.bytesPerSecond() > 0 && !shown.phase().isTerminal();
        Optional<Duration> eta = moving
                ? Optional.of(Duration.ofMillis((long) (lag.bytes() * 1000.0 / shown.bytesPerSecond())))
                : Optional.empty();
        return new SyncStatus(
                shown.phase(),
                spec.generation(),
                point.isCommitted() ? OptionalLong.of(point.epoch()) : OptionalLong.empty(),
                point.isCommitted() ? Optional.of(Instant.ofEpochMilli(point.frozenAtMillis())) : Optional.empty(),
                lag.bytes(),
                Duration.ofMillis(age),
                shown.bytesPerSecond(),
                eta,
                shown.sentBytes(),
                now,
                shown.detail());
    }

    @Override
    public Subscription subscribe(Consumer<SyncStatus> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public long commitEpoch(CallContext context) throws SyncException {
        requireGeneration(context);
        CompletableFuture<Long> done = new CompletableFuture<>();
        CompletableFuture<Long> committed =
                running().execute(machine -> machine.commitEpoch(done)).thenCompose(begun -> done);
        try {
            return await(committed, context.timeout(), "committing an epoch");
        } finally {
            done.cancel(false);
        }
    }

    @Override
    public void pause(CallContext context) throws SyncException {
        requireGeneration(context);
        await(running().execute(SourceMachine::pause), context.timeout(), "pausing");
    }

    @Override
    public void resume(CallContext context) throws SyncException {
        requireGeneration(context);
        await(running().execute(SourceMachine::resume), context.timeout(), "resuming");
    }

    @Override
    public void acknowledgeDegraded(CallContext context) throws SyncException {
        requireGeneration(context);
        await(running().execute(SourceMachine::acknowledgeDegraded), context.timeout(), "acknowledging");
    }

    @Override
    public VerifyReport verify(Duration timeout) throws SyncException {
        CompletableFuture<VerifyReport> done = new CompletableFuture<>();
        return await(
                running().execute(machine -> machine.verify(done)).thenCompose(begun -> done), timeout, "verifying");
    }

    @Override
    public Promotion promote(CallContext context) throws SyncException {
        if (context.generation().isOlderThan(spec.generation())) {
            throw new StaleGenerationException(spec.vm(), context.generation(), spec.generation());
        }
        if (context.generation().equals(spec.generation())) {
            throw new SyncException(
                    SyncException.Retry.PERMANENT,
                    "the session to " + spec.target() + " replicates generation " + spec.generation()
                            + ": promote its target to a generation above");
        }
        long generation = context.generation().value();
        Message answer = ask(new Message.Promote(generation, 0), generation, context.timeout());
        if (!(answer instanceof Message.Promoted promoted)) {
            throw refusal(answer, context.generation());
        }
        ReplicaPoint at = new ReplicaPoint(promoted.epoch(), Lineage.NONE, promoted.frozenAtMillis(), 0);
        observe(new SessionRunner.Snapshot(
                SyncPhase.PROMOTED, at, 0, snapshot.sentBytes(), "promoted to generation " + generation, true));
        tellRunner(generation);
        return new Promotion(
                Generation.of(promoted.generation()),
                promoted.epoch(),
                Instant.ofEpochMilli(promoted.frozenAtMillis()),
                promoted.discardedBytes());
    }

    /** Fences the source, if it is here; that it is not, or is gone, changes nothing for the target. */
    private void tellRunner(long generation) {
        SessionRunner current = currentRunner();
        if (current == null) {
            return;
        }
        try {
            await(current.execute(machine -> machine.superseded(generation)), FENCE_PATIENCE, "fencing the source");
        } catch (SyncException e) {
            LOG.info("the source of {} was not told of its promotion: {}", spec.target(), e.getMessage());
        }
    }

    private Message ask(Message request, long generation, Duration timeout) throws SyncException {
        return environment
                .dialer()
                .ask(spec.targetHost(), spec.vm().value(), spec.target(), request, generation, timeout);
    }

    private SyncException refusal(Message answer, Generation offered) {
        if (answer instanceof Message.Refused refused) {
            if (refused.code() == RefusalCode.STALE_GENERATION && refused.highestGeneration() > offered.value()) {
                throw new StaleGenerationException(spec.vm(), offered, Generation.of(refused.highestGeneration()));
            }
            return new SyncException(
                    refused.code().isTransient() && refused.code() != RefusalCode.UNKNOWN_REPLICA
                            ? SyncException.Retry.TRANSIENT
                            : SyncException.Retry.PERMANENT,
                    refused.detail());
        }
        return new SyncException(
                SyncException.Retry.TRANSIENT, "the target gave an answer that has no place here: " + answer);
    }

    private void requireGeneration(CallContext context) {
        if (context.generation().isOlderThan(spec.generation())) {
            throw new StaleGenerationException(spec.vm(), context.generation(), spec.generation());
        }
    }

    private synchronized @Nullable SessionRunner currentRunner() {
        return runner;
    }

    private synchronized SessionRunner running() throws SyncException {
        requireOpen();
        if (runner == null) {
            throw new SyncException(
                    SyncException.Retry.PERMANENT, "the session to " + spec.target() + " is not started: start it");
        }
        return runner;
    }

    private void requireOpen() throws SyncException {
        if (closed) {
            throw new SyncException(
                    SyncException.Retry.PERMANENT, "the session to " + spec.target() + " is closed: open it again");
        }
    }

    private <T> T await(CompletableFuture<T> future, Duration timeout, String what) throws SyncException {
        try {
            return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new SyncException(
                    SyncException.Retry.TRANSIENT,
                    what + " took longer than " + timeout.toMillis() + " ms; the session is in phase "
                            + snapshot.phase() + (snapshot.detail().isEmpty() ? "" : ": " + snapshot.detail()),
                    e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof CompletionException && cause.getCause() != null) {
                cause = cause.getCause();
            }
            if (cause instanceof StaleGenerationException stale) {
                throw stale;
            }
            if (cause instanceof SyncException sync) {
                throw new SyncException(sync.retry(), String.valueOf(sync.getMessage()), sync);
            }
            throw new SyncException(
                    SyncException.Retry.PERMANENT,
                    what + " failed: " + (cause == null ? e.getMessage() : cause.getMessage()),
                    e);
        }
    }

    private static SyncException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new SyncException(SyncException.Retry.TRANSIENT, "interrupted while waiting", e);
    }

    /** Whether the session was closed. */
    public synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        end(true);
    }

    /** Stops without letting go of writes that need the replica. */
    public void suspend() {
        end(false);
    }

    private void end(boolean forget) {
        SessionRunner current;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            current = runner;
        }
        if (current != null) {
            current.stop(forget);
        }
        observe(new SessionRunner.Snapshot(
                SyncPhase.CLOSED, snapshot.point(), 0, snapshot.sentBytes(), snapshot.detail(), true));
        environment.onClose().accept(this);
    }
}
