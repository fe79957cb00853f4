package dev.shadow.spi.sync;

/** What a synchronous session does when its replica cannot be reached in time. */
public enum LinkLossPolicy {
    /**
     * Writes wait until the loss of synchrony has been recorded durably by the control plane (see
     * {@link SyncSession#acknowledgeDegraded}), go on without the replica, and the session returns to
     * synchronous mode by itself once it has caught up.
     */
    FALL_BACK,
    /**
     * Writes wait, and fail with a clear error after the session's write time-out, for as long as the
     * replica counts. When the control plane gives a replica up, because its host is dead, it records
     * that first and closes the session; writes then go on unprotected until another replica is in step.
     */
    HOLD_WRITES
}
