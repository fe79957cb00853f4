package dev.shadow.tck.fake;

import dev.shadow.spi.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Listeners of one fake; what they throw is ignored. Thread-safe. */
final class Listeners<T> {
    private final List<Entry<T>> entries = new CopyOnWriteArrayList<>();

    Subscription add(Consumer<? super T> listener) {
        Entry<T> entry = new Entry<>(listener);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    void deliver(T event) {
        for (Entry<T> entry : entries) {
            try {
                entry.listener.accept(event);
            } catch (RuntimeException ignored) {
                // A listener's failure is its own.
            }
        }
    }

    /** Compared by identity, so that one listener may subscribe twice. */
    private static final class Entry<T> {
        private final Consumer<? super T> listener;

        Entry(Consumer<? super T> listener) {
            this.listener = listener;
        }
    }
}
