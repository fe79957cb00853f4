package dev.shadow.examples.process.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shadow.examples.process.rpc.Json;
import dev.shadow.examples.process.rpc.RpcServer;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.VmId;
import dev.shadow.spi.failover.Route;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Forwards the TCP connections of clients to the instances that serve, one port for each virtual machine, and
 * takes orders on a control port. May be shared.
 */
public final class Forwarder implements Closeable {
    private final ExecutorService executor = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "forwarder");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<VmId, Front> fronts = new ConcurrentHashMap<>();
    private final Duration patience;
    private final LongSupplier nanos;
    private final RpcServer control;

    private Forwarder(String secret, Duration patience, LongSupplier nanos) throws IOException {
        this.patience = patience;
        this.nanos = nanos;
        this.control = RpcServer.open("forwarder", secret, this::handle);
    }

    /**
     * Opens a forwarder with a control port on loopback.
     *
     * @param secret what a connection to the control port begins with
     * @param patience how long a client waits for an instance that serves
     * @param nanos a clock for the waiting, in nanoseconds
     */
    public static Forwarder open(String secret, Duration patience, LongSupplier nanos) throws IOException {
        return new Forwarder(secret, patience, nanos);
    }

    /** Where it takes orders. */
    public InetSocketAddress control() {
        return control.address();
    }

    /** Where the clients of a virtual machine connect; the port is opened at the first question. */
    public Endpoint front(VmId vm) throws IOException {
        return open(vm).endpoint();
    }

    private Front open(VmId vm) throws IOException {
        synchronized (fronts) {
            Front present = fronts.get(vm);
            if (present == null) {
                present = Front.open(vm, executor, patience, nanos);
                fronts.put(vm, present);
            }
            return present;
        }
    }

    private @Nullable Object handle(String method, JsonNode params) throws IOException {
        switch (method) {
            case "redirect" -> {
                Redirect order = Json.value(params, Redirect.class);
                open(VmId.of(order.vm())).redirect(order.route());
                return null;
            }
            case "route" -> {
                Front front = fronts.get(VmId.of(params.path("vm").asText()));
                return new Present(Optional.ofNullable(front).flatMap(Front::route));
            }
            default -> throw new IllegalArgumentException("method must be redirect or route, was " + method);
        }
    }

    @Override
    public void close() throws IOException {
        control.close();
        fronts.values().forEach(Front::close);
        executor.shutdown();
    }

    /** An order to send the traffic of a virtual machine elsewhere. */
    record Redirect(String vm, Route route) {}

    /** The answer to the question for a route. */
    record Present(Optional<Route> route) {}
}
