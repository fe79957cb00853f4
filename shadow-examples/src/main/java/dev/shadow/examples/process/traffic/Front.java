package dev.shadow.examples.process.traffic;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import dev.shadow.spi.failover.Route;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port at which the clients of one virtual machine connect.
 *
 * <p>A client that comes while no instance serves is held until one does, for a bounded time. A new route of a
 * newer generation cuts every connection that leads elsewhere, so no client goes on talking to an old primary.
 * May be shared.
 */
final class Front implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Front.class);
    private static final int BUFFER = 64 * 1024;
    private static final int CONNECT_MILLIS = 1000;
    private static final Duration RETRY = Duration.ofMillis(10);

    private final VmId vm;
    private final ServerSocket socket;
    private final ExecutorService executor;
    private final Duration patience;
    private final LongSupplier nanos;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private @Nullable Route route;

    @GuardedBy("lock")
    private final Set<Connection> connections = new HashSet<>();

    private Front(VmId vm, ServerSocket socket, ExecutorService executor, Duration patience, LongSupplier nanos) {
        this.vm = vm;
        this.socket = socket;
        this.executor = executor;
        this.patience = patience;
        this.nanos = nanos;
    }

    static Front open(VmId vm, ExecutorService executor, Duration patience, LongSupplier nanos) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        Front front = new Front(vm, socket, executor, patience, nanos);
        executor.execute(front::accept);
        return front;
    }

    Endpoint endpoint() {
        return new Endpoint(socket.getInetAddress().getHostAddress(), socket.getLocalPort());
    }

    Optional<Route> route() {
        synchronized (lock) {
            return Optional.ofNullable(route);
        }
    }

    void redirect(Route next) {
        Set<Connection> cut = new HashSet<>();
        synchronized (lock) {
            Route present = route;
            if (present != null && next.generation().isOlderThan(present.generation())) {
                throw new StaleGenerationException(vm, next.generation(), present.generation());
            }
            route = next;
            for (Connection connection : connections) {
                if (!connection.target.equals(next.target())) {
                    cut.add(connection);
                }
            }
            lock.notifyAll();
        }
        cut.forEach(Connection::close);
    }

    private void accept() {
        while (!socket.isClosed()) {
            Socket client = null;
            try {
                client = socket.accept();
                Socket accepted = client;
                executor.execute(() -> serve(accepted));
            } catch (IOException | RejectedExecutionException e) {
                if (!socket.isClosed()) {
                    LOG.warn("the front of {} could not take a client", vm, e);
                }
                closeQuietly(client);
            }
        }
    }

    private void serve(Socket client) {
        Connection connection = null;
        try {
            client.setTcpNoDelay(true);
            connection = connect(client);
            if (connection == null) {
                LOG.debug("a client of {} was sent away: no instance served within {}", vm, patience);
                closeQuietly(client);
                return;
            }
            Connection running = connection;
            executor.execute(() -> running.pump(running.server, running.client));
            running.pump(running.client, running.server);
        } catch (IOException | RejectedExecutionException e) {
            LOG.debug("a client of {} was lost: {}", vm, e.toString());
            closeQuietly(client);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closeQuietly(client);
        } finally {
            if (connection != null) {
                connection.close();
            }
        }
    }

    private @Nullable Connection connect(Socket client) throws IOException, InterruptedException {
        long deadline = nanos.getAsLong() + patience.toNanos();
        while (!socket.isClosed()) {
            Optional<Route> wanted = route();
            if (wanted.isPresent()) {
                Connection connection = connect(client, wanted.get());
                if (connection != null) {
                    return connection;
                }
            }
            long left = deadline - nanos.getAsLong();
            if (left <= 0) {
                return null;
            }
            awaitChange(wanted, Math.min(left, RETRY.toNanos()));
        }
        return null;
    }

    private @Nullable Connection connect(Socket client, Route wanted) throws IOException {
        Endpoint target = wanted.target();
        Socket server = new Socket();
        try {
            server.setTcpNoDelay(true);
            server.connect(new InetSocketAddress(target.address(), target.port()), CONNECT_MILLIS);
        } catch (IOException e) {
            closeQuietly(server);
            return null;
        }
        Connection connection = new Connection(target, client, server);
        synchronized (lock) {
            if (wanted.equals(route)) {
                connections.add(connection);
                return connection;
            }
        }
        server.close();
        return null;
    }

    /** Returns early when the route is another than {@code seen}. */
    private void awaitChange(Optional<Route> seen, long atMostNanos) throws InterruptedException {
        synchronized (lock) {
            if (Optional.ofNullable(route).equals(seen)) {
                TimeUnit.NANOSECONDS.timedWait(lock, atMostNanos);
            }
        }
    }

    @Override
    public void close() {
        Set<Connection> all;
        synchronized (lock) {
            all = Set.copyOf(connections);
            lock.notifyAll();
        }
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing the front of {} failed: {}", vm, e.toString());
        }
        all.forEach(Connection::close);
    }

    private static void closeQuietly(@Nullable Socket socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("closing a connection failed: {}", e.toString());
            }
        }
    }

    /** A client and the instance it is connected with. */
    private final class Connection implements Closeable {
        private final Endpoint target;
        private final Socket client;
        private final Socket server;

        Connection(Endpoint target, Socket client, Socket server) {
            this.target = target;
            this.client = client;
            this.server = server;
        }

        /** Copies until either side ends, then ends both: half a connection is of no use to this protocol. */
        void pump(Socket from, Socket to) {
            byte[] buffer = new byte[BUFFER];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    out.write(buffer, 0, read);
                }
            } catch (IOException e) {
                LOG.debug("a connection of {} with {} ended: {}", vm, target, e.toString());
            } finally {
                close();
            }
        }

        @Override
        public void close() {
            synchronized (lock) {
                connections.remove(this);
            }
            closeQuietly(client);
            closeQuietly(server);
        }
    }
}
