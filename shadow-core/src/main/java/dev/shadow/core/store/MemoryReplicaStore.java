package dev.shadow.core.store;

import dev.shadow.spi.Subscription;
import dev.shadow.spi.store.RecordKey;
import dev.shadow.spi.store.ReplicaStore;
import dev.shadow.spi.store.StoreException;
import dev.shadow.spi.store.StoredRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps the records in memory, for tests and for an application that wants no durability: what it holds
 * ends with the process. Thread-safe. Closing it changes nothing, so that a manager can be closed and
 * built again on the same store.
 */
public final class MemoryReplicaStore implements ReplicaStore {
    private final Object lock = new Object();
    private final RecordTable table = new RecordTable();
    private final Listeners listeners = new Listeners();

    private MemoryReplicaStore() {}

    /** Returns an empty store. */
    public static MemoryReplicaStore create() {
        return new MemoryReplicaStore();
    }

    @Override
    public Optional<StoredRecord> get(RecordKey key) {
        synchronized (lock) {
            return table.get(key);
        }
    }

    @Override
    public List<StoredRecord> list(String kind) {
        synchronized (lock) {
            return table.list(kind);
        }
    }

    @Override
    public StoredRecord put(RecordKey key, long expectedVersion, String document, long fencingToken)
            throws StoreException {
        synchronized (lock) {
            RecordTable.Entry entry = table.put(key, expectedVersion, document, fencingToken);
            table.apply(entry);
            listeners.tell(entry.change());
            return entry.record();
        }
    }

    @Override
    public void remove(RecordKey key, long expectedVersion, long fencingToken) throws StoreException {
        synchronized (lock) {
            RecordTable.Entry entry = table.remove(key, expectedVersion, fencingToken);
            table.apply(entry);
            listeners.tell(entry.change());
        }
    }

    @Override
    public Subscription subscribe(Consumer<Change> listener) {
        return listeners.add(listener);
    }

    @Override
    public void close() {}
}
