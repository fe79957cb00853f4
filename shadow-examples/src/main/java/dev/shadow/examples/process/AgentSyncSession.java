package dev.shadow.examples.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.shadow.examples.process.guest.GuestProcess;
import dev.shadow.examples.process.rpc.Json;
import dev.shadow.examples.process.rpc.RpcException;
import dev.shadow.spi.CallContext;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.Subscription;
import dev.shadow.spi.sync.Promotion;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.spi.sync.SyncStatus;
import dev.shadow.spi.sync.VerifyReport;
import dev.shadow.sync.ReplicaStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A replication that runs in the process of its source. May be shared. */
final class AgentSyncSession implements SyncSession {
    private static final Logger LOG = LoggerFactory.getLogger(AgentSyncSession.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final AgentSyncEngine engine;
    private final List<Consumer<SyncStatus>> listeners = new CopyOnWriteArrayList<>();
    private final Object lock = new Object();

    @GuardedBy("lock")
    private SyncSpec spec;

    @GuardedBy("lock")
    private SyncStatus status;

    @GuardedBy("lock")
    private boolean started;

    @GuardedBy("lock")
    private @Nullable Promotion promotion;

    @GuardedBy("lock")
    private boolean closed;

    AgentSyncSession(AgentSyncEngine engine, SyncSpec spec, InstantSource clock) {
        this.engine = engine;
        this.spec = spec;
        this.status = SyncStatus.opened(spec.generation(), clock.instant());
    }

    @Override
    public SyncSpec spec() {
        synchronized (lock) {
            return spec;
        }
    }

    boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    /** Takes over what may change of a replication; false if it is another replication. */
    boolean takesOver(SyncSpec next) {
        synchronized (lock) {
            boolean same = spec.vm().equals(next.vm())
                    && spec.source().equals(next.source())
                    && spec.sourceHost().equals(next.sourceHost())
                    && spec.targetHost().equals(next.targetHost())
                    && spec.generation().equals(next.generation());
            if (same) {
                spec = next;
            }
            return same;
        }
    }

    @Override
    public void start(CallContext context) throws SyncException {
        SyncSpec present = spec();
        refuseStale(present, context);
        open(present, context.timeout());
        ask("sync.start", context);
        synchronized (lock) {
            started = true;
        }
        refresh(context.timeout());
    }

    private void refuseStale(SyncSpec present, CallContext context) throws SyncException {
        try {
            Optional<ReplicaStatus> replica =
                    engine.agents().replica(present.targetHost(), present.target(), context.timeout());
            if (replica.isPresent()
                    && present.generation().isOlderThan(replica.get().generation())) {
                throw new StaleGenerationException(
                        present.vm(), present.generation(), replica.get().generation());
            }
        } catch (RpcException e) {
            // The source goes on trying by itself until the target is back, and is refused then if need be.
            LOG.debug("target {} cannot be asked: {}", present.target(), e.getMessage());
        }
    }

    private void open(SyncSpec present, Duration timeout) throws SyncException {
        ObjectNode order = JsonNodeFactory.instance.objectNode();
        order.setAll((ObjectNode) Json.tree(new GuestProcess.Open(present, engine.endpointOf(present.targetHost()))));
        order.put("source", present.source().value());
        call(present, "sync.open", order, timeout);
    }

    private JsonNode ask(String method, CallContext context) throws SyncException {
        SyncSpec present = spec();
        return call(present, method, order(present).set("context", Json.tree(context)), context.timeout());
    }

    private static ObjectNode order(SyncSpec present) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("source", present.source().value())
                .put("target", present.target().value());
    }

    private JsonNode call(SyncSpec present, String method, JsonNode order, Duration timeout) throws SyncException {
        try {
            return engine.agents().call(present.sourceHost(), method, order, timeout);
        } catch (RpcException e) {
            throw AgentSyncEngine.failure(e);
        }
    }

    @Override
    public SyncStatus status() {
        synchronized (lock) {
            return status;
        }
    }

    /** Asks the source how it stands; if the source cannot be asked, what is known stays, and grows old. */
    void refresh(Duration timeout) {
        if (isClosed() || status().phase().isTerminal()) {
            return;
        }
        SyncSpec present = spec();
        try {
            SyncStatus fresh = engine.agents()
                    .call(present.sourceHost(), "sync.status", order(present), SyncStatus.class, timeout);
            observe(fresh);
        } catch (RpcException e) {
            LOG.debug("the source of {} cannot be asked: {}", present.target(), e.getMessage());
        } catch (StaleGenerationException e) {
            LOG.debug("the source of {} is superseded: {}", present.target(), e.getMessage());
        }
    }

    void observe(SyncStatus fresh) {
        synchronized (lock) {
            boolean foreign = !fresh.generation().equals(spec.generation());
            if (closed || foreign || promotion != null || fresh.observedAt().isBefore(status.observedAt())) {
                return;
            }
            status = fresh;
        }
        announce(fresh);
    }

    private void announce(SyncStatus fresh) {
        for (Consumer<SyncStatus> listener : listeners) {
            try {
                listener.accept(fresh);
            } catch (RuntimeException e) {
                LOG.warn("a listener failed", e);
            }
        }
    }

    @Override
    public Subscription subscribe(Consumer<SyncStatus> listener) {
        // A wrapper, so that a listener that subscribed twice is removed once.
        Consumer<SyncStatus> own = status -> listener.accept(status);
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    @Override
    public long commitEpoch(CallContext context) throws SyncException {
        long epoch = ask("sync.commit", context).asLong(-1);
        if (epoch < 0) {
            throw new SyncException(Retry.TRANSIENT, "the source did not say which epoch it committed");
        }
        return epoch;
    }

    @Override
    public void pause(CallContext context) throws SyncException {
        ask("sync.pause", context);
        refresh(context.timeout());
    }

    @Override
    public void resume(CallContext context) throws SyncException {
        ask("sync.resume", context);
        refresh(context.timeout());
    }

    @Override
    public void acknowledgeDegraded(CallContext context) throws SyncException {
        ask("sync.acknowledge", context);
        refresh(context.timeout());
    }

    @Override
    public VerifyReport verify(Duration timeout) throws SyncException {
        SyncSpec present = spec();
        JsonNode order = order(present).put("timeout", timeout.toString());
        try {
            return engine.agents().call(present.sourceHost(), "sync.verify", order, VerifyReport.class, timeout);
        } catch (RpcException e) {
            throw AgentSyncEngine.failure(e);
        }
    }

    @Override
    public Promotion promote(CallContext context) throws SyncException {
        SyncSpec present = spec();
        InstanceId target = present.target();
        Promotion promoted;
        try {
            promoted = engine.agents()
                    .call(
                            present.targetHost(),
                            "replica.promote",
                            Map.of(
                                    "instance",
                                    target.value(),
                                    "generation",
                                    context.generation().value()),
                            Promotion.class,
                            context.timeout());
        } catch (RpcException e) {
            throw AgentSyncEngine.failure(e);
        }
        SyncStatus ended;
        synchronized (lock) {
            promotion = promoted;
            status = in(SyncPhase.PROMOTED, status);
            ended = status;
        }
        announce(ended);
        return promoted;
    }

    private static SyncStatus in(SyncPhase phase, SyncStatus before) {
        return new SyncStatus(
                phase,
                before.generation(),
                before.committedEpoch(),
                before.committedAt(),
                before.lagBytes(),
                before.lag(),
                0,
                Optional.empty(),
                before.sentBytes(),
                before.observedAt(),
                before.detail());
    }

    @Override
    public void close() {
        boolean tell;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            tell = started && promotion == null;
            status = in(SyncPhase.CLOSED, status);
        }
        engine.forget(this);
        SyncSpec present = spec();
        try {
            call(present, "sync.close", order(present), CLOSE_TIMEOUT);
        } catch (SyncException | StaleGenerationException e) {
            if (tell) {
                LOG.debug("the source of {} was not told to stop: {}", present.target(), e.getMessage());
            }
        }
    }
}
