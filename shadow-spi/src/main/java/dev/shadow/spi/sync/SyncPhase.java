package dev.shadow.spi.sync;

/** Where a synchronisation session stands. */
public enum SyncPhase {
    /** Opened and not started; nothing flows. */
    OPENED,
    /** The first copy is under way; the replica is not usable until its first epoch is committed. */
    SEEDING,
    /** Epochs flow asynchronously; the replica is exactly the last committed epoch. */
    ASYNCHRONOUS,
    /** Every acknowledged write is durable on the replica. */
    SYNCHRONOUS,
    /** Synchronous mode was lost; guest writes wait until the loss is acknowledged as recorded. */
    DEGRADING,
    /** Synchronous mode was lost and this is recorded; writes go on without the replica. */
    DEGRADED,
    /** Paused on request; writes are tracked, nothing is sent. */
    PAUSED,
    /** The link or the peer is lost; the session tries again by itself and forgets nothing. */
    INTERRUPTED,
    /** The replica was promoted to a newer generation; this session will never send again. */
    PROMOTED,
    /** The session cannot go on without help; the status says why. */
    FAILED,
    /** Closed. */
    CLOSED;

    /** Says whether every acknowledged write is certain to be on the replica. */
    public boolean holdsEveryAcknowledgedWrite() {
        return this == SYNCHRONOUS || this == DEGRADING;
    }

    /** Says whether the session will never move data again. */
    public boolean isTerminal() {
        return this == PROMOTED || this == FAILED || this == CLOSED;
    }
}
