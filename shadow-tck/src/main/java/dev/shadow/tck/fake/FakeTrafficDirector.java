package dev.shadow.tck.fake;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import dev.shadow.spi.failover.Route;
import dev.shadow.spi.failover.TrafficDirector;
import dev.shadow.spi.failover.TrafficException;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A traffic director whose clients are objects. Thread-safe. */
public final class FakeTrafficDirector implements TrafficDirector {
    /** The calls that faults can be injected into. */
    public enum Call {
        /** {@link TrafficDirector#redirect}. */
        REDIRECT,
        /** {@link TrafficDirector#route}. */
        ROUTE
    }

    private final Object lock = new Object();
    private final Faults<Call> faults;
    private final Map<VmId, Route> routes = new HashMap<>();
    private final Map<VmId, List<Connection>> connections = new HashMap<>();

    private FakeTrafficDirector(VirtualTime time) {
        this.faults = new Faults<>(Call.class, time);
    }

    /** Returns a director with no routes. */
    public static FakeTrafficDirector on(VirtualTime time) {
        return new FakeTrafficDirector(time);
    }

    /** The faults that this director is to show. */
    public Faults<Call> faults() {
        return faults;
    }

    @Override
    public void redirect(VmId vm, Endpoint target, CallContext context) throws TrafficException {
        faults.in(Call.REDIRECT, context.timeout(), TrafficException::new, () -> {
            synchronized (lock) {
                Optional<Route> present = Optional.ofNullable(routes.get(vm));
                if (present.isPresent()
                        && context.generation().isOlderThan(present.get().generation())) {
                    throw new StaleGenerationException(
                            vm, context.generation(), present.get().generation());
                }
                routes.put(vm, new Route(target, context.generation()));
                connections.getOrDefault(vm, List.of()).stream()
                        .filter(connection -> !connection.target.equals(target))
                        .forEach(Connection::close);
                return target;
            }
        });
    }

    @Override
    public Optional<Route> route(VmId vm, Duration timeout) throws TrafficException {
        return faults.in(Call.ROUTE, timeout, TrafficException::new, () -> {
            synchronized (lock) {
                return Optional.ofNullable(routes.get(vm));
            }
        });
    }

    /** Connects a client, or returns empty if there is no route. */
    public Optional<Connection> connect(VmId vm) {
        synchronized (lock) {
            return Optional.ofNullable(routes.get(vm)).map(route -> {
                Connection connection = new Connection(route.target());
                connections.computeIfAbsent(vm, v -> new ArrayList<>()).add(connection);
                return connection;
            });
        }
    }

    /** A client's connection. Thread-safe. */
    public static final class Connection {
        private final Endpoint target;
        private volatile boolean open = true;

        private Connection(Endpoint target) {
            this.target = target;
        }

        /** Where it leads. */
        public Endpoint target() {
            return target;
        }

        /** Whether it was not cut. */
        public boolean isOpen() {
            return open;
        }

        private void close() {
            open = false;
        }
    }
}
