package dev.shadow.core.store;

import dev.shadow.spi.Subscription;
import dev.shadow.spi.store.ReplicaStore.Change;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is told of changes. Thread-safe; the caller sees to the order. */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final CopyOnWriteArrayList<Entry> entries = new CopyOnWriteArrayList<>();

    Subscription add(Consumer<Change> listener) {
        Entry entry = new Entry(Objects.requireNonNull(listener, "listener"));
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    void tell(Change change) {
        for (Entry entry : entries) {
            try {
                entry.listener.accept(change);
            } catch (RuntimeException e) {
                LOG.warn("a listener of the store failed on {}", change.key(), e);
            }
        }
    }

    private static final class Entry {
        private final Consumer<Change> listener;

        Entry(Consumer<Change> listener) {
            this.listener = listener;
        }
    }
}
