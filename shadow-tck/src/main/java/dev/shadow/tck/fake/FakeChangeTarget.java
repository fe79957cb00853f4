package dev.shadow.tck.fake;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.stream.Change;
import dev.shadow.spi.sync.stream.ChangeApplier;
import dev.shadow.spi.sync.stream.ChangeTransaction;
import dev.shadow.spi.sync.stream.StreamPosition;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A target database in memory that keeps changes and position together. Thread-safe. */
public final class FakeChangeTarget implements ChangeApplier {
    /** The calls that faults can be injected into. */
    public enum Call {
        /** {@link ChangeApplier#position}. */
        POSITION,
        /** {@link ChangeApplier#apply}. */
        APPLY
    }

    private final Object lock = new Object();
    private final Faults<Call> faults;
    private final VmId vm = VmId.of("database");
    private Map<String, FakeTable> tables = new LinkedHashMap<>();
    private Optional<StreamPosition> position = Optional.empty();
    private Generation highestSeen = Generation.INITIAL;

    private FakeChangeTarget(VirtualTime time) {
        this.faults = new Faults<>(Call.class, time);
    }

    /** Returns an empty database. */
    public static FakeChangeTarget on(VirtualTime time) {
        return new FakeChangeTarget(time);
    }

    /** The faults that this target is to show. */
    public Faults<Call> faults() {
        return faults;
    }

    /** The rows of every table, by table and key. */
    public Map<String, Map<Object, Map<String, Optional<Object>>>> content() {
        synchronized (lock) {
            return FakeTable.content(tables);
        }
    }

    @Override
    public Optional<StreamPosition> position(Duration timeout) throws SyncException {
        return faults.in(Call.POSITION, timeout, SyncException::new, () -> {
            synchronized (lock) {
                return position;
            }
        });
    }

    @Override
    public void apply(List<ChangeTransaction> transactions, CallContext context) throws SyncException {
        faults.in(Call.APPLY, context.timeout(), SyncException::new, () -> {
            synchronized (lock) {
                if (context.generation().isOlderThan(highestSeen)) {
                    throw new StaleGenerationException(vm, context.generation(), highestSeen);
                }
                applyAll(transactions);
                highestSeen = context.generation();
                return position;
            }
        });
    }

    private void applyAll(List<ChangeTransaction> transactions) throws SyncException {
        Map<String, FakeTable> next = new LinkedHashMap<>();
        tables.forEach((name, table) -> next.put(name, table.copy()));
        Optional<StreamPosition> reached = position;
        for (ChangeTransaction transaction : transactions) {
            if (reached.isPresent() && transaction.position().compareTo(reached.get()) <= 0) {
                continue;
            }
            for (Change change : transaction.changes()) {
                try {
                    FakeTable.apply(next, change);
                } catch (IllegalArgumentException e) {
                    throw new SyncException(Retry.PERMANENT, String.valueOf(e.getMessage()), e);
                }
            }
            reached = Optional.of(transaction.position());
        }
        tables = next;
        position = reached;
    }
}
