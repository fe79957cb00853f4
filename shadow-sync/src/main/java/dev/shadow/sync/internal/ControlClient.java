package dev.shadow.sync.internal;

import dev.shadow.spi.Endpoint;
import dev.shadow.spi.InstanceId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/** Asks a target about one replica over a connection of its own. May be shared between threads. */
public final class ControlClient {
    private final ThreadFactory threads;

    private ControlClient(ThreadFactory threads) {
        this.threads = threads;
    }

    /** Returns a client. */
    public static ControlClient of(ThreadFactory threads) {
        return new ControlClient(threads);
    }

    /**
     * Sends one request and returns the answer, which may be a refusal.
     *
     * @param timeout for connecting, and again for each answer
     */
    public Message ask(
            Endpoint endpoint, String vm, InstanceId target, Message request, long generation, Duration timeout)
            throws IOException {
        try (TcpConnection connection = connect(endpoint, timeout, timeout, threads)) {
            connection.send(
                    new Message.Hello(
                            Framing.VERSION, Framing.VERSION, Message.Role.CONTROL, vm, "", target.value(), 0, 0, 0),
                    generation);
            Message welcome = connection.read().message();
            if (!(welcome instanceof Message.Welcome)) {
                return welcome;
            }
            connection.send(request, generation);
            Message answer = connection.read().message();
            while (answer instanceof Message.Heartbeat) {
                answer = connection.read().message();
            }
            return answer;
        }
    }

    /** Connects to a replica server. */
    public static TcpConnection connect(
            Endpoint endpoint, Duration connectTimeout, Duration ioTimeout, ThreadFactory threads) throws IOException {
        Socket socket = new Socket();
        try {
            int millis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, connectTimeout.toMillis()));
            socket.connect(new InetSocketAddress(endpoint.address(), endpoint.port()), millis);
            return TcpConnection.start(socket, ioTimeout, threads);
        } catch (IOException e) {
            socket.close();
            throw new IOException("replica server " + endpoint + " cannot be reached: " + e.getMessage(), e);
        }
    }
}
