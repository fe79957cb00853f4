package dev.shadow.sync;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.sync.internal.Bounds;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * How replication reaches its targets.
 *
 * @param targets finds where the {@link ReplicaServer} of a host answers; empty if the host is unknown
 * @param tls encryption and authentication of TCP connections; empty for none. A unix socket is protected by the
 *     permissions of its directory instead
 * @param connectTimeout the longest that a connection attempt may take
 * @param ioTimeout how long a peer may be silent before the connection is given up
 * @param minBackoff pause before the first attempt to connect again
 * @param maxBackoff the longest pause between attempts; pauses double up to it
 */
public record ReplicaNetwork(
        Function<HostId, Optional<ReplicaAddress>> targets,
        Optional<Tls> tls,
        Duration connectTimeout,
        Duration ioTimeout,
        Duration minBackoff,
        Duration maxBackoff) {
    public ReplicaNetwork {
        Objects.requireNonNull(targets, "targets");
        Objects.requireNonNull(tls, "tls");
        Bounds.positive("connectTimeout", connectTimeout);
        Bounds.positive("ioTimeout", ioTimeout);
        Bounds.positive("minBackoff", minBackoff);
        Bounds.notBelow("maxBackoff", maxBackoff, minBackoff);
    }

    /** Returns a builder with the defaults: no target is known, no encryption. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects a network; not to be shared between threads. */
    public static final class Builder {
        private Function<HostId, Optional<ReplicaAddress>> targets = host -> Optional.empty();
        private Optional<Tls> tls = Optional.empty();
        private Duration connectTimeout = Duration.ofSeconds(3);
        private Duration ioTimeout = Duration.ofSeconds(5);
        private Duration minBackoff = Duration.ofMillis(50);
        private Duration maxBackoff = Duration.ofSeconds(2);

        private Builder() {}

        /** How to find the replica server of a host. Default: no host is known. */
        public Builder targets(Function<HostId, Optional<ReplicaAddress>> value) {
            targets = value;
            return this;
        }

        /** Encrypts TCP connections and authenticates both sides. Default: neither. */
        public Builder tls(Tls value) {
            tls = Optional.of(value);
            return this;
        }

        /** The longest that a connection attempt may take. Default 3 seconds. */
        public Builder connectTimeout(Duration value) {
            connectTimeout = value;
            return this;
        }

        /** How long a peer may be silent before the connection is given up. Default 5 seconds. */
        public Builder ioTimeout(Duration value) {
            ioTimeout = value;
            return this;
        }

        /** The first and the longest pause between attempts to connect. Default 50 ms and 2 s. */
        public Builder backoff(Duration first, Duration longest) {
            minBackoff = first;
            maxBackoff = longest;
            return this;
        }

        /**
         * Returns the network.
         *
         * @throws InvalidValueException if a value is out of its range
         */
        public ReplicaNetwork build() {
            return new ReplicaNetwork(targets, tls, connectTimeout, ioTimeout, minBackoff, maxBackoff);
        }
    }
}
