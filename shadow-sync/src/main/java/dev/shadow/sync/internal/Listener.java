package dev.shadow.sync.internal;

import dev.shadow.sync.ReplicaAddress;
import dev.shadow.sync.Tls;
import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Accepts connections at one address. One thread accepts; any may close. */
public sealed interface Listener extends Closeable {
    /** Waits for a connection, whose handshake is still to come. */
    ByteLink accept() throws IOException;

    /** Where it listens; a port of 0 is replaced by the chosen one. */
    ReplicaAddress address();

    /**
     * Listens.
     *
     * @param tls for TCP; a unix socket has none
     * @throws IOException if the address cannot be used, or a live server has the unix socket
     */
    static Listener open(ReplicaAddress address, Optional<Tls> tls) throws IOException {
        try {
            return address instanceof ReplicaAddress.Tcp tcp
                    ? TcpListener.open(tcp, tls)
                    : UnixListener.open((ReplicaAddress.Unix) address);
        } catch (IOException e) {
            throw new IOException("cannot listen at " + address + ": " + e.getMessage(), e);
        }
    }

    /** Listens at a TCP port. */
    record TcpListener(ServerSocket socket, ReplicaAddress address, Optional<Tls> tls) implements Listener {
        static Listener open(ReplicaAddress.Tcp address, Optional<Tls> tls) throws IOException {
            ServerSocket socket = new ServerSocket();
            try {
                socket.bind(new InetSocketAddress(InetAddress.getByName(address.host()), address.port()));
                return new TcpListener(socket, ReplicaAddress.tcp(address.host(), socket.getLocalPort()), tls);
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }

        @Override
        public ByteLink accept() throws IOException {
            Socket accepted = socket.accept();
            try {
                return SocketLink.accepted(accepted, tls);
            } catch (IOException e) {
                accepted.close();
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Listens at a unix socket; takes away the file that a dead server has left. */
    record UnixListener(ServerSocketChannel channel, ReplicaAddress address, Path file) implements Listener {
        static Listener open(ReplicaAddress.Unix address) throws IOException {
            Path file = address.socket();
            if (Files.exists(file)) {
                removeIfDead(file);
            }
            ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.bind(UnixDomainSocketAddress.of(file));
                return new UnixListener(channel, address, file);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }

        private static void removeIfDead(Path file) throws IOException {
            if (Files.isRegularFile(file) || Files.isDirectory(file)) {
                throw new IOException("there is something other than a socket");
            }
            try (SocketChannel alive = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
                throw new IOException("a server answers there already: " + alive.getRemoteAddress());
            } catch (ConnectException dead) {
                Files.delete(file);
            }
        }

        @Override
        public ByteLink accept() throws IOException {
            SocketChannel accepted = channel.accept();
            try {
                return UnixLink.of(accepted, "a process at " + address);
            } catch (IOException e) {
                accepted.close();
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(file);
        }
    }
}
