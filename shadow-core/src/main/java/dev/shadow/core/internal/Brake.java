package dev.shadow.core.internal;

import dev.shadow.spi.HostId;
import dev.shadow.spi.failover.HostHealth;
import dev.shadow.spi.failover.HostHealth.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds back failovers that would start by themselves while this manager has not looked long enough: after
 * its start and after a stall of its own. A host that was heard since then and fell silent is not held back.
 * Thread-safe.
 */
final class Brake {
    private final Duration time;
    private final Set<HostId> heard = ConcurrentHashMap.newKeySet();
    private volatile Instant until;

    Brake(Duration time, Instant now) {
        this.time = time;
        this.until = now.plus(time);
    }

    /** Begins anew, for this manager stood still. */
    void pull(Instant now) {
        heard.clear();
        until = now.plus(time);
    }

    void see(HostHealth health) {
        if (health.verdict() == Verdict.ALIVE) {
            heard.add(health.host());
        }
    }

    boolean holds(HostId host, Instant now) {
        return now.isBefore(until) && !heard.contains(host);
    }
}
