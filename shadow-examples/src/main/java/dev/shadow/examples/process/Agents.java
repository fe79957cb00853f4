package dev.shadow.examples.process;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shadow.examples.process.host.AgentMessages;
import dev.shadow.examples.process.rpc.RpcClient;
import dev.shadow.examples.process.rpc.RpcException;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.sync.ReplicaStatus;
import java.io.Closeable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Connections to the agents of a fleet, made when they are needed. May be shared. */
public final class Agents implements Closeable {
    private final Fleet fleet;
    private final Map<HostId, RpcClient> clients = new ConcurrentHashMap<>();
    private final List<BiConsumer<String, JsonNode>> listeners = new CopyOnWriteArrayList<>();

    private Agents(Fleet fleet) {
        this.fleet = fleet;
    }

    /** Returns connections to the hosts of a fleet. */
    public static Agents of(Fleet fleet) {
        return new Agents(fleet);
    }

    Fleet fleet() {
        return fleet;
    }

    /** Has {@code listener} take what any connected agent tells, topic and content; it must not block. */
    void listen(BiConsumer<String, JsonNode> listener) {
        listeners.add(listener);
    }

    /** The connection to a host's agent; empty if the fleet has no such host. */
    private Optional<RpcClient> client(HostId host) {
        return fleet.host(host).map(known -> clients.computeIfAbsent(host, id -> connectionTo(known)));
    }

    /** A connection that is nobody else's. */
    RpcClient connectionTo(Fleet.Host host) {
        return RpcClient.listening(
                "agent of host " + host.id(),
                fleet.secret(),
                Fleet.agentOf(host),
                (topic, content) -> listeners.forEach(listener -> listener.accept(topic, content)));
    }

    /**
     * Calls the agent of a host.
     *
     * @throws RpcException if the host is unknown, cannot be reached in time, or refuses
     */
    <T> T call(HostId host, String method, @Nullable Object params, Class<T> result, Duration timeout)
            throws RpcException {
        return known(host).call(method, params, result, timeout);
    }

    /** Calls the agent of a host for nothing but the effect. */
    JsonNode call(HostId host, String method, @Nullable Object params, Duration timeout) throws RpcException {
        return known(host).call(method, params, timeout);
    }

    /**
     * What a host holds of a replica; empty if it has none. Asks that host alone.
     *
     * @throws RpcException if the host is unknown, or cannot be reached in time
     */
    public Optional<ReplicaStatus> replica(HostId host, InstanceId target, Duration timeout) throws RpcException {
        return call(host, "replica.status", Map.of("instance", target.value()), AgentMessages.Replica.class, timeout)
                .status();
    }

    /**
     * Copies what a replica has committed into a new file, for a look at it while replication goes on.
     *
     * @throws RpcException if the host cannot be reached in time, holds nothing committed, or the file exists
     */
    public ReplicaStatus copyReplica(HostId host, InstanceId target, Path file, Duration timeout) throws RpcException {
        return call(
                host, "replica.copy", new AgentMessages.Copy(target, file.toString()), ReplicaStatus.class, timeout);
    }

    private RpcClient known(HostId host) throws RpcException {
        return client(host)
                .orElseThrow(() -> RpcException.refused(
                        RpcException.Retry.PERMANENT, "host " + host + " is unknown; the fleet has " + names()));
    }

    private List<String> names() {
        return fleet.hosts().stream().map(host -> host.id().value()).toList();
    }

    @Override
    public void close() {
        clients.values().forEach(RpcClient::close);
    }
}
