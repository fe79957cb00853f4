package dev.shadow.sync.file;

import dev.shadow.spi.Endpoint;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.InvalidValueException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * How a {@link FileReplication} finds trees and targets, and how it uses the network.
 *
 * @param trees finds the directory of a source instance; empty if this process does not own it
 * @param targets finds where the replica server of a host answers; empty if the host is unknown
 * @param windowBytes payload bytes under way without a confirmation at most, from 256 KiB to 1 GiB
 * @param connectTimeout the longest that a connection attempt may take
 * @param ioTimeout how long a peer may be silent before the connection is given up
 * @param minBackoff pause before the first attempt to connect again
 * @param maxBackoff the longest pause between attempts; pauses double up to it
 * @param minInterval the shortest time between two rounds, each of which scans the tree
 * @param maxInterval the longest time between two rounds, whatever the RPO
 * @param clock wall time, for the time stamps of rounds; should be the clock of the file system
 * @param nanoClock monotonic nanoseconds, for intervals and rates
 * @param threads makes the threads: up to three per running session
 */
public record FileReplicationConfig(
        Function<InstanceId, Optional<Path>> trees,
        Function<HostId, Optional<Endpoint>> targets,
        int windowBytes,
        Duration connectTimeout,
        Duration ioTimeout,
        Duration minBackoff,
        Duration maxBackoff,
        Duration minInterval,
        Duration maxInterval,
        InstantSource clock,
        LongSupplier nanoClock,
        ThreadFactory threads) {
    public FileReplicationConfig {
        Objects.requireNonNull(trees, "trees");
        Objects.requireNonNull(targets, "targets");
        if (windowBytes < 256 << 10 || windowBytes > 1 << 30) {
            throw new InvalidValueException(
                    "windowBytes", Integer.toString(windowBytes), "be from 262144 to 1073741824");
        }
        positive("connectTimeout", connectTimeout);
        positive("ioTimeout", ioTimeout);
        positive("minBackoff", minBackoff);
        notBelow("maxBackoff", maxBackoff, minBackoff);
        positive("minInterval", minInterval);
        notBelow("maxInterval", maxInterval, minInterval);
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(nanoClock, "nanoClock");
        Objects.requireNonNull(threads, "threads");
    }

    /** Returns a builder with the defaults: no trees, no targets. */
    public static Builder builder() {
        return new Builder();
    }

    private static void positive(String field, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new InvalidValueException(field, value.toString(), "be more than zero");
        }
    }

    private static void notBelow(String field, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            throw new InvalidValueException(field, value.toString(), "be at least " + least);
        }
    }

    /** Collects a configuration; not to be shared between threads. */
    public static final class Builder {
        private static final AtomicLong THREADS = new AtomicLong();

        private Function<InstanceId, Optional<Path>> trees = instance -> Optional.empty();
        private Function<HostId, Optional<Endpoint>> targets = host -> Optional.empty();
        private int windowBytes = 8 << 20;
        private Duration connectTimeout = Duration.ofSeconds(3);
        private Duration ioTimeout = Duration.ofSeconds(5);
        private Duration minBackoff = Duration.ofMillis(50);
        private Duration maxBackoff = Duration.ofSeconds(2);
        private Duration minInterval = Duration.ofMillis(250);
        private Duration maxInterval = Duration.ofMinutes(5);
        private InstantSource clock = InstantSource.system();
        private LongSupplier nanoClock = System::nanoTime;
        private ThreadFactory threads = Builder::daemon;

        private Builder() {}

        private static Thread daemon(Runnable task) {
            Thread thread = new Thread(task, "shadow-files-" + THREADS.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        }

        /** How to find the directory of a source instance. Default: this process owns none. */
        public Builder trees(Function<InstanceId, Optional<Path>> value) {
            trees = value;
            return this;
        }

        /** How to find the replica server of a host. Default: no host is known. */
        public Builder targets(Function<HostId, Optional<Endpoint>> value) {
            targets = value;
            return this;
        }

        /** Payload bytes under way without a confirmation at most. Default 8 MiB. */
        public Builder windowBytes(int value) {
            windowBytes = value;
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

        /** Bounds of the time between rounds, a third of the RPO. Default 250 ms and 5 min. */
        public Builder interval(Duration shortest, Duration longest) {
            minInterval = shortest;
            maxInterval = longest;
            return this;
        }

        /** Wall time. Default: the system's. */
        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        /** Monotonic nanoseconds. Default: {@link System#nanoTime}. */
        public Builder nanoClock(LongSupplier value) {
            nanoClock = value;
            return this;
        }

        /** Makes the threads. Default: daemon threads. */
        public Builder threads(ThreadFactory value) {
            threads = value;
            return this;
        }

        /**
         * Returns the configuration.
         *
         * @throws InvalidValueException if a value is out of its range
         */
        public FileReplicationConfig build() {
            return new FileReplicationConfig(
                    trees,
                    targets,
                    windowBytes,
                    connectTimeout,
                    ioTimeout,
                    minBackoff,
                    maxBackoff,
                    minInterval,
                    maxInterval,
                    clock,
                    nanoClock,
                    threads);
        }
    }
}
