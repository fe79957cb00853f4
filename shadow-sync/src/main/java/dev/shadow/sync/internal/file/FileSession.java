package dev.shadow.sync.internal.file;

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
import dev.shadow.sync.internal.Dialer;
import dev.shadow.sync.internal.Lineage;
import dev.shadow.sync.internal.Message;
import dev.shadow.sync.internal.RefusalCode;
import dev.shadow.sync.internal.ReplicaPoint;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The replication of one tree as its user sees it. May be shared between threads. */
public final class FileSession implements SyncSession {
    private static final Logger LOG = LoggerFactory.getLogger(FileSession.class);

    private final Environment environment;
    private final List<Consumer<SyncStatus>> listeners = new CopyOnWriteArrayList<>();
    private volatile SyncSpec spec;
    private volatile SyncStatus status;
    private @Nullable FileRunner runner;
    private boolean closed;

    /** What a session needs from its engine. */
    public record Environment(
            Supplier<Optional<Path>> tree,
            Dialer dialer,
            int windowBytes,
            Duration minInterval,
            Duration maxInterval,
            InstantSource clock,
            LongSupplier nanoClock,
            ThreadFactory threads,
            Consumer<FileSession> onClose) {}

    private FileSession(SyncSpec spec, Environment environment, ReplicaPoint point) {
        this.spec = spec;
        this.environment = environment;
        SyncStatus opened =
                SyncStatus.opened(spec.generation(), environment.clock().instant());
        this.status = at(opened, SyncPhase.OPENED, point, "");
    }

    /** Returns an opened session; {@code point} is what the target is known to hold. */
    public static FileSession open(SyncSpec spec, Environment environment, ReplicaPoint point) {
        return new FileSession(spec, environment, point);
    }

    private SyncStatus at(SyncStatus before, SyncPhase phase, ReplicaPoint point, String detail) {
        return new SyncStatus(
                phase,
                spec.generation(),
                point.isCommitted() ? OptionalLong.of(point.epoch()) : OptionalLong.empty(),
                point.isCommitted() ? Optional.of(Instant.ofEpochMilli(point.frozenAtMillis())) : Optional.empty(),
                before.lagBytes(),
                before.lag(),
                0,
                Optional.empty(),
                before.sentBytes(),
                environment.clock().instant(),
                detail);
    }

    @Override
    public SyncSpec spec() {
        return spec;
    }

    /** Takes over a changed RPO, policy or time-out. */
    public synchronized void change(SyncSpec newSpec) {
        spec = newSpec;
        if (runner != null) {
            runner.wake();
        }
    }

    @Override
    public void start(CallContext context) throws SyncException {
        requireGeneration(context);
        FileRunner current = startRunner();
        try {
            current.firstContact().get(context.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.info("session to {} is started; its target has not answered yet", spec.target());
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw unwrapped(e, "starting");
        }
    }

    private synchronized FileRunner startRunner() throws SyncException {
        requireOpen();
        if (runner == null) {
            Path tree = environment
                    .tree()
                    .get()
                    .orElseThrow(() -> permanent("this process has no tree of instance " + spec.source()
                            + ": start the session where it is"));
            runner = FileRunner.start(tree, () -> spec, environment, this::observe);
        }
        return runner;
    }

    private void observe(SyncStatus next) {
        SyncStatus before = status;
        if (before.phase() == SyncPhase.CLOSED || before.phase() == SyncPhase.PROMOTED) {
            return;
        }
        status = next;
        listeners.forEach(listener -> deliver(listener, next));
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
        return status;
    }

    @Override
    public Subscription subscribe(Consumer<SyncStatus> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public long commitEpoch(CallContext context) throws SyncException {
        requireGeneration(context);
        return await(running().requestRound(), context.timeout(), "committing a round");
    }

    @Override
    public void pause(CallContext context) throws SyncException {
        requireGeneration(context);
        await(running().pause(), context.timeout(), "pausing");
    }

    @Override
    public void resume(CallContext context) throws SyncException {
        requireGeneration(context);
        await(running().resume(), context.timeout(), "resuming");
    }

    @Override
    public void acknowledgeDegraded(CallContext context) throws SyncException {
        requireGeneration(context);
    }

    @Override
    public VerifyReport verify(Duration timeout) throws SyncException {
        return await(running().requestVerification(), timeout, "verifying");
    }

    @Override
    public Promotion promote(CallContext context) throws SyncException {
        requireGeneration(context);
        if (context.generation().equals(spec.generation())) {
            throw permanent("the session to " + spec.target() + " replicates generation " + spec.generation()
                    + ": promote its target to a generation above");
        }
        long generation = context.generation().value();
        Message answer = ask(new Message.Promote(generation, 0), generation, context.timeout());
        if (!(answer instanceof Message.Promoted promoted)) {
            throw refusal(answer, context.generation());
        }
        ReplicaPoint point = new ReplicaPoint(promoted.epoch(), Lineage.NONE, promoted.frozenAtMillis(), 0);
        observe(at(status, SyncPhase.PROMOTED, point, "promoted to generation " + generation));
        stopRunner();
        return new Promotion(
                Generation.of(promoted.generation()),
                promoted.epoch(),
                Instant.ofEpochMilli(promoted.frozenAtMillis()),
                promoted.discardedBytes());
    }

    private Message ask(Message request, long generation, Duration timeout) throws SyncException {
        return environment
                .dialer()
                .ask(spec.targetHost(), spec.vm().value(), spec.target(), request, generation, timeout);
    }

    private SyncException refusal(Message answer, Generation offered) {
        if (answer instanceof Message.Refused refused) {
            if (refused.code() == RefusalCode.STALE_GENERATION) {
                throw new StaleGenerationException(spec.vm(), offered, Generation.of(refused.highestGeneration()));
            }
            return permanent(refused.detail());
        }
        return new SyncException(
                SyncException.Retry.TRANSIENT, "the target gave an answer that has no place here: " + answer);
    }

    private void requireGeneration(CallContext context) {
        if (context.generation().isOlderThan(spec.generation())) {
            throw new StaleGenerationException(spec.vm(), context.generation(), spec.generation());
        }
    }

    private synchronized FileRunner running() throws SyncException {
        requireOpen();
        if (runner == null) {
            throw permanent("the session to " + spec.target() + " is not started: start it");
        }
        return runner;
    }

    private void requireOpen() throws SyncException {
        if (closed) {
            throw permanent("the session to " + spec.target() + " is closed: open it again");
        }
    }

    private <T> T await(CompletableFuture<T> future, Duration timeout, String what) throws SyncException {
        try {
            return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            future.cancel(false);
            SyncStatus shown = status;
            throw new SyncException(
                    SyncException.Retry.TRANSIENT,
                    what + " took longer than " + timeout.toMillis() + " ms; the session is in phase " + shown.phase()
                            + (shown.detail().isEmpty() ? "" : ": " + shown.detail()),
                    e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw unwrapped(e, what);
        }
    }

    private static SyncException unwrapped(ExecutionException e, String what) {
        Throwable cause = e.getCause();
        if (cause instanceof StaleGenerationException stale) {
            throw stale;
        }
        if (cause instanceof SyncException sync) {
            return new SyncException(sync.retry(), String.valueOf(sync.getMessage()), sync);
        }
        return new SyncException(
                SyncException.Retry.TRANSIENT,
                what + " failed: " + (cause == null ? e.getMessage() : cause.getMessage()),
                e);
    }

    private static SyncException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new SyncException(SyncException.Retry.TRANSIENT, "the call was interrupted", e);
    }

    private static SyncException permanent(String message) {
        return new SyncException(SyncException.Retry.PERMANENT, message);
    }

    private void stopRunner() {
        FileRunner current;
        synchronized (this) {
            current = runner;
        }
        if (current != null) {
            current.stop();
        }
    }

    /** Stops sending; the session stays what it is until it is closed. */
    public void suspend() {
        stopRunner();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        stopRunner();
        SyncStatus last = status;
        SyncStatus end = new SyncStatus(
                SyncPhase.CLOSED,
                spec.generation(),
                last.committedEpoch(),
                last.committedAt(),
                last.lagBytes(),
                last.lag(),
                0,
                Optional.empty(),
                last.sentBytes(),
                environment.clock().instant(),
                "");
        observe(end);
        status = end;
        environment.onClose().accept(this);
    }
}
