package dev.shadow.sync;

import dev.shadow.spi.InvalidValueException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits of a {@link ReplicaServer}.
 *
 * @param ioTimeout how long a connection may be silent before it is cut, also before its first frame
 * @param maxConnections connections at once at most; more are closed at once
 * @param journalBytes bytes of committed epochs that may wait in a replica's journal before its image
 *     is made durable and the journal is emptied, at least 1 MiB
 * @param openToNew whether a source may bring a replica that is not here; without, each must be {@linkplain
 *     ReplicaServer#create made} first
 * @param history which earlier epochs can still be activated
 * @param tls encryption and authentication of TCP connections; with it, a source without a trusted certificate gets
 *     nothing. Empty for none
 * @param threads makes the threads: one for the listener and two per connection
 */
public record ReplicaServerOptions(
        Duration ioTimeout,
        int maxConnections,
        long journalBytes,
        boolean openToNew,
        HistoryPolicy history,
        Optional<Tls> tls,
        ThreadFactory threads) {
    private static final AtomicLong THREADS = new AtomicLong();

    public ReplicaServerOptions {
        Objects.requireNonNull(ioTimeout, "ioTimeout");
        Objects.requireNonNull(history, "history");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(threads, "threads");
        if (ioTimeout.isNegative() || ioTimeout.isZero()) {
            throw new InvalidValueException("ioTimeout", ioTimeout.toString(), "be more than zero");
        }
        if (maxConnections < 1) {
            throw new InvalidValueException("maxConnections", Integer.toString(maxConnections), "be at least 1");
        }
        if (journalBytes < 1 << 20) {
            throw new InvalidValueException("journalBytes", Long.toString(journalBytes), "be at least 1048576");
        }
    }

    /** Returns the defaults: 5 seconds, 256 connections, 64 MiB, closed to new replicas, no history, no TLS, daemon threads. */
    public static ReplicaServerOptions defaults() {
        return new ReplicaServerOptions(
                Duration.ofSeconds(5),
                256,
                64L << 20,
                false,
                HistoryPolicy.NONE,
                Optional.empty(),
                ReplicaServerOptions::daemon);
    }

    /** Returns these options with another time-out. */
    public ReplicaServerOptions withIoTimeout(Duration value) {
        return new ReplicaServerOptions(value, maxConnections, journalBytes, openToNew, history, tls, threads);
    }

    /** Returns these options with another limit of connections. */
    public ReplicaServerOptions withMaxConnections(int value) {
        return new ReplicaServerOptions(ioTimeout, value, journalBytes, openToNew, history, tls, threads);
    }

    /** Returns these options with another journal limit. */
    public ReplicaServerOptions withJournalBytes(long value) {
        return new ReplicaServerOptions(ioTimeout, maxConnections, value, openToNew, history, tls, threads);
    }

    /** Returns these options, with sources allowed to bring new replicas. */
    public ReplicaServerOptions withNewReplicas() {
        return new ReplicaServerOptions(ioTimeout, maxConnections, journalBytes, true, history, tls, threads);
    }

    /** Returns these options with another history. */
    public ReplicaServerOptions withHistory(HistoryPolicy value) {
        return new ReplicaServerOptions(ioTimeout, maxConnections, journalBytes, openToNew, value, tls, threads);
    }

    /** Returns these options with TLS. */
    public ReplicaServerOptions withTls(Tls value) {
        return new ReplicaServerOptions(
                ioTimeout, maxConnections, journalBytes, openToNew, history, Optional.of(value), threads);
    }

    /** Returns these options with another maker of threads. */
    public ReplicaServerOptions withThreads(ThreadFactory value) {
        return new ReplicaServerOptions(ioTimeout, maxConnections, journalBytes, openToNew, history, tls, value);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "shadow-replica-" + THREADS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
