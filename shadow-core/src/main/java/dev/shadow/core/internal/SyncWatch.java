package dev.shadow.core.internal;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.SpiException;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.Subscription;
import dev.shadow.spi.VmId;
import dev.shadow.spi.store.StoreException;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncStatus;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the sessions, and keeps the record of which replica holds every acknowledged write.
 *
 * <p>A session that degrades holds up the guest's writes, so it is served at once and under a lock of its
 * own for each virtual machine, never behind other work: first the loss is recorded, then it is
 * acknowledged. Once a failover has begun the machine is sealed, and nothing is acknowledged any more.
 * Thread-safe.
 */
final class SyncWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SyncWatch.class);

    private final Parts parts;
    private final Records records;
    private final Consumer<Progress> onProgress;
    private final Map<InstanceId, Watched> sessions = new ConcurrentHashMap<>();
    private final Map<VmId, Object> locks = new ConcurrentHashMap<>();
    private final Set<VmId> sealed = ConcurrentHashMap.newKeySet();

    SyncWatch(Parts parts, Records records, Consumer<Progress> onProgress) {
        this.parts = parts;
        this.records = records;
        this.onProgress = onProgress;
    }

    /** A session moved, or changed its phase. */
    record Progress(VmId vm, InstanceId replica, SyncStatus status, SyncPhase before) {}

    /** A call to a session; calls other than {@code status} must not overlap. */
    @FunctionalInterface
    interface SessionCall<T> {
        T run() throws SyncException;
    }

    Object lockOf(VmId vm) {
        return locks.computeIfAbsent(vm, v -> new Object());
    }

    <T> T exclusively(VmId vm, SessionCall<T> call) throws SyncException {
        synchronized (lockOf(vm)) {
            return call.run();
        }
    }

    /** Follows a session from now on, in place of another one of the same replica. */
    void follow(SyncSession session) {
        InstanceId id = session.spec().target();
        Watched present = sessions.get(id);
        if (present != null && present.session == session) {
            return;
        }
        forget(id);
        Watched watched = new Watched(session);
        sessions.put(id, watched);
        watched.subscription = session.subscribe(status -> soon(watched));
        soon(watched);
    }

    Optional<SyncSession> session(InstanceId id) {
        return Optional.ofNullable(sessions.get(id)).map(watched -> watched.session);
    }

    void forget(InstanceId id) {
        Watched watched = sessions.remove(id);
        if (watched != null) {
            watched.subscription.close();
        }
    }

    void close() {
        sessions.values().forEach(watched -> watched.subscription.close());
        sessions.clear();
    }

    /** From now on nothing is acknowledged for this machine. Waits for an acknowledgement that is under way. */
    void seal(VmId vm) {
        synchronized (lockOf(vm)) {
            sealed.add(vm);
        }
    }

    void unseal(VmId vm) {
        synchronized (lockOf(vm)) {
            sealed.remove(vm);
        }
        sessions.values().stream().filter(w -> w.vm().equals(vm)).forEach(this::soon);
    }

    private void soon(Watched watched) {
        if (watched.queued.compareAndSet(false, true)) {
            try {
                parts.executor().execute(() -> settle(watched));
            } catch (RejectedExecutionException e) {
                LOG.debug("the executor is closed; the next manager settles {}", watched.session.spec());
            }
        }
    }

    private void settle(Watched watched) {
        watched.queued.set(false);
        if (sessions.get(watched.id()) != watched || !parts.ownership().isOwner()) {
            return;
        }
        Seen seen;
        try {
            seen = record(watched);
        } catch (SpiException | StaleGenerationException e) {
            LOG.warn("the state of replica {} could not be recorded and will be tried again", watched.id(), e);
            retry(watched);
            return;
        }
        tell(watched, seen);
    }

    /** Apart from the lock of the machine, so that no guest waits for it; what is older than what was told is not. */
    private void tell(Watched watched, Seen seen) {
        synchronized (watched.telling) {
            if (seen.number < watched.told) {
                return;
            }
            SyncPhase before = watched.phase;
            watched.told = seen.number;
            watched.phase = seen.status.phase();
            onProgress.accept(new Progress(watched.vm(), watched.id(), seen.status, before));
        }
    }

    /** A status with its place in the order in which they were seen. */
    private record Seen(SyncStatus status, long number) {}

    private Seen record(Watched watched) throws StoreException, SyncException {
        synchronized (lockOf(watched.vm())) {
            SyncStatus status = watched.session.status();
            Seen seen = new Seen(status, ++watched.seen);
            if (sealed.contains(watched.vm())) {
                return seen;
            }
            switch (status.phase()) {
                case SYNCHRONOUS -> records.saveInSync(watched.id(), true);
                case DEGRADING -> {
                    records.saveInSync(watched.id(), false);
                    watched.session.acknowledgeDegraded(CallContext.of(
                            watched.id() + "/degraded/" + status.observedAt(),
                            status.generation(),
                            parts.config().callTimeout()));
                }
                case SEEDING, ASYNCHRONOUS, DEGRADED, PAUSED -> records.saveInSync(watched.id(), false);
                case OPENED, INTERRUPTED, PROMOTED, FAILED, CLOSED -> {
                    // Says nothing of what the replica holds: a write without it is preceded by DEGRADING.
                }
            }
            return seen;
        }
    }

    private void retry(Watched watched) {
        try {
            var unused = parts.executor()
                    .schedule(() -> soon(watched), parts.config().retryDelay().toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the executor is closed; the next manager settles {}", watched.session.spec());
        }
    }

    private static final class Watched {
        private final SyncSession session;
        private final AtomicBoolean queued = new AtomicBoolean();
        private volatile Subscription subscription = () -> {};
        private final Object telling = new Object();

        // Guarded by the lock of the machine.
        private long seen;

        // Guarded by telling.
        private long told;
        private SyncPhase phase = SyncPhase.OPENED;

        Watched(SyncSession session) {
            this.session = session;
        }

        InstanceId id() {
            return session.spec().target();
        }

        VmId vm() {
            return session.spec().vm();
        }
    }
}
