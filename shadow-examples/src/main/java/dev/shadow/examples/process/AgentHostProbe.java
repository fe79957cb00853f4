package dev.shadow.examples.process;

import dev.shadow.examples.process.rpc.RpcClient;
import dev.shadow.examples.process.rpc.RpcException;
import dev.shadow.spi.HostId;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.failover.DetectionException;
import dev.shadow.spi.failover.HostProbe;
import java.io.Closeable;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Pings the agent of a host, on a connection that nothing else can hold up. May be shared. */
public final class AgentHostProbe implements HostProbe, Closeable {
    private final Agents agents;
    private final Map<HostId, RpcClient> clients = new ConcurrentHashMap<>();

    private AgentHostProbe(Agents agents) {
        this.agents = agents;
    }

    /** Returns a probe of the hosts of a fleet. */
    public static AgentHostProbe over(Agents agents) {
        return new AgentHostProbe(agents);
    }

    @Override
    public void probe(HostId host, Duration timeout) throws DetectionException {
        Fleet.Host known = agents.fleet()
                .host(host)
                .orElseThrow(() -> new DetectionException(Retry.PERMANENT, "host " + host + " is unknown"));
        RpcClient client = clients.computeIfAbsent(host, id -> agents.connectionTo(known));
        try {
            client.call("ping", null, timeout);
        } catch (RpcException e) {
            String message = Objects.requireNonNullElseGet(e.getMessage(), e::toString);
            throw new DetectionException(e.retry(), message, Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    @Override
    public void close() {
        clients.values().forEach(RpcClient::close);
    }
}
