package dev.shadow.core.store;

import dev.shadow.spi.store.FencedWriteException;
import dev.shadow.spi.store.RecordKey;
import dev.shadow.spi.store.ReplicaStore.Change;
import dev.shadow.spi.store.StoreException;
import dev.shadow.spi.store.StoredRecord;
import dev.shadow.spi.store.VersionConflictException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The records with their versions, and the rules of compare-and-set and fencing. Not thread-safe.
 *
 * <p>The last versions of removed records are remembered, the latest {@value #MOST_REMOVED} one by one and
 * all earlier ones by their maximum: a record that is written again starts above the version it had, and
 * memory does not grow with the number of records that ever were.
 */
final class RecordTable {
    static final int MOST_REMOVED = 4096;

    private final TreeMap<RecordKey, StoredRecord> records = new TreeMap<>();
    private final LinkedHashMap<RecordKey, Long> removed = new LinkedHashMap<>();
    private long forgottenVersion;
    private long highestToken;

    Optional<StoredRecord> get(RecordKey key) {
        return Optional.ofNullable(records.get(key));
    }

    List<StoredRecord> list(String kind) {
        List<StoredRecord> found = new ArrayList<>();
        for (StoredRecord record :
                records.tailMap(new RecordKey(kind, "0"), true).values()) {
            if (!record.key().kind().equals(kind)) {
                break;
            }
            found.add(record);
        }
        return found;
    }

    /** Returns the write that a put means, or throws if it is not allowed now. */
    Entry put(RecordKey key, long expectedVersion, String document, long token) throws StoreException {
        check(key, expectedVersion, token);
        long last = expectedVersion > 0 ? expectedVersion : removed.getOrDefault(key, forgottenVersion);
        return new Entry(new StoredRecord(key, last + 1, document), true, token);
    }

    /** Returns the write that a removal means, or throws if it is not allowed now. */
    Entry remove(RecordKey key, long expectedVersion, long token) throws StoreException {
        check(key, expectedVersion, token);
        StoredRecord record = records.get(key);
        if (record == null) {
            throw new VersionConflictException(key, expectedVersion, OptionalLong.empty());
        }
        return new Entry(record, false, token);
    }

    private void check(RecordKey key, long expectedVersion, long token) throws StoreException {
        if (expectedVersion < 0 || token < 0) {
            throw new IllegalArgumentException(
                    "expectedVersion and fencingToken must be at least 0, were " + expectedVersion + " and " + token);
        }
        if (token < highestToken) {
            throw new FencedWriteException(token, highestToken);
        }
        StoredRecord record = records.get(key);
        long found = record == null ? 0 : record.version();
        if (found != expectedVersion) {
            throw new VersionConflictException(
                    key, expectedVersion, found == 0 ? OptionalLong.empty() : OptionalLong.of(found));
        }
    }

    void apply(Entry entry) {
        RecordKey key = entry.record().key();
        highestToken = Math.max(highestToken, entry.token());
        if (entry.present()) {
            records.put(key, entry.record());
            removed.remove(key);
            return;
        }
        records.remove(key);
        removed.remove(key);
        removed.put(key, entry.record().version());
        if (removed.size() > MOST_REMOVED) {
            Map.Entry<RecordKey, Long> eldest = removed.entrySet().iterator().next();
            removed.remove(eldest.getKey());
            forgottenVersion = Math.max(forgottenVersion, eldest.getValue());
        }
    }

    /** Restores what a snapshot says beside its records. */
    void restore(long forgotten, long token) {
        forgottenVersion = forgotten;
        highestToken = token;
    }

    long forgottenVersion() {
        return forgottenVersion;
    }

    long highestToken() {
        return highestToken;
    }

    int size() {
        return records.size();
    }

    /** Every entry that rebuilds this table when it is applied in this order to an empty one. */
    List<Entry> entries() {
        List<Entry> all = new ArrayList<>(removed.size() + records.size());
        removed.forEach((key, version) -> all.add(new Entry(new StoredRecord(key, version, "-"), false, 0)));
        records.values().forEach(record -> all.add(new Entry(record, true, 0)));
        return all;
    }

    RecordTable copy() {
        RecordTable copy = new RecordTable();
        copy.records.putAll(records);
        copy.removed.putAll(removed);
        copy.restore(forgottenVersion, highestToken);
        return copy;
    }

    /**
     * One write.
     *
     * @param record the record as written, or as it was when it was removed
     * @param present whether it is there after the write
     * @param token the writer's fencing token
     */
    record Entry(StoredRecord record, boolean present, long token) {
        Change change() {
            return new Change(
                    record.key(), record.version(), present ? Optional.of(record.document()) : Optional.empty());
        }
    }
}
