package dev.shadow.core.internal;

import dev.shadow.spi.store.CoordinationException;
import dev.shadow.spi.store.Coordinator;
import dev.shadow.spi.store.Lease;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The right of this manager to act. One lease covers the whole store, because a store compares the fencing
 * tokens of all its writers with one another. Thread-safe.
 */
public final class Ownership {
    private static final String RESOURCE = "control-plane";

    private final Coordinator coordinator;
    private final InstantSource clock;
    private final String owner;
    private final Duration leaseTime;
    private Optional<Lease> lease = Optional.empty();

    /** Returns the ownership of nothing yet. */
    public Ownership(Coordinator coordinator, InstantSource clock, String owner, Duration leaseTime) {
        this.coordinator = coordinator;
        this.clock = clock;
        this.owner = owner;
        this.leaseTime = leaseTime;
    }

    /** Takes or prolongs the lease if it is time to, and says whether this manager may act now. */
    public synchronized boolean hold() throws CoordinationException {
        Instant now = clock.instant();
        boolean fresh = isOwner()
                && lease.map(l -> l.expiresAt()
                                .isAfter(now.plus(leaseTime.multipliedBy(2).dividedBy(3))))
                        .orElse(false);
        if (!fresh) {
            Optional<Lease> renewed = isOwner() ? coordinator.renew(lease.orElseThrow(), leaseTime) : Optional.empty();
            lease = renewed.isPresent() ? renewed : coordinator.acquire(RESOURCE, owner, leaseTime);
        }
        return isOwner();
    }

    /** Whether the lease is held and has not run out. */
    public synchronized boolean isOwner() {
        return lease.map(l -> l.expiresAt().isAfter(clock.instant())).orElse(false);
    }

    /** The fencing token of the last lease; 0 if there never was one. */
    public synchronized long token() {
        return lease.map(Lease::token).orElse(0L);
    }

    /** Gives the lease back. */
    public synchronized void release() throws CoordinationException {
        if (isOwner()) {
            coordinator.release(lease.orElseThrow());
        }
        lease = Optional.empty();
    }
}
