package dev.shadow.examples.process.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts {@link RpcConnection}s on a loopback port, from programs that know the secret of the run.
 *
 * <p>The first line of a connection must be the secret, within five seconds. Any other first line, a longer one
 * or none closes the connection without an answer, so a foreign program learns nothing and holds nothing.
 */
public final class RpcServer implements Closeable {
    private static final Duration HELLO_TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_CONNECTIONS = 256;
    private static final int MAX_SECRET = 256;
    private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);

    private final String name;
    private final byte[] secret;
    private final RpcHandler handler;
    private final ServerSocket socket;
    private final ExecutorService executor;
    private final Set<RpcConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();

    private RpcServer(String name, String secret, RpcHandler handler, ServerSocket socket) {
        this.name = name;
        this.secret = secret.getBytes(UTF_8);
        this.handler = handler;
        this.socket = socket;
        this.executor = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "rpc-" + name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Opens a server on a loopback port that the system chooses.
     *
     * @param name names its threads
     * @param secret first line of every connection, 1 to 256 characters of one line
     */
    public static RpcServer open(String name, String secret, RpcHandler handler) throws IOException {
        if (secret.isBlank() || secret.length() > MAX_SECRET || secret.contains("\n")) {
            throw new IllegalArgumentException("secret must be 1 to " + MAX_SECRET + " characters of one line");
        }
        ServerSocket socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        RpcServer server = new RpcServer(name, secret, handler, socket);
        Thread acceptor = new Thread(server::accept, "rpc-accept-" + name);
        acceptor.setDaemon(true);
        acceptor.start();
        return server;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Tells something to everyone who is connected. */
    public void tellAll(String topic, @Nullable Object params) {
        connections.forEach(connection -> connection.tell(topic, params));
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket peer = socket.accept();
                if (open.incrementAndGet() > MAX_CONNECTIONS) {
                    drop(peer);
                } else {
                    executor.execute(() -> greet(peer));
                }
            } catch (IOException | RuntimeException e) {
                if (!socket.isClosed()) {
                    LOG.warn("{} could not accept a connection", name, e);
                }
            }
        }
    }

    private void greet(Socket peer) {
        try {
            peer.setTcpNoDelay(true);
            peer.setSoTimeout((int) HELLO_TIMEOUT.toMillis());
            InputStream in = new BufferedInputStream(peer.getInputStream());
            OutputStream out = new BufferedOutputStream(peer.getOutputStream());
            String hello = Lines.next(in, MAX_SECRET);
            if (hello == null || !MessageDigest.isEqual(hello.getBytes(UTF_8), secret)) {
                LOG.warn("{} refused a connection that did not begin with the secret of this run", name);
                drop(peer);
                return;
            }
            peer.setSoTimeout(0);
            String caller = name + "-caller-" + accepted.incrementAndGet();
            RpcConnection connection = RpcConnection.open(caller, peer, in, out, handler, executor);
            connections.add(connection);
            CompletableFuture<Void> unused = connection.closed().thenRun(() -> {
                connections.remove(connection);
                open.decrementAndGet();
            });
            if (socket.isClosed()) {
                // The server ended between the greeting and the list: nobody else would close this one.
                connection.close();
            }
        } catch (IOException e) {
            LOG.warn("{} refused a connection: {}", name, e.getMessage());
            drop(peer);
        }
    }

    private void drop(Socket peer) {
        open.decrementAndGet();
        try {
            peer.close();
        } catch (IOException e) {
            LOG.debug("closing a refused connection failed: {}", e.toString());
        }
    }

    /** Stops listening and ends every connection. */
    @Override
    public void close() throws IOException {
        socket.close();
        connections.forEach(RpcConnection::close);
        executor.shutdown();
    }
}
