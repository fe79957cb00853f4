package dev.shadow.tck.fake;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.LicenseException;
import dev.shadow.spi.placement.LicenseGrant;
import dev.shadow.spi.placement.LicenseLedger;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Licence pools in memory; reservations lapse by virtual time. Thread-safe. */
public final class FakeLicenseLedger implements LicenseLedger {
    /** The calls that faults can be injected into. */
    public enum Call {
        /** {@link LicenseLedger#reserve}. */
        RESERVE,
        /** {@link LicenseLedger#commit}. */
        COMMIT,
        /** {@link LicenseLedger#release}. */
        RELEASE,
        /** {@link LicenseLedger#free}. */
        FREE
    }

    /** What outlives a process: shared by a ledger and those reopened from it. */
    private static final class Books {
        private final Map<String, Integer> pools = new LinkedHashMap<>();
        private final Map<InstanceId, LicenseGrant> grants = new LinkedHashMap<>();
    }

    private final VirtualTime time;
    private final Faults<Call> faults;
    private final Books books;

    private FakeLicenseLedger(VirtualTime time, Books books) {
        this.time = time;
        this.books = books;
        this.faults = new Faults<>(Call.class, time);
    }

    /** Returns a ledger without pools. */
    public static FakeLicenseLedger on(VirtualTime time) {
        return new FakeLicenseLedger(time, new Books());
    }

    /** Returns the ledger as a process finds it that was started after a crash of this one. */
    public FakeLicenseLedger reopen() {
        return new FakeLicenseLedger(time, books);
    }

    /** The faults that this ledger is to show. */
    public Faults<Call> faults() {
        return faults;
    }

    /** Adds a pool, or changes how many units it has in all. */
    public void setPool(String product, int units) {
        synchronized (books) {
            books.pools.put(product, units);
        }
    }

    @Override
    public Optional<LicenseGrant> reserve(
            InstanceId instance, HostId host, List<LicenseDemand> demands, Duration ttl, CallContext context)
            throws LicenseException {
        return faults.in(Call.RESERVE, context.timeout(), LicenseException::new, () -> {
            synchronized (books) {
                dropLapsed();
                LicenseGrant held = books.grants.get(instance);
                if (held != null) {
                    return Optional.of(same(held, host, demands));
                }
                if (!fits(demands)) {
                    return Optional.empty();
                }
                LicenseGrant grant = new LicenseGrant(
                        instance, host, demands, Optional.of(time.instant().plus(ttl)));
                books.grants.put(instance, grant);
                return Optional.of(grant);
            }
        });
    }

    private static LicenseGrant same(LicenseGrant held, HostId host, List<LicenseDemand> demands)
            throws LicenseException {
        if (!held.host().equals(host) || !held.demands().equals(demands)) {
            throw new LicenseException(
                    Retry.PERMANENT, held.instance() + " holds another grant, " + held + ": release it first");
        }
        return held;
    }

    private boolean fits(List<LicenseDemand> demands) {
        Map<String, Integer> left = freeNow();
        for (LicenseDemand demand : demands) {
            int free = left.getOrDefault(demand.product(), 0) - demand.units();
            if (free < 0) {
                return false;
            }
            left.put(demand.product(), free);
        }
        return true;
    }

    @Override
    public LicenseGrant commit(InstanceId instance, CallContext context) throws LicenseException {
        return faults.in(Call.COMMIT, context.timeout(), LicenseException::new, () -> {
            synchronized (books) {
                dropLapsed();
                LicenseGrant held = books.grants.get(instance);
                if (held == null) {
                    throw new LicenseException(
                            Retry.PERMANENT, instance + " holds no grant, or it has lapsed: reserve again");
                }
                LicenseGrant committed = new LicenseGrant(instance, held.host(), held.demands(), Optional.empty());
                books.grants.put(instance, committed);
                return committed;
            }
        });
    }

    @Override
    public void release(InstanceId instance, CallContext context) throws LicenseException {
        faults.in(Call.RELEASE, context.timeout(), LicenseException::new, () -> {
            synchronized (books) {
                return Optional.ofNullable(books.grants.remove(instance));
            }
        });
    }

    @Override
    public Map<String, Integer> free(Duration timeout) throws LicenseException {
        return faults.in(Call.FREE, timeout, LicenseException::new, () -> {
            synchronized (books) {
                dropLapsed();
                return Map.copyOf(freeNow());
            }
        });
    }

    private Map<String, Integer> freeNow() {
        Map<String, Integer> free = new LinkedHashMap<>(books.pools);
        books.grants
                .values()
                .forEach(grant ->
                        grant.demands().forEach(demand -> free.merge(demand.product(), -demand.units(), Integer::sum)));
        free.replaceAll((product, units) -> Math.max(0, units));
        return free;
    }

    private void dropLapsed() {
        books.grants
                .values()
                .removeIf(grant -> grant.expiresAt().isPresent()
                        && !grant.expiresAt().get().isAfter(time.instant()));
    }
}
