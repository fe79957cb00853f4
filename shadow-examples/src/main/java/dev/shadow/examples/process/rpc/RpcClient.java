package dev.shadow.examples.process.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Calls a {@link RpcServer}; connects when it is first needed and again when the connection was lost. May be shared. */
public final class RpcClient implements Closeable {
    /** Finds the server, which may have moved to another port since. */
    @FunctionalInterface
    public interface Locator {
        /** Where the server listens now. */
        InetSocketAddress locate() throws IOException;
    }

    private final String name;
    private final String secret;
    private final Locator locator;
    private final RpcHandler listener;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private @Nullable RpcConnection connection;

    @GuardedBy("lock")
    private @Nullable InetSocketAddress connectedTo;

    @GuardedBy("lock")
    private boolean closed;

    private RpcClient(String name, String secret, Locator locator, RpcHandler listener) {
        this.name = name;
        this.secret = secret;
        this.locator = locator;
        this.listener = listener;
    }

    /** Returns a client that takes no notices. */
    public static RpcClient of(String name, String secret, Locator locator) {
        return new RpcClient(name, secret, locator, RpcHandler.NONE);
    }

    /** Returns a client that hands what the server tells to {@code notices}: topic and content. */
    public static RpcClient listening(
            String name, String secret, Locator locator, BiConsumer<String, JsonNode> notices) {
        return new RpcClient(name, secret, locator, new RpcHandler() {
            @Override
            public @Nullable Object handle(String method, JsonNode params) throws Exception {
                return NONE.handle(method, params);
            }

            @Override
            public void told(String topic, JsonNode params) {
                notices.accept(topic, params);
            }
        });
    }

    /** Calls the server; see {@link RpcConnection#call(String, Object, Class, Duration)}. */
    public <T> T call(String method, @Nullable Object params, Class<T> result, Duration timeout) throws RpcException {
        return RpcConnection.value(name, method, call(method, params, timeout), result);
    }

    /** Calls the server; see {@link RpcConnection#call(String, Object, Duration)}. */
    public JsonNode call(String method, @Nullable Object params, Duration timeout) throws RpcException {
        RpcConnection used = connected(timeout);
        try {
            return used.call(method, params, timeout);
        } catch (RpcException e) {
            if (!e.wasRefused()) {
                suspect(used);
            }
            throw e;
        }
    }

    private RpcConnection connected(Duration timeout) throws RpcException {
        synchronized (lock) {
            if (closed) {
                throw RpcException.unreachable("the client of " + name + " is closed", null);
            }
            RpcConnection present = connection;
            if (present == null || present.isClosed()) {
                present = connect(timeout);
                connection = present;
            }
            return present;
        }
    }

    /** After a call without an answer: lets go of the connection if the server listens somewhere else by now. */
    private void suspect(RpcConnection used) {
        synchronized (lock) {
            try {
                if (connection == used && !locator.locate().equals(connectedTo)) {
                    used.close();
                }
            } catch (IOException e) {
                // Where it listens is not known, so the connection is the best guess there is.
                return;
            }
        }
    }

    @GuardedBy("lock")
    private RpcConnection connect(Duration timeout) throws RpcException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            InetSocketAddress server = locator.locate();
            connectedTo = server;
            socket.connect(server, (int) Math.max(1, Math.min(timeout.toMillis(), Integer.MAX_VALUE)));
            OutputStream out = new BufferedOutputStream(socket.getOutputStream());
            out.write((secret + "\n").getBytes(UTF_8));
            out.flush();
            return RpcConnection.open(name, socket, socket.getInputStream(), out, listener, Runnable::run);
        } catch (IOException e) {
            closeQuietly(socket);
            throw RpcException.unreachable(name + " cannot be reached: " + e.getMessage(), e);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // It never was connected, so there is nothing to lose.
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            if (connection != null) {
                connection.close();
            }
        }
    }
}
