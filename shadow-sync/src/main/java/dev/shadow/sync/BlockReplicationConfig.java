package dev.shadow.sync;

import dev.shadow.spi.InstanceId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.sync.internal.Bounds;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * How a {@link BlockReplication} finds disks and targets, and how it uses the network.
 *
 * @param disks finds the open disk of a source instance; empty if this process does not own it
 * @param network how targets are reached
 * @param frameBytes payload bytes of one data frame at most, from 4096 to 4 MiB
 * @param windowBytes payload bytes under way without a confirmation at most, at least one frame, up to 1 GiB
 * @param minEpochInterval the shortest time between two asynchronous epochs
 * @param maxEpochInterval the longest time between two asynchronous epochs, whatever the RPO
 * @param compressBelow data is compressed while the link takes fewer bytes per second, and compressing a sample gains
 *     enough; 0 for never, {@link Long#MAX_VALUE} for however fast it is
 * @param clock wall time, for the time stamps of epochs
 * @param nanoClock monotonic nanoseconds, for time-outs and rates
 * @param random makes the identities of replication histories; two processes must not draw the same
 * @param threads makes the threads: up to four per running session
 */
public record BlockReplicationConfig(
        Function<InstanceId, Optional<ReplicatedDisk>> disks,
        ReplicaNetwork network,
        int frameBytes,
        int windowBytes,
        Duration minEpochInterval,
        Duration maxEpochInterval,
        long compressBelow,
        InstantSource clock,
        LongSupplier nanoClock,
        RandomGenerator random,
        ThreadFactory threads) {
    public BlockReplicationConfig {
        Objects.requireNonNull(disks, "disks");
        Objects.requireNonNull(network, "network");
        Bounds.range("frameBytes", frameBytes, 4096, 4 << 20);
        Bounds.range("windowBytes", windowBytes, frameBytes, 1 << 30);
        Bounds.positive("minEpochInterval", minEpochInterval);
        Bounds.notBelow("maxEpochInterval", maxEpochInterval, minEpochInterval);
        Bounds.range("compressBelow", compressBelow, 0, Long.MAX_VALUE);
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(nanoClock, "nanoClock");
        Objects.requireNonNull(random, "random");
        Objects.requireNonNull(threads, "threads");
    }

    /** Returns a builder with the defaults: no disks, no known host. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects a configuration; not to be shared between threads. */
    public static final class Builder {
        private static final AtomicLong THREADS = new AtomicLong();

        private Function<InstanceId, Optional<ReplicatedDisk>> disks = instance -> Optional.empty();
        private ReplicaNetwork network = ReplicaNetwork.builder().build();
        private int frameBytes = 256 << 10;
        private int windowBytes = 8 << 20;
        private Duration minEpochInterval = Duration.ofMillis(20);
        private Duration maxEpochInterval = Duration.ofMinutes(1);
        private long compressBelow = 200_000_000;
        private InstantSource clock = InstantSource.system();
        private LongSupplier nanoClock = System::nanoTime;
        private RandomGenerator random = new SecureRandom();
        private ThreadFactory threads = Builder::daemon;

        private Builder() {}

        private static Thread daemon(Runnable task) {
            Thread thread = new Thread(task, "shadow-sync-" + THREADS.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        }

        /** How to find the open disk of a source instance. Default: this process owns none. */
        public Builder disks(Function<InstanceId, Optional<ReplicatedDisk>> value) {
            disks = value;
            return this;
        }

        /** How targets are reached. Default: no host is known. */
        public Builder network(ReplicaNetwork value) {
            network = value;
            return this;
        }

        /** Payload bytes of one data frame at most. Default 256 KiB. */
        public Builder frameBytes(int value) {
            frameBytes = value;
            return this;
        }

        /** Payload bytes under way without a confirmation at most. Default 8 MiB. */
        public Builder windowBytes(int value) {
            windowBytes = value;
            return this;
        }

        /** Bounds of the time between asynchronous epochs, a third of the RPO. Default 20 ms and 1 min. */
        public Builder epochInterval(Duration shortest, Duration longest) {
            minEpochInterval = shortest;
            maxEpochInterval = longest;
            return this;
        }

        /**
         * Data is compressed while the link takes fewer bytes per second and a sample of it shrinks; 0 for never, {@link
         * Long#MAX_VALUE} for however fast the link is. Default 200,000,000.
         */
        public Builder compressBelow(long bytesPerSecond) {
            compressBelow = bytesPerSecond;
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

        /** Makes identities of replication histories. Default: a secure generator. */
        public Builder random(RandomGenerator value) {
            random = value;
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
        public BlockReplicationConfig build() {
            return new BlockReplicationConfig(
                    disks,
                    network,
                    frameBytes,
                    windowBytes,
                    minEpochInterval,
                    maxEpochInterval,
                    compressBelow,
                    clock,
                    nanoClock,
                    random,
                    threads);
        }
    }
}
