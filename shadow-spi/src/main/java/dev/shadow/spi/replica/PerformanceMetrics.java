package dev.shadow.spi.replica;

import dev.shadow.spi.internal.Checks;
import java.time.Duration;
import java.util.Optional;

/**
 * Measured performance of one replica.
 *
 * @param seedBytes payload bytes of the first copy, at least 0
 * @param warmUp time from the decision to create the replica until it was {@code STANDBY}; empty before
 * @param replicationBytesPerSecond payload rate of the last status, at least 0
 * @param worstLag the greatest lag seen while the replica was {@code STANDBY}, at least zero
 * @param activation time from the order to activate until the replica served; empty before
 */
public record PerformanceMetrics(
        long seedBytes,
        Optional<Duration> warmUp,
        double replicationBytesPerSecond,
        Duration worstLag,
        Optional<Duration> activation) {
    /** Metrics of a replica that has done nothing yet. */
    public static final PerformanceMetrics NONE =
            new PerformanceMetrics(0, Optional.empty(), 0, Duration.ZERO, Optional.empty());

    public PerformanceMetrics {
        Checks.range("seedBytes", seedBytes, 0, Long.MAX_VALUE);
        Checks.present("warmUp", warmUp).ifPresent(d -> Checks.notNegative("warmUp", d));
        Checks.range("replicationBytesPerSecond", replicationBytesPerSecond, 0, Double.MAX_VALUE);
        Checks.notNegative("worstLag", worstLag);
        Checks.present("activation", activation).ifPresent(d -> Checks.notNegative("activation", d));
    }
}
