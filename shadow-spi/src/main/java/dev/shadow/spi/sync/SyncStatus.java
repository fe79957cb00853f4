package dev.shadow.spi.sync;

import dev.shadow.spi.Generation;
import dev.shadow.spi.internal.Checks;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a replica is behind its primary, as last known to the session.
 *
 * @param phase where the session stands
 * @param generation write history that the session replicates
 * @param committedEpoch number of the last epoch that the replica committed; empty before the first
 * @param committedAt the primary's clock when that epoch was frozen; empty before the first
 * @param lagBytes bytes that the guest has written and the replica has not committed, at least 0
 * @param lag age of the oldest such write, zero if there is none
 * @param bytesPerSecond payload rate over the last few seconds, at least 0
 * @param eta estimated time until the first copy or the catch-up is done; empty if nothing is under
 *     way or the rate is unknown
 * @param sentBytes payload bytes sent since the session was opened, at least 0
 * @param observedAt when this was measured; old if the source cannot be reached
 * @param detail why the session is interrupted or failed; empty otherwise
 */
public record SyncStatus(
        SyncPhase phase,
        Generation generation,
        OptionalLong committedEpoch,
        Optional<Instant> committedAt,
        long lagBytes,
        Duration lag,
        double bytesPerSecond,
        Optional<Duration> eta,
        long sentBytes,
        Instant observedAt,
        String detail) {
    public SyncStatus {
        Checks.present("phase", phase);
        Checks.present("generation", generation);
        Checks.present("committedEpoch", committedEpoch);
        Checks.present("committedAt", committedAt);
        if (committedEpoch.isPresent()) {
            Checks.range("committedEpoch", committedEpoch.getAsLong(), 0, Long.MAX_VALUE);
        }
        if (committedEpoch.isPresent() != committedAt.isPresent()) {
            throw Checks.refused("committedAt", committedAt, "be given exactly when committedEpoch is");
        }
        Checks.range("lagBytes", lagBytes, 0, Long.MAX_VALUE);
        Checks.notNegative("lag", lag);
        Checks.range("bytesPerSecond", bytesPerSecond, 0, Double.MAX_VALUE);
        Checks.present("eta", eta).ifPresent(d -> Checks.notNegative("eta", d));
        Checks.range("sentBytes", sentBytes, 0, Long.MAX_VALUE);
        Checks.present("observedAt", observedAt);
        Checks.present("detail", detail);
    }

    /** Returns the status of a session that was opened and has moved nothing yet. */
    public static SyncStatus opened(Generation generation, Instant now) {
        return new SyncStatus(
                SyncPhase.OPENED,
                generation,
                OptionalLong.empty(),
                Optional.empty(),
                0,
                Duration.ZERO,
                0,
                Optional.empty(),
                0,
                now,
                "");
    }

    /** Says whether the replica holds a committed epoch, so that it could be promoted. */
    public boolean isPromotable() {
        return committedEpoch.isPresent();
    }
}
