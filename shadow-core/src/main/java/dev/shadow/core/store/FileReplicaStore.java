package dev.shadow.core.store;

import dev.shadow.core.store.JournalFormat.Kind;
import dev.shadow.core.store.RecordTable.Entry;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.Subscription;
import dev.shadow.spi.store.RecordKey;
import dev.shadow.spi.store.ReplicaStore;
import dev.shadow.spi.store.StoreException;
import dev.shadow.spi.store.StoredRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the records in a directory: a snapshot and a journal of what came after it. All of them are in
 * memory too, so reading never touches the disk.
 *
 * <p>A write returns when it is on the disk. Writers that meet share one write to the disk: the first
 * takes along what the others have queued. A write that was cut off by a crash is dropped when the store
 * is opened; any other damage is refused. One process at a time may have the directory open. Thread-safe.
 */
public final class FileReplicaStore implements ReplicaStore {
    /** Journal size at which a new snapshot is written, unless another is given. */
    public static final long DEFAULT_COMPACTION_BYTES = 8L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(FileReplicaStore.class);

    private final Storage storage;
    private final long compactionBytes;
    private final Listeners listeners = new Listeners();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition batchDone = lock.newCondition();

    // Guarded by lock.
    private RecordTable durable;
    private RecordTable pending;
    private Batch queued = new Batch();
    private boolean writing;
    private boolean closed;
    private @Nullable String broken;

    // Owned by the one thread that writes.
    private Storage.Appender journal;
    private long number;
    private long sequence;
    private long journalLength;

    private FileReplicaStore(Storage storage, long compactionBytes, Recovery.State state, Storage.Appender journal) {
        this.storage = storage;
        this.compactionBytes = compactionBytes;
        this.durable = state.table();
        this.pending = state.table().copy();
        this.number = state.number();
        this.sequence = state.nextSequence();
        this.journalLength = state.journalLength();
        this.journal = journal;
    }

    /**
     * Opens the store in a directory, which is made if it is missing.
     *
     * @throws StoreException permanent if another process has it open, or a file in it is damaged
     */
    public static FileReplicaStore open(Path directory) throws StoreException {
        return open(directory, DEFAULT_COMPACTION_BYTES);
    }

    /**
     * Opens the store in a directory, which is made if it is missing.
     *
     * @param compactionBytes journal size at which a new snapshot is written, at least 1
     * @throws StoreException permanent if another process has it open, or a file in it is damaged
     */
    public static FileReplicaStore open(Path directory, long compactionBytes) throws StoreException {
        if (compactionBytes < 1) {
            throw new IllegalArgumentException("compactionBytes must be at least 1, was " + compactionBytes);
        }
        return open(FileStorage.open(directory), compactionBytes);
    }

    static FileReplicaStore open(Storage storage, long compactionBytes) throws StoreException {
        boolean opened = false;
        try {
            Optional<Recovery.State> found = Recovery.read(storage);
            Recovery.State state = found.isPresent() ? found.get() : create(storage);
            Storage.Appender journal = storage.append(Recovery.journalName(state.number()));
            journal.truncate(state.journalLength());
            journal.force();
            deleteOthers(storage, state.number());
            opened = true;
            return new FileReplicaStore(storage, compactionBytes, state, journal);
        } catch (IOException e) {
            throw new StoreException(
                    Retry.PERMANENT, "state directory " + storage.location() + " cannot be opened: " + e, e);
        } finally {
            if (!opened) {
                closeQuietly(storage);
            }
        }
    }

    private static Recovery.State create(Storage storage) throws IOException {
        RecordTable empty = new RecordTable();
        begin(storage, empty, 1, 1).close();
        return new Recovery.State(empty, 1, 2, JournalFormat.HEADER);
    }

    /** Writes a snapshot and its empty journal; the renaming of the snapshot makes both count. */
    private static Storage.Appender begin(Storage storage, RecordTable table, long number, long sequence)
            throws IOException {
        storage.delete(Recovery.journalName(number));
        String temporary = Recovery.snapshotName(number) + ".tmp";
        storage.delete(temporary);
        try (Storage.Appender snapshot = storage.append(temporary)) {
            snapshot.write(Recovery.snapshot(table, number, sequence));
            snapshot.force();
        }
        Storage.Appender journal = storage.append(Recovery.journalName(number));
        try {
            journal.write(JournalFormat.header(Kind.JOURNAL, number));
            journal.force();
            storage.rename(temporary, Recovery.snapshotName(number));
            storage.forceNames();
            return journal;
        } catch (IOException e) {
            journal.close();
            throw e;
        }
    }

    private static void deleteOthers(Storage storage, long number) throws IOException {
        for (String name : storage.names()) {
            boolean ours = name.startsWith("state-");
            if (ours && !name.equals(Recovery.snapshotName(number)) && !name.equals(Recovery.journalName(number))) {
                storage.delete(name);
            }
        }
    }

    private static void closeQuietly(Storage storage) {
        try {
            storage.close();
        } catch (IOException e) {
            LOG.warn("state directory {} could not be closed", storage.location(), e);
        }
    }

    @Override
    public Optional<StoredRecord> get(RecordKey key) throws StoreException {
        lock.lock();
        try {
            refuseIfClosed();
            return durable.get(key);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<StoredRecord> list(String kind) throws StoreException {
        lock.lock();
        try {
            refuseIfClosed();
            return durable.list(kind);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public StoredRecord put(RecordKey key, long expectedVersion, String document, long fencingToken)
            throws StoreException {
        return write(table -> table.put(key, expectedVersion, document, fencingToken))
                .record();
    }

    @Override
    public void remove(RecordKey key, long expectedVersion, long fencingToken) throws StoreException {
        write(table -> table.remove(key, expectedVersion, fencingToken));
    }

    private Entry write(Decision decision) throws StoreException {
        lock.lock();
        try {
            refuseIfClosed();
            if (broken != null) {
                throw new StoreException(Retry.PERMANENT, broken);
            }
            Entry entry = decision.on(pending);
            pending.apply(entry);
            Batch mine = queued;
            mine.entries.add(entry);
            while (!mine.done) {
                if (writing) {
                    batchDone.awaitUninterruptibly();
                } else {
                    writeQueued();
                }
            }
            if (mine.failure != null) {
                throw mine.failure;
            }
            return entry;
        } finally {
            lock.unlock();
        }
    }

    /** Called and returns with the lock held, and gives it up while the disk works. */
    private void writeQueued() {
        Batch batch = queued;
        queued = new Batch();
        writing = true;
        lock.unlock();
        StoreException failure = null;
        try {
            append(batch.entries);
        } catch (IOException e) {
            failure = afterFailure(e);
        } finally {
            lock.lock();
        }
        if (failure == null) {
            batch.entries.forEach(durable::apply);
            batch.done = true;
            tell(batch.entries);
            compactIfLarge();
        } else {
            fail(batch, failure);
            fail(queued, failure);
            queued = new Batch();
            pending = durable.copy();
        }
        writing = false;
        batchDone.signalAll();
    }

    /** Listeners run with the lock given up, and before the next batch can be written. */
    private void tell(List<Entry> entries) {
        batchDone.signalAll();
        lock.unlock();
        try {
            entries.forEach(entry -> listeners.tell(entry.change()));
        } finally {
            lock.lock();
        }
    }

    private static void fail(Batch batch, StoreException failure) {
        batch.failure = failure;
        batch.done = true;
    }

    private void append(List<Entry> entries) throws IOException {
        ByteBuffer frame = JournalFormat.frame(sequence, entries);
        int length = frame.remaining();
        journal.write(frame);
        journal.force();
        sequence++;
        journalLength += length;
    }

    /**
     * Cuts off what a failed write left behind. If that fails too nobody knows what is on the disk, and
     * the store takes no more writes until it is opened anew.
     */
    private StoreException afterFailure(IOException failure) {
        try {
            journal.truncate(journalLength);
            journal.force();
            return new StoreException(
                    Retry.TRANSIENT,
                    "writing to state directory " + storage.location() + " failed and was undone: " + failure
                            + "; is the disk full?",
                    failure);
        } catch (IOException again) {
            failure.addSuppressed(again);
            String message = "state directory " + storage.location() + " takes no more writes after " + failure
                    + ": repair the disk and open the store again";
            lock.lock();
            try {
                broken = message;
            } finally {
                lock.unlock();
            }
            return new StoreException(Retry.PERMANENT, message, failure);
        }
    }

    /** Only once the journal has outgrown what it describes, so that the cost per write stays bounded. */
    private void compactIfLarge() {
        if (journalLength < compactionBytes) {
            return;
        }
        RecordTable table = durable.copy();
        lock.unlock();
        try {
            Storage.Appender next = begin(storage, table, number + 1, sequence);
            Storage.Appender previous = journal;
            journal = next;
            number++;
            sequence++;
            journalLength = JournalFormat.HEADER;
            previous.close();
            deleteOthers(storage, number);
        } catch (IOException e) {
            LOG.warn("state directory {} could not be compacted; it goes on growing", storage.location(), e);
        } finally {
            lock.lock();
        }
    }

    @Override
    public Subscription subscribe(Consumer<Change> listener) {
        return listeners.add(listener);
    }

    private void refuseIfClosed() throws StoreException {
        if (closed) {
            throw new StoreException(Retry.PERMANENT, "the store in " + storage.location() + " is closed");
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            while (writing) {
                batchDone.awaitUninterruptibly();
            }
            if (closed) {
                return;
            }
            closed = true;
            journal.close();
        } catch (IOException e) {
            LOG.warn("the journal in {} could not be closed; everything acknowledged is in it", storage.location(), e);
        } finally {
            lock.unlock();
        }
        closeQuietly(storage);
    }

    /** What a write means for the records as they stand. */
    @FunctionalInterface
    private interface Decision {
        Entry on(RecordTable table) throws StoreException;
    }

    /** Writes that go to the disk together. Guarded by the store's lock. */
    private static final class Batch {
        private final List<Entry> entries = new ArrayList<>();
        private boolean done;
        private @Nullable StoreException failure;
    }
}
