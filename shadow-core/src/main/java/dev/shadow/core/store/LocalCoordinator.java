package dev.shadow.core.store;

import dev.shadow.core.internal.document.LeaseDocument;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.store.CoordinationException;
import dev.shadow.spi.store.Coordinator;
import dev.shadow.spi.store.Lease;
import dev.shadow.spi.store.RecordKey;
import dev.shadow.spi.store.ReplicaStore;
import dev.shadow.spi.store.StoreException;
import dev.shadow.spi.store.StoredRecord;
import dev.shadow.spi.store.VersionConflictException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/**
 * Gives out leases within one process, kept as records of a {@link ReplicaStore} so that tokens go on
 * rising over restarts. Owners are told apart by their names; since the store belongs to one process, a
 * manager that comes back under the same name takes its own lease over at once. Thread-safe.
 */
public final class LocalCoordinator implements Coordinator {
    private static final String KIND = "lease";

    private final Object lock = new Object();
    private final ReplicaStore store;
    private final InstantSource clock;

    private LocalCoordinator(ReplicaStore store, InstantSource clock) {
        this.store = Objects.requireNonNull(store, "store");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** Returns a coordinator that keeps its leases in {@code store}, which stays the caller's. */
    public static LocalCoordinator over(ReplicaStore store, InstantSource clock) {
        return new LocalCoordinator(store, clock);
    }

    @Override
    public Optional<Lease> acquire(String resource, String owner, Duration ttl) throws CoordinationException {
        synchronized (lock) {
            Optional<StoredRecord> record = read(resource);
            Optional<Lease> last = record.map(r -> LeaseDocument.read(r.document()));
            Instant now = clock.instant();
            boolean held = last.isPresent() && last.get().expiresAt().isAfter(now);
            if (held && !last.get().owner().equals(owner)) {
                return Optional.empty();
            }
            long lastToken = last.map(Lease::token).orElse(0L);
            return write(record, new Lease(resource, owner, held ? lastToken : lastToken + 1, expiry(now, ttl)));
        }
    }

    @Override
    public Optional<Lease> renew(Lease lease, Duration ttl) throws CoordinationException {
        synchronized (lock) {
            Optional<StoredRecord> record = held(lease);
            Instant now = clock.instant();
            return record.isEmpty()
                    ? Optional.empty()
                    : write(record, new Lease(lease.resource(), lease.owner(), lease.token(), expiry(now, ttl)));
        }
    }

    @Override
    public void release(Lease lease) throws CoordinationException {
        synchronized (lock) {
            Optional<StoredRecord> record = held(lease);
            if (record.isPresent()) {
                var released =
                        write(record, new Lease(lease.resource(), lease.owner(), lease.token(), clock.instant()));
                Objects.requireNonNull(released);
            }
        }
    }

    private static Instant expiry(Instant now, Duration ttl) {
        if (ttl.isNegative() || ttl.isZero()) {
            throw new IllegalArgumentException("ttl must be more than zero, was " + ttl);
        }
        return now.plus(ttl);
    }

    /** The record of the lease, if it is this very lease that is held. */
    private Optional<StoredRecord> held(Lease lease) throws CoordinationException {
        Instant now = clock.instant();
        return read(lease.resource()).filter(record -> {
            Lease last = LeaseDocument.read(record.document());
            return last.token() == lease.token()
                    && last.owner().equals(lease.owner())
                    && last.expiresAt().isAfter(now);
        });
    }

    private Optional<StoredRecord> read(String resource) throws CoordinationException {
        try {
            return store.get(new RecordKey(KIND, resource));
        } catch (StoreException e) {
            throw new CoordinationException(
                    e.retry(), "the lease of " + resource + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The store refuses a token below the highest that has written to it, whichever resource it was for. */
    private long highestToken(Lease lease) throws StoreException {
        return store.list(KIND).stream()
                .mapToLong(record -> LeaseDocument.read(record.document()).token())
                .reduce(lease.token(), Math::max);
    }

    private Optional<Lease> write(Optional<StoredRecord> before, Lease lease) throws CoordinationException {
        try {
            store.put(
                    new RecordKey(KIND, lease.resource()),
                    before.map(StoredRecord::version).orElse(0L),
                    LeaseDocument.write(lease),
                    highestToken(lease));
            return Optional.of(lease);
        } catch (VersionConflictException e) {
            return Optional.empty();
        } catch (StoreException e) {
            throw new CoordinationException(
                    Retry.TRANSIENT, "the lease of " + lease.resource() + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Frees nothing: the store is the caller's. */
    @Override
    public void close() {}
}
