package dev.shadow.examples.process.traffic;

import dev.shadow.examples.process.rpc.RpcClient;
import dev.shadow.examples.process.rpc.RpcException;
import dev.shadow.spi.CallContext;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.VmId;
import dev.shadow.spi.failover.Route;
import dev.shadow.spi.failover.TrafficDirector;
import dev.shadow.spi.failover.TrafficException;
import java.io.Closeable;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Directs traffic through a {@link Forwarder} in another process. May be shared. */
public final class ForwarderTrafficDirector implements TrafficDirector, Closeable {
    private final RpcClient forwarder;

    private ForwarderTrafficDirector(RpcClient forwarder) {
        this.forwarder = forwarder;
    }

    /** Returns a director that gives its orders to this control port. */
    public static ForwarderTrafficDirector of(InetSocketAddress control, String secret) {
        return new ForwarderTrafficDirector(RpcClient.of("forwarder", secret, () -> control));
    }

    @Override
    public void redirect(VmId vm, Endpoint target, CallContext context) throws TrafficException {
        try {
            Route route = new Route(target, context.generation());
            forwarder.call("redirect", new Forwarder.Redirect(vm.value(), route), context.timeout());
        } catch (RpcException e) {
            throw failure(e);
        }
    }

    @Override
    public Optional<Route> route(VmId vm, Duration timeout) throws TrafficException {
        try {
            return forwarder
                    .call("route", Map.of("vm", vm.value()), Forwarder.Present.class, timeout)
                    .route();
        } catch (RpcException e) {
            throw failure(e);
        }
    }

    private static TrafficException failure(RpcException e) {
        return new TrafficException(e.retry(), "traffic: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        forwarder.close();
    }
}
