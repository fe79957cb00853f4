package dev.shadow.spi.sync;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Subscription;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One replication from a serving instance to a shadow replica.
 *
 * <p>Called by the manager, on its executor; {@link #status} may be called from any thread at any
 * time, the other calls do not overlap one another. The invariants hold whatever fails, and at every
 * moment:
 *
 * <ol>
 *   <li>The replica is byte-identical to the primary as of its last committed epoch.
 *   <li>In phase {@link SyncPhase#SYNCHRONOUS} every write acknowledged to the guest is durable on the
 *       replica. Before the first write is acknowledged without it, the session has moved to {@link
 *       SyncPhase#DEGRADING} and {@link #acknowledgeDegraded} has been called.
 *   <li>A write is never forgotten: what was not committed is sent again, over any number of crashes.
 *   <li>Once promoted to a generation, the replica refuses every message of an older one.
 * </ol>
 */
public interface SyncSession extends AutoCloseable {
    /** The replication that this session carries out. */
    SyncSpec spec();

    /**
     * Begins or continues the replication and returns without waiting for data to flow. Calling it on a
     * started session changes nothing.
     *
     * @throws SyncException if the source cannot be reached or has no such instance
     * @throws dev.shadow.spi.StaleGenerationException if the target has seen a newer generation
     */
    void start(CallContext context) throws SyncException;

    /** The state as last known; does not block on the network and never throws. */
    SyncStatus status();

    /**
     * Delivers every change of phase and at least one status a second while data flows, on a thread of
     * the session; a listener must not block and its exceptions are logged and ignored.
     */
    Subscription subscribe(Consumer<SyncStatus> listener);

    /**
     * Cuts an epoch now and returns when the replica has committed it: every write acknowledged before
     * this call is then on the replica.
     *
     * @return number of the committed epoch
     * @throws SyncException if it was not committed within the context's time-out, or the session is not
     *     running
     */
    long commitEpoch(CallContext context) throws SyncException;

    /**
     * Stops sending; writes go on being tracked. Pausing a paused session changes nothing.
     *
     * <p>For a synchronous session a pause is the loss of its replica: its writes wait, and {@link
     * SyncSpec#onLinkLoss} decides. With {@link LinkLossPolicy#FALL_BACK} the session moves to {@link
     * SyncPhase#DEGRADING} once a write has waited for the write time-out, and writes go on without the
     * replica only after {@link #acknowledgeDegraded}; with {@link LinkLossPolicy#HOLD_WRITES} they fail
     * after the time-out. To pause without holding the guest, change the mode to asynchronous first.
     */
    void pause(CallContext context) throws SyncException;

    /** Sends again what was held back by {@link #pause}. Resuming a running session changes nothing. */
    void resume(CallContext context) throws SyncException;

    /**
     * Tells a session in phase {@link SyncPhase#DEGRADING} that the loss of synchrony is recorded
     * durably, so that the guest's writes may go on without the replica. In any other phase it changes
     * nothing.
     */
    void acknowledgeDegraded(CallContext context) throws SyncException;

    /**
     * Compares the replica with the source as of one epoch, while replication goes on.
     *
     * @param timeout the longest that the call may block
     * @throws SyncException if either side cannot be read within the time-out
     */
    VerifyReport verify(Duration timeout) throws SyncException;

    /**
     * Makes the replica's last committed epoch its content for good, under the context's generation,
     * which must be above the session's: any other is refused and changes nothing. Asks the target
     * alone; the source may be dead. Durable when it returns; repeated with the same generation it
     * returns the same promotion.
     *
     * @throws SyncException if the target cannot be reached, or holds no committed epoch
     * @throws dev.shadow.spi.StaleGenerationException if the target has seen a newer generation
     */
    Promotion promote(CallContext context) throws SyncException;

    /**
     * Stops sending and forgets the session. Neither image is touched; closing twice has the effect of
     * once.
     */
    @Override
    void close();
}
