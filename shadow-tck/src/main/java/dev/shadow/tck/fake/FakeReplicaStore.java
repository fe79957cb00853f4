package dev.shadow.tck.fake;

import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.Subscription;
import dev.shadow.spi.store.FencedWriteException;
import dev.shadow.spi.store.RecordKey;
import dev.shadow.spi.store.ReplicaStore;
import dev.shadow.spi.store.StoreException;
import dev.shadow.spi.store.StoredRecord;
import dev.shadow.spi.store.VersionConflictException;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A store whose content outlives it in memory: {@link #reopen} is what a process finds that was started
 * after a crash. Changes are delivered on the writer's thread. Thread-safe.
 */
public final class FakeReplicaStore implements ReplicaStore {
    /** The calls that faults can be injected into. */
    public enum Call {
        /** {@link ReplicaStore#get}. */
        GET,
        /** {@link ReplicaStore#list}. */
        LIST,
        /** {@link ReplicaStore#put}. */
        PUT,
        /** {@link ReplicaStore#remove}. */
        REMOVE
    }

    private static final Duration UNLIMITED = Duration.ofDays(1);

    /** What outlives a process: shared by a store and those reopened from it. */
    private static final class Disk {
        private final NavigableMap<RecordKey, StoredRecord> records = new TreeMap<>();
        private final Map<RecordKey, Long> lastVersions = new HashMap<>();
        private final Listeners<Change> listeners = new Listeners<>();
        private long highestToken;
    }

    private final VirtualTime time;
    private final Disk disk;
    private final Faults<Call> faults;
    private volatile boolean closed;

    private FakeReplicaStore(VirtualTime time, Disk disk) {
        this.time = time;
        this.disk = disk;
        this.faults = new Faults<>(Call.class, time);
    }

    /** Returns an empty store. */
    public static FakeReplicaStore on(VirtualTime time) {
        return new FakeReplicaStore(time, new Disk());
    }

    /** Returns the store as a process finds it that was started after a crash, or beside this one. */
    public FakeReplicaStore reopen() {
        return new FakeReplicaStore(time, disk);
    }

    /** The faults that this store is to show. */
    public Faults<Call> faults() {
        return faults;
    }

    @Override
    public Optional<StoredRecord> get(RecordKey key) throws StoreException {
        return faults.in(Call.GET, UNLIMITED, StoreException::new, () -> {
            synchronized (disk) {
                requireOpen();
                return Optional.ofNullable(disk.records.get(key));
            }
        });
    }

    @Override
    public List<StoredRecord> list(String kind) throws StoreException {
        return faults.in(Call.LIST, UNLIMITED, StoreException::new, () -> {
            synchronized (disk) {
                requireOpen();
                return disk.records.values().stream()
                        .filter(found -> found.key().kind().equals(kind))
                        .toList();
            }
        });
    }

    @Override
    public StoredRecord put(RecordKey key, long expectedVersion, String document, long fencingToken)
            throws StoreException {
        return faults.in(Call.PUT, UNLIMITED, StoreException::new, () -> {
            synchronized (disk) {
                requireOpen();
                requireToken(fencingToken);
                requireVersion(key, expectedVersion);
                long version = disk.lastVersions.getOrDefault(key, 0L) + 1;
                StoredRecord written = new StoredRecord(key, version, document);
                disk.highestToken = fencingToken;
                disk.records.put(key, written);
                disk.lastVersions.put(key, version);
                disk.listeners.deliver(new Change(key, version, Optional.of(document)));
                return written;
            }
        });
    }

    @Override
    public void remove(RecordKey key, long expectedVersion, long fencingToken) throws StoreException {
        faults.in(Call.REMOVE, UNLIMITED, StoreException::new, () -> {
            synchronized (disk) {
                requireOpen();
                requireToken(fencingToken);
                requireVersion(key, expectedVersion);
                if (expectedVersion == 0) {
                    throw new VersionConflictException(key, expectedVersion, OptionalLong.empty());
                }
                disk.highestToken = fencingToken;
                disk.records.remove(key);
                disk.listeners.deliver(new Change(key, expectedVersion, Optional.empty()));
                return key;
            }
        });
    }

    private void requireOpen() throws StoreException {
        if (closed) {
            throw new StoreException(Retry.PERMANENT, "the store is closed: open it again");
        }
    }

    private void requireToken(long token) throws FencedWriteException {
        if (token < disk.highestToken) {
            throw new FencedWriteException(token, disk.highestToken);
        }
    }

    private void requireVersion(RecordKey key, long expected) throws VersionConflictException {
        StoredRecord found = disk.records.get(key);
        if ((found == null ? 0 : found.version()) != expected) {
            throw new VersionConflictException(
                    key, expected, found == null ? OptionalLong.empty() : OptionalLong.of(found.version()));
        }
    }

    @Override
    public Subscription subscribe(Consumer<Change> listener) {
        return disk.listeners.add(change -> {
            if (!closed) {
                listener.accept(change);
            }
        });
    }

    @Override
    public void close() {
        closed = true;
    }
}
