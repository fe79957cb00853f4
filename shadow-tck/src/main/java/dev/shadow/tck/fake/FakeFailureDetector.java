package dev.shadow.tck.fake;

import dev.shadow.spi.HostId;
import dev.shadow.spi.Subscription;
import dev.shadow.spi.failover.FailureDetector;
import dev.shadow.spi.failover.HostHealth;
import dev.shadow.spi.failover.HostHealth.Verdict;
import dev.shadow.tck.time.VirtualTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** A detector whose verdicts a test sets; changes are delivered on the thread that sets them. Thread-safe. */
public final class FakeFailureDetector implements FailureDetector {
    private final Object lock = new Object();
    private final VirtualTime time;
    private final Map<HostId, HostHealth> verdicts = new HashMap<>();
    private final Set<HostId> watched = new HashSet<>();
    private final Listeners<HostHealth> listeners = new Listeners<>();
    private boolean closed;

    private FakeFailureDetector(VirtualTime time) {
        this.time = time;
    }

    /** Returns a detector that watches nothing. */
    public static FakeFailureDetector on(VirtualTime time) {
        return new FakeFailureDetector(time);
    }

    /** Sets what is held of a host from now on, and tells the listeners if it is watched and this is news. */
    public void set(HostId host, Verdict verdict, String... reasons) {
        List<String> why =
                reasons.length == 0 && verdict != Verdict.ALIVE ? List.of("set by a test") : List.of(reasons);
        HostHealth health = new HostHealth(host, verdict, time.instant(), why);
        synchronized (lock) {
            HostHealth before = verdicts.put(host, health);
            boolean news = before == null ? verdict != Verdict.UNKNOWN : before.verdict() != verdict;
            if (closed || !news || !watched.contains(host)) {
                return;
            }
        }
        listeners.deliver(health);
    }

    /** The hosts that are watched. */
    public Set<HostId> watched() {
        synchronized (lock) {
            return Set.copyOf(watched);
        }
    }

    @Override
    public void watch(Set<HostId> hosts) {
        synchronized (lock) {
            watched.clear();
            watched.addAll(hosts);
        }
    }

    @Override
    public HostHealth health(HostId host) {
        synchronized (lock) {
            HostHealth unknown =
                    new HostHealth(host, Verdict.UNKNOWN, time.instant(), List.of("nothing was heard of it"));
            return watched.contains(host) ? verdicts.getOrDefault(host, unknown) : unknown;
        }
    }

    @Override
    public Subscription subscribe(Consumer<HostHealth> listener) {
        return listeners.add(listener);
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
    }
}
