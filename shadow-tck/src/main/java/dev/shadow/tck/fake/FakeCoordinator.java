package dev.shadow.tck.fake;

import dev.shadow.spi.store.CoordinationException;
import dev.shadow.spi.store.Coordinator;
import dev.shadow.spi.store.Lease;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A lease service in memory; leases lapse by virtual time. {@link #reopen} gives a second member, or the
 * service after a restart. Thread-safe.
 */
public final class FakeCoordinator implements Coordinator {
    /** The calls that faults can be injected into. */
    public enum Call {
        /** {@link Coordinator#acquire}. */
        ACQUIRE,
        /** {@link Coordinator#renew}. */
        RENEW,
        /** {@link Coordinator#release}. */
        RELEASE
    }

    private static final Duration UNLIMITED = Duration.ofDays(1);

    /** What outlives a process: shared by a coordinator and those reopened from it. */
    private static final class Leases {
        private final Map<String, Lease> held = new HashMap<>();
        private final Map<String, Long> lastTokens = new HashMap<>();
    }

    private final VirtualTime time;
    private final Leases leases;
    private final Faults<Call> faults;

    private FakeCoordinator(VirtualTime time, Leases leases) {
        this.time = time;
        this.leases = leases;
        this.faults = new Faults<>(Call.class, time);
    }

    /** Returns a service without leases. */
    public static FakeCoordinator on(VirtualTime time) {
        return new FakeCoordinator(time, new Leases());
    }

    /** Returns the service as a process finds it that was started after a crash, or beside this one. */
    public FakeCoordinator reopen() {
        return new FakeCoordinator(time, leases);
    }

    /** The faults that this service is to show. */
    public Faults<Call> faults() {
        return faults;
    }

    /** Ends the present lease of a resource at once, as if its time had run out. */
    public void expire(String resource) {
        synchronized (leases) {
            leases.held.remove(resource);
        }
    }

    @Override
    public Optional<Lease> acquire(String resource, String owner, Duration ttl) throws CoordinationException {
        return faults.in(Call.ACQUIRE, UNLIMITED, CoordinationException::new, () -> {
            synchronized (leases) {
                Optional<Lease> present = present(resource);
                if (present.isPresent() && !present.get().owner().equals(owner)) {
                    return Optional.empty();
                }
                long token =
                        present.isPresent() ? present.get().token() : leases.lastTokens.merge(resource, 1L, Long::sum);
                return Optional.of(hold(resource, owner, token, ttl));
            }
        });
    }

    @Override
    public Optional<Lease> renew(Lease lease, Duration ttl) throws CoordinationException {
        return faults.in(Call.RENEW, UNLIMITED, CoordinationException::new, () -> {
            synchronized (leases) {
                return isPresent(lease)
                        ? Optional.of(hold(lease.resource(), lease.owner(), lease.token(), ttl))
                        : Optional.empty();
            }
        });
    }

    @Override
    public void release(Lease lease) throws CoordinationException {
        faults.in(Call.RELEASE, UNLIMITED, CoordinationException::new, () -> {
            synchronized (leases) {
                if (isPresent(lease)) {
                    leases.held.remove(lease.resource());
                }
                return lease;
            }
        });
    }

    private Lease hold(String resource, String owner, long token, Duration ttl) {
        Lease lease = new Lease(resource, owner, token, time.instant().plus(ttl));
        leases.held.put(resource, lease);
        return lease;
    }

    private boolean isPresent(Lease lease) {
        return present(lease.resource())
                .filter(held -> held.token() == lease.token() && held.owner().equals(lease.owner()))
                .isPresent();
    }

    private Optional<Lease> present(String resource) {
        return Optional.ofNullable(leases.held.get(resource))
                .filter(lease -> lease.expiresAt().isAfter(time.instant()));
    }

    @Override
    public void close() {
        // Leases lapse by themselves.
    }
}
