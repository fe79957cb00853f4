package dev.shadow.core.internal;

import dev.shadow.spi.Subscription;
import dev.shadow.spi.event.ShadowEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers events in order, one at a time, on the executor. Thread-safe. */
final class EventHub {
    private static final Logger LOG = LoggerFactory.getLogger(EventHub.class);

    private final Executor executor;
    private final CopyOnWriteArrayList<Entry> listeners = new CopyOnWriteArrayList<>();
    private final Object lock = new Object();
    private final Deque<ShadowEvent> queue = new ArrayDeque<>();
    private boolean delivering;

    EventHub(Executor executor) {
        this.executor = executor;
    }

    Subscription subscribe(Consumer<ShadowEvent> listener) {
        Entry own = new Entry(listener);
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    void tell(ShadowEvent event) {
        LOG.debug("{}", event);
        synchronized (lock) {
            queue.add(event);
            if (delivering) {
                return;
            }
            delivering = true;
        }
        try {
            executor.execute(this::deliver);
        } catch (RejectedExecutionException e) {
            deliver();
        }
    }

    private void deliver() {
        while (true) {
            ShadowEvent event;
            synchronized (lock) {
                if (queue.isEmpty()) {
                    delivering = false;
                    return;
                }
                event = queue.remove();
            }
            for (Entry entry : listeners) {
                try {
                    entry.listener.accept(event);
                } catch (RuntimeException e) {
                    LOG.warn("a listener failed on {}", event, e);
                }
            }
        }
    }

    /** Told apart by identity, so that one listener may subscribe twice. */
    private static final class Entry {
        private final Consumer<ShadowEvent> listener;

        Entry(Consumer<ShadowEvent> listener) {
            this.listener = listener;
        }
    }
}
