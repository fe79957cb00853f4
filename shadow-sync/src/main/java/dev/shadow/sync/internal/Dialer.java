package dev.shadow.sync.internal;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.sync.ReplicaAddress;
import dev.shadow.sync.ReplicaNetwork;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/** Connects to replica servers. May be shared between threads. */
public final class Dialer {
    private final ReplicaNetwork network;
    private final ThreadFactory threads;

    private Dialer(ReplicaNetwork network, ThreadFactory threads) {
        this.network = network;
        this.threads = threads;
    }

    /** Returns a dialer whose connections take their threads from {@code threads}. */
    public static Dialer of(ReplicaNetwork network, ThreadFactory threads) {
        return new Dialer(network, threads);
    }

    /** How targets are found and waited for. */
    public ReplicaNetwork network() {
        return network;
    }

    /** Connects to the replica server of a host. */
    public FrameConnection connect(HostId host) throws IOException {
        return connect(host, network.connectTimeout(), network.ioTimeout());
    }

    /**
     * Sends one request over a connection of its own and returns the answer, which may be a refusal.
     *
     * @param timeout for connecting, and again for each answer
     * @throws SyncException transient, if there is no answer
     */
    public Message ask(HostId host, String vm, InstanceId target, Message request, long generation, Duration timeout)
            throws SyncException {
        try {
            return exchange(host, vm, target, request, generation, timeout);
        } catch (IOException e) {
            throw new SyncException(SyncException.Retry.TRANSIENT, "the target did not answer: " + e.getMessage(), e);
        }
    }

    private Message exchange(
            HostId host, String vm, InstanceId target, Message request, long generation, Duration timeout)
            throws IOException {
        try (FrameConnection connection = connect(host, timeout, timeout)) {
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

    private FrameConnection connect(HostId host, Duration connectTimeout, Duration ioTimeout) throws IOException {
        ReplicaAddress address = network.targets()
                .apply(host)
                .orElseThrow(() -> new IOException("the replica server of host " + host + " is not known"));
        try {
            ByteLink link = open(address, FrameConnection.millis(connectTimeout));
            return FrameConnection.start(link, ioTimeout, threads);
        } catch (IOException e) {
            throw new IOException("replica server " + address + " cannot be reached: " + e.getMessage(), e);
        }
    }

    private ByteLink open(ReplicaAddress address, int connectMillis) throws IOException {
        ByteLink link = address instanceof ReplicaAddress.Tcp tcp
                ? openTcp(tcp, connectMillis)
                : openUnix((ReplicaAddress.Unix) address);
        try {
            link.readTimeout(connectMillis);
            link.handshake();
            return link;
        } catch (IOException e) {
            link.close();
            throw e;
        }
    }

    private ByteLink openTcp(ReplicaAddress.Tcp address, int connectMillis) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address.host(), address.port()), connectMillis);
            return SocketLink.connected(socket, address.host(), address.port(), network.tls());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static ByteLink openUnix(ReplicaAddress.Unix address) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(address.socket()));
        try {
            return UnixLink.of(channel, address.toString());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }
}
