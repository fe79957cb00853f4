package dev.shadow.sync;

import dev.shadow.spi.Endpoint;
import dev.shadow.spi.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where a {@link ReplicaServer} answers: a TCP port, or a unix socket on the same machine. */
public sealed interface ReplicaAddress {
    /**
     * A TCP port.
     *
     * @param host name or literal address, resolved at every connection; 1 to 255 characters
     * @param port 1 to 65535; 0 lets a server choose a free one and reaches none
     */
    record Tcp(String host, int port) implements ReplicaAddress {
        public Tcp {
            if (host.isBlank() || host.length() > 255) {
                throw new InvalidValueException("host", host, "have 1 to 255 characters");
            }
            if (port < 0 || port > 65_535) {
                throw new InvalidValueException("port", Integer.toString(port), "be from 0 to 65535");
            }
        }

        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /**
     * A unix socket.
     *
     * @param socket its path, 1 to 100 bytes, which is what every system allows
     */
    record Unix(Path socket) implements ReplicaAddress {
        private static final int LONGEST = 100;

        public Unix {
            int bytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
            if (bytes < 1 || bytes > LONGEST) {
                throw new InvalidValueException("socket", socket.toString(), "be a path of 1 to " + LONGEST + " bytes");
            }
        }

        @Override
        public String toString() {
            return PREFIX + socket;
        }
    }

    /** What a unix socket starts with when it is written as text. */
    String PREFIX = "unix:";

    /** Returns a TCP port. */
    static ReplicaAddress tcp(String host, int port) {
        return new Tcp(host, port);
    }

    /** Returns a TCP port. */
    static ReplicaAddress of(Endpoint endpoint) {
        return new Tcp(endpoint.address(), endpoint.port());
    }

    /** Returns a unix socket. */
    static ReplicaAddress unix(Path socket) {
        return new Unix(socket);
    }

    /**
     * Reads {@code HOST:PORT}, {@code [V6-ADDRESS]:PORT} or {@code unix:PATH}, as {@code toString} writes them.
     *
     * @throws InvalidValueException if it is none of them
     */
    static ReplicaAddress parse(String text) {
        String allowed = "be HOST:PORT, [ADDRESS]:PORT or unix:PATH";
        try {
            if (text.startsWith(PREFIX)) {
                return unix(Path.of(text.substring(PREFIX.length())));
            }
            int colon = text.lastIndexOf(':');
            String host = colon < 0 ? "" : text.substring(0, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            } else if (host.indexOf(':') >= 0) {
                throw new InvalidValueException("address", text, allowed);
            }
            return tcp(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException | InvalidPathException e) {
            throw new InvalidValueException("address", text, allowed);
        }
    }
}
