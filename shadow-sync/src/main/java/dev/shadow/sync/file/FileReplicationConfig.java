package dev.shadow.sync.file;

import dev.shadow.spi.InstanceId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.sync.ReplicaNetwork;
import dev.shadow.sync.internal.Bounds;
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
 * @param network how targets are reached
 * @param windowBytes payload bytes under way without a confirmation at most, from 256 KiB to 1 GiB
 * @param minInterval the shortest time between two rounds, each of which scans the tree
 * @param maxInterval the longest time between two rounds, whatever the RPO
 * @param clock wall time, for the time stamps of rounds; should be the clock of the file system
 * @param nanoClock monotonic nanoseconds, for intervals and rates
 * @param threads makes the threads: up to three per running session
 */
public record FileReplicationConfig(
        Function<InstanceId, Optional<Path>> trees,
        ReplicaNetwork network,
        int windowBytes,
        Duration minInterval,
        Duration maxInterval,
        InstantSource clock,
        LongSupplier nanoClock,
        ThreadFactory threads) {
    public FileReplicationConfig {
        Objects.requireNonNull(trees, "trees");
        Objects.requireNonNull(network, "network");
        Bounds.range("windowBytes", windowBytes, 256 << 10, 1 << 30);
        Bounds.positive("minInterval", minInterval);
        Bounds.notBelow("maxInterval", maxInterval, minInterval);
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(nanoClock, "nanoClock");
        Objects.requireNonNull(threads, "threads");
    }

    /** Returns a builder with the defaults: no trees, no known host. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects a configuration; not to be shared between threads. */
    public static final class Builder {
        private static final AtomicLong THREADS = new AtomicLong();

        private Function<InstanceId, Optional<Path>> trees = instance -> Optional.empty();
        private ReplicaNetwork network = ReplicaNetwork.builder().build();
        private int windowBytes = 8 << 20;
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

        /** How targets are reached. Default: no host is known. */
        public Builder network(ReplicaNetwork value) {
            network = value;
            return this;
        }

        /** Payload bytes under way without a confirmation at most. Default 8 MiB. */
        public Builder windowBytes(int value) {
            windowBytes = value;
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
                    trees, network, windowBytes, minInterval, maxInterval, clock, nanoClock, threads);
        }
    }
}
