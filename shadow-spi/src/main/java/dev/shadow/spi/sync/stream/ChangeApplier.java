package dev.shadow.spi.sync.stream;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.sync.SyncException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A database that takes changes, and keeps with them the position up to which it has them.
 *
 * <p>Called by the change-stream pipeline, on its thread; calls do not overlap. A thrown {@link SyncException} means that
 * the effect is unknown; the position tells. After a crash at any moment the target holds all of a call or nothing of it,
 * since changes and position are committed in one transaction of the target.
 */
public interface ChangeApplier {
    /** The position up to which everything is applied, durably; empty if nothing ever was. */
    Optional<StreamPosition> position(Duration timeout) throws SyncException;

    /**
     * Applies the transactions in order and moves the position to that of the last, all of it or nothing. Transactions at
     * or below the position that is held are skipped, so that repeating a call has the effect of one.
     *
     * @param transactions in rising order of their positions, at least one
     * @param context its generation is remembered with the position
     * @throws SyncException permanent if a change does not fit the tables that are there
     * @throws dev.shadow.spi.StaleGenerationException if a newer generation has applied something; nothing is changed
     */
    void apply(List<ChangeTransaction> transactions, CallContext context) throws SyncException;
}
