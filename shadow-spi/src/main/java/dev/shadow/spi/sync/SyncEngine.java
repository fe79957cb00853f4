package dev.shadow.spi.sync;

import dev.shadow.spi.InstanceId;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps replicas in step with their primaries.
 *
 * <p>Called by the manager's reconcile pass, on the manager's executor; calls for different virtual
 * machines may overlap, calls for one virtual machine do not. A thrown {@link SyncException} means
 * that nothing is known about the effect; the manager calls again with the same spec. After a crash
 * of the manager half-way, {@link #open} with the same spec finds the session that is already there.
 */
public interface SyncEngine {
    /**
     * Opens the session that {@code spec} names, or returns the one that is already open for the same
     * source, target and generation, with its state as it is; a changed mode, RPO or policy is taken
     * over. Needs neither side to be reachable: a session whose source is dead can still be promoted.
     *
     * @param timeout the longest that the call may block
     * @throws SyncException if the method is not supported, or the spec contradicts an open session
     * @throws dev.shadow.spi.StaleGenerationException if the target has seen a newer generation
     */
    SyncSession open(SyncSpec spec, Duration timeout) throws SyncException;

    /**
     * Returns the open session towards a target instance, if this engine holds one.
     *
     * @param target the receiving instance
     */
    Optional<SyncSession> session(InstanceId target);
}
