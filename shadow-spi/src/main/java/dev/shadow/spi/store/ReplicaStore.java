package dev.shadow.spi.store;

import dev.shadow.spi.Subscription;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Durable records of the control plane, each written by compare-and-set.
 *
 * <p>Called by the manager, on its executor; calls may overlap. A write is durable and visible to every
 * reader when the call returns. A thrown {@link StoreException} other than its two refinements says
 * nothing about the effect: the manager reads again. After a crash half-way a record is the old one or
 * the new one, never a mixture, and whatever was acknowledged is there. Time-outs are configured where
 * the store is opened.
 */
public interface ReplicaStore extends AutoCloseable {
    /** Reads one record. */
    Optional<StoredRecord> get(RecordKey key) throws StoreException;

    /** Reads every record of one kind, ordered by id. */
    List<StoredRecord> list(String kind) throws StoreException;

    /**
     * Writes a record if its present version is the expected one.
     *
     * @param key names it
     * @param expectedVersion the version that must be there, or 0 if there must be none
     * @param document the new content, JSON text
     * @param fencingToken token of the writer's lease, at least 0; see {@link Lease#token}
     * @return the record as written
     * @throws VersionConflictException if another version is there
     * @throws FencedWriteException if a higher token has written to this store
     */
    StoredRecord put(RecordKey key, long expectedVersion, String document, long fencingToken) throws StoreException;

    /**
     * Removes a record if its present version is the expected one. Versions of a record that is written
     * again later start above the removed one's.
     *
     * @throws VersionConflictException if another version is there, or none
     * @throws FencedWriteException if a higher token has written to this store
     */
    void remove(RecordKey key, long expectedVersion, long fencingToken) throws StoreException;

    /**
     * Delivers every write and removal from now on, in the order of each record's versions, on a thread of
     * the store or of the writer; a listener must not block or call the store and its exceptions are
     * logged and ignored.
     */
    Subscription subscribe(Consumer<Change> listener);

    /** Frees what the store holds; nothing acknowledged is lost. Closing twice has the effect of once. */
    @Override
    void close();

    /**
     * A change of one record.
     *
     * @param key the record
     * @param version version of the write, or of the removed record
     * @param document the new content; empty if it was removed
     */
    record Change(RecordKey key, long version, Optional<String> document) {}
}
