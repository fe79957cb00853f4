package dev.shadow.tck.fake;

import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.stream.Change;
import dev.shadow.spi.sync.stream.ChangeFeed;
import dev.shadow.spi.sync.stream.ChangeTransaction;
import dev.shadow.spi.sync.stream.StreamPosition;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A source database in memory and its change feed: what is committed to it is given by its readers. Forgets what was
 * confirmed, and gives a snapshot to a target that holds nothing. Thread-safe.
 */
public final class FakeChangeFeed implements ChangeFeed {
    /** The calls that faults can be injected into. */
    public enum Call {
        /** {@link ChangeFeed#open}. */
        OPEN,
        /** {@link ChangeFeed.Reader#next}. */
        NEXT,
        /** {@link ChangeFeed.Reader#confirm}. */
        CONFIRM
    }

    private final Object lock = new Object();
    private final VirtualTime time;
    private final Faults<Call> faults;
    private final NavigableMap<Long, ChangeTransaction> log = new TreeMap<>();
    private final Map<String, FakeTable> tables = new LinkedHashMap<>();
    private long sequence;
    private long confirmed;

    private FakeChangeFeed(VirtualTime time) {
        this.time = time;
        this.faults = new Faults<>(Call.class, time);
    }

    /** Returns the feed of an empty database. */
    public static FakeChangeFeed on(VirtualTime time) {
        return new FakeChangeFeed(time);
    }

    /** The faults that this feed is to show. */
    public Faults<Call> faults() {
        return faults;
    }

    /** Commits changes as one transaction. */
    public StreamPosition commit(Change... changes) {
        synchronized (lock) {
            for (Change change : changes) {
                FakeTable.apply(tables, change);
            }
            return append(false, List.of(changes)).position();
        }
    }

    private ChangeTransaction append(boolean snapshot, List<Change> changes) {
        sequence++;
        StreamPosition position = new StreamPosition(sequence, (snapshot ? "snapshot-" : "stream-") + sequence);
        ChangeTransaction transaction = new ChangeTransaction(position, time.instant(), snapshot, changes);
        log.put(sequence, transaction);
        return transaction;
    }

    /** The rows of every table, by table and key. */
    public Map<String, Map<Object, Map<String, Optional<Object>>>> content() {
        synchronized (lock) {
            return FakeTable.content(tables);
        }
    }

    /** How many transactions are kept because nobody has confirmed them. */
    public int kept() {
        synchronized (lock) {
            return log.size();
        }
    }

    @Override
    public Reader open(Optional<StreamPosition> after, Duration timeout) throws SyncException {
        return faults.in(Call.OPEN, timeout, SyncException::new, () -> {
            synchronized (lock) {
                if (after.isEmpty()) {
                    return snapshot();
                }
                if (after.get().sequence() < confirmed) {
                    throw new SyncException(
                            SyncException.Retry.PERMANENT,
                            "what follows " + after.get() + " is forgotten: begin with an empty target");
                }
                return new LogReader(after.get().sequence());
            }
        });
    }

    private Reader snapshot() {
        long before = sequence;
        log.clear();
        for (FakeTable table : tables.values()) {
            append(true, List.of(new Change.Reset(table.schema())));
            for (Change.Upsert row : table.rows()) {
                append(true, List.of(row));
            }
        }
        if (!log.isEmpty()) {
            ChangeTransaction last = log.lastEntry().getValue();
            log.put(sequence, new ChangeTransaction(last.position(), last.committedAt(), false, last.changes()));
        }
        return new LogReader(before);
    }

    private final class LogReader implements Reader {
        private long at;

        LogReader(long at) {
            this.at = at;
        }

        @Override
        public Optional<ChangeTransaction> next(Duration timeout) throws SyncException {
            return faults.in(Call.NEXT, timeout, SyncException::new, () -> {
                synchronized (lock) {
                    Map.Entry<Long, ChangeTransaction> next = log.higherEntry(at);
                    if (next == null) {
                        return Optional.empty();
                    }
                    at = next.getKey();
                    return Optional.of(next.getValue());
                }
            });
        }

        @Override
        public void confirm(StreamPosition position) throws SyncException {
            faults.in(Call.CONFIRM, Duration.ofSeconds(1), SyncException::new, () -> {
                synchronized (lock) {
                    confirmed = Math.max(confirmed, position.sequence());
                    log.headMap(confirmed, true).clear();
                    return new ArrayList<>();
                }
            });
        }

        @Override
        public void close() {}
    }
}
