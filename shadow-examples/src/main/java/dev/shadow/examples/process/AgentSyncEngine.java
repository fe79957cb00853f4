package dev.shadow.examples.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.shadow.examples.process.guest.GuestProcess;
import dev.shadow.examples.process.rpc.Json;
import dev.shadow.examples.process.rpc.RpcException;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.sync.SyncEngine;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncMethod;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.sync.ReplicaStatus;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Block replication that runs in the process of the source, steered over its agent. What the source is asked goes
 * to the source's host, a promotion to the target's alone. Sessions live in the source's process, so they go on
 * while no manager runs, and are found again by the next one. May be shared.
 */
public final class AgentSyncEngine implements SyncEngine, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentSyncEngine.class);
    private static final Duration REFRESH = Duration.ofMillis(250);
    private static final Duration REFRESH_TIMEOUT = Duration.ofSeconds(1);

    private final Agents agents;
    private final InstantSource clock;
    private final Map<InstanceId, AgentSyncSession> sessions = new ConcurrentHashMap<>();
    private final ScheduledExecutorService refresher = Executors.newScheduledThreadPool(2, work -> {
        Thread thread = new Thread(work, "sync-status");
        thread.setDaemon(true);
        return thread;
    });

    private AgentSyncEngine(Agents agents, InstantSource clock) {
        this.agents = agents;
        this.clock = clock;
    }

    /** Returns an engine over the agents of a fleet. */
    public static AgentSyncEngine over(Agents agents, InstantSource clock) {
        AgentSyncEngine engine = new AgentSyncEngine(agents, clock);
        agents.listen(engine::told);
        Future<?> unused = engine.refresher.scheduleWithFixedDelay(
                engine::refresh, REFRESH.toMillis(), REFRESH.toMillis(), TimeUnit.MILLISECONDS);
        return engine;
    }

    @Override
    public SyncSession open(SyncSpec spec, Duration timeout) throws SyncException {
        if (spec.method() != SyncMethod.BLOCK) {
            throw new SyncException(
                    Retry.PERMANENT, "method " + spec.method() + " is not supported here; supported is BLOCK");
        }
        refuseIfStale(spec, timeout);
        AgentSyncSession present = sessions.get(spec.target());
        if (present != null && !present.isClosed()) {
            if (present.takesOver(spec)) {
                return present;
            }
            if (!present.spec().generation().isOlderThan(spec.generation())) {
                throw new SyncException(
                        Retry.PERMANENT,
                        "a session to " + spec.target() + " is open with another source or generation: "
                                + present.spec() + "; close it first");
            }
            present.close();
        }
        AgentSyncSession session = new AgentSyncSession(this, spec, clock);
        sessions.put(spec.target(), session);
        session.refresh(timeout);
        return session;
    }

    private void refuseIfStale(SyncSpec spec, Duration timeout) throws SyncException {
        Optional<ReplicaStatus> replica;
        try {
            replica = agents.replica(spec.targetHost(), spec.target(), timeout);
        } catch (RpcException e) {
            if (e.wasRefused()) {
                throw failure(e);
            }
            LOG.debug("target {} is not asked for its generation: {}", spec.target(), e.getMessage());
            return;
        }
        Generation highest = replica.map(ReplicaStatus::generation).orElse(Generation.INITIAL);
        if (spec.generation().isOlderThan(highest)) {
            throw new StaleGenerationException(spec.vm(), spec.generation(), highest);
        }
    }

    @Override
    public Optional<SyncSession> session(InstanceId target) {
        return Optional.ofNullable(sessions.get(target));
    }

    Agents agents() {
        return agents;
    }

    /** Where epochs for the target are sent. */
    Endpoint endpointOf(HostId host) throws SyncException {
        Fleet.Host known = agents.fleet()
                .host(host)
                .orElseThrow(() -> new SyncException(Retry.PERMANENT, "host " + host + " is unknown"));
        try {
            return new Endpoint(
                    InetAddress.getLoopbackAddress().getHostAddress(),
                    agents.fleet().replicaPortOf(known));
        } catch (IOException e) {
            throw new SyncException(Retry.TRANSIENT, "host " + host + " does not say where its replicas are", e);
        }
    }

    void forget(AgentSyncSession session) {
        sessions.remove(session.spec().target(), session);
    }

    private void told(String topic, JsonNode content) {
        if (!topic.equals("sync")) {
            return;
        }
        try {
            GuestProcess.Progress progress = Json.value(content, GuestProcess.Progress.class);
            AgentSyncSession session = sessions.get(progress.target());
            if (session != null) {
                session.observe(progress.status());
            }
        } catch (JsonProcessingException e) {
            LOG.warn("a status was not understood: {}", e.getOriginalMessage());
        }
    }

    private void refresh() {
        for (AgentSyncSession session : sessions.values()) {
            try {
                session.refresh(REFRESH_TIMEOUT);
            } catch (RuntimeException e) {
                LOG.warn(
                        "the status of {} could not be refreshed",
                        session.spec().target(),
                        e);
            }
        }
    }

    static SyncException failure(RpcException e) {
        return new SyncException(e.retry(), Objects.requireNonNullElseGet(e.getMessage(), e::toString), e);
    }

    /** Stops looking; the replications go on. */
    @Override
    public void close() {
        refresher.shutdownNow();
    }
}
