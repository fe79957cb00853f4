package dev.shadow.spi.sync.stream;

import dev.shadow.spi.sync.SyncException;
import java.time.Duration;
import java.util.Optional;

/**
 * The committed changes of one database, in the order of their commits.
 *
 * <p>Called by the change-stream pipeline, on its thread; one reader is open at a time and its calls do not overlap. A
 * thrown {@link SyncException} means that nothing was consumed: the pipeline closes the reader and opens another after
 * the position that its target holds. After a crash anywhere the same happens, so a feed keeps every transaction until
 * it was confirmed, and gives it again in the same form.
 */
public interface ChangeFeed {
    /**
     * Opens a reader of everything after a position.
     *
     * @param after what the target holds; empty for a target that holds nothing, which gets a snapshot first: for each
     *     table a {@link Change.Reset} and its rows, and then the stream from the moment of the snapshot on. After a
     *     position inside a snapshot, the feed goes on with it or begins another
     * @param timeout the longest that the call may block
     * @throws SyncException permanent if the feed has forgotten what follows {@code after}: the target must begin anew
     */
    Reader open(Optional<StreamPosition> after, Duration timeout) throws SyncException;

    /** Reads on from one position. Not to be shared between threads. */
    interface Reader extends AutoCloseable {
        /**
         * Returns the next transaction, in the order of commits and with a higher position than the one before; empty if
         * there is none within {@code timeout}. A transaction that was rolled back is never given, and one that is given
         * is whole.
         */
        Optional<ChangeTransaction> next(Duration timeout) throws SyncException;

        /**
         * Tells the feed that everything up to this position is durable in the target, so that it may be forgotten.
         * Repeating it, and an older position, change nothing.
         */
        void confirm(StreamPosition position) throws SyncException;

        @Override
        void close();
    }
}
