package dev.shadow.core.placement;

import dev.shadow.core.internal.document.GrantDocument;
import dev.shadow.spi.CallContext;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.LicenseException;
import dev.shadow.spi.placement.LicenseGrant;
import dev.shadow.spi.placement.LicenseLedger;
import dev.shadow.spi.store.RecordKey;
import dev.shadow.spi.store.ReplicaStore;
import dev.shadow.spi.store.StoreException;
import dev.shadow.spi.store.StoredRecord;
import dev.shadow.spi.store.VersionConflictException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps account of licence pools of fixed sizes in one record of a {@link ReplicaStore}. All grants stand
 * in that record and change by compare-and-set, so that ledgers that share a store never grant more than
 * a pool holds together. Thread-safe.
 */
public final class StoreLicenseLedger implements LicenseLedger {
    private static final Logger LOG = LoggerFactory.getLogger(StoreLicenseLedger.class);

    private static final RecordKey KEY = new RecordKey("license", "grants");
    private static final int MOST_CONFLICTS = 100;

    private final ReplicaStore store;
    private final Map<String, Integer> pools;
    private final InstantSource clock;
    private final LongSupplier fencingToken;

    private StoreLicenseLedger(
            ReplicaStore store, Map<String, Integer> pools, InstantSource clock, LongSupplier fencingToken) {
        this.store = Objects.requireNonNull(store, "store");
        this.pools = Map.copyOf(pools);
        this.clock = Objects.requireNonNull(clock, "clock");
        this.fencingToken = Objects.requireNonNull(fencingToken, "fencingToken");
        pools.forEach((product, units) -> {
            if (units < 0) {
                throw new InvalidValueException("pools." + product, units.toString(), "be at least 0");
            }
        });
    }

    /**
     * Returns a ledger that writes without a fencing token; for a store that it has to itself.
     *
     * @param pools units by product, each at least 0
     */
    public static StoreLicenseLedger over(ReplicaStore store, Map<String, Integer> pools, InstantSource clock) {
        return new StoreLicenseLedger(store, pools, clock, () -> 0);
    }

    /**
     * Returns a ledger for a store that a manager writes to as well.
     *
     * @param pools units by product, each at least 0
     * @param fencingToken asked at every write for the writer's token
     */
    public static StoreLicenseLedger over(
            ReplicaStore store, Map<String, Integer> pools, InstantSource clock, LongSupplier fencingToken) {
        return new StoreLicenseLedger(store, pools, clock, fencingToken);
    }

    @Override
    public Optional<LicenseGrant> reserve(
            InstanceId instance, HostId host, List<LicenseDemand> demands, Duration ttl, CallContext context)
            throws LicenseException {
        if (ttl.isNegative() || ttl.isZero()) {
            throw new InvalidValueException("ttl", ttl.toString(), "be more than zero");
        }
        return change(grants -> {
            Optional<LicenseGrant> held = find(grants, instance);
            if (held.isPresent()) {
                return Optional.of(sameAs(held.get(), host, demands));
            }
            if (!fits(grants, demands)) {
                return Optional.empty();
            }
            LicenseGrant grant = new LicenseGrant(
                    instance, host, demands, Optional.of(clock.instant().plus(ttl)));
            grants.add(grant);
            return Optional.of(grant);
        });
    }

    private static LicenseGrant sameAs(LicenseGrant held, HostId host, List<LicenseDemand> demands)
            throws LicenseException {
        if (!held.host().equals(host) || !held.demands().equals(demands)) {
            throw new LicenseException(
                    Retry.PERMANENT,
                    "instance " + held.instance() + " holds " + held.demands() + " on " + held.host() + ", not "
                            + demands + " on " + host + ": release that grant first");
        }
        return held;
    }

    private boolean fits(List<LicenseGrant> grants, List<LicenseDemand> demands) {
        Map<String, Long> free = freeAmong(grants);
        Map<String, Long> wanted = new HashMap<>();
        demands.forEach(demand -> wanted.merge(demand.product(), (long) demand.units(), Long::sum));
        return wanted.entrySet().stream()
                .allMatch(demand -> free.getOrDefault(demand.getKey(), 0L) >= demand.getValue());
    }

    private Map<String, Long> freeAmong(List<LicenseGrant> grants) {
        Map<String, Long> free = new HashMap<>();
        pools.forEach((product, units) -> free.put(product, (long) units));
        for (LicenseGrant grant : grants) {
            for (LicenseDemand demand : grant.demands()) {
                free.computeIfPresent(demand.product(), (product, units) -> units - demand.units());
            }
        }
        return free;
    }

    @Override
    public LicenseGrant commit(InstanceId instance, CallContext context) throws LicenseException {
        return change(grants -> {
            LicenseGrant held = find(grants, instance)
                    .orElseThrow(() -> new LicenseException(
                            Retry.PERMANENT,
                            "instance " + instance + " holds no grant, or its reservation has lapsed: reserve again"));
            if (held.isCommitted()) {
                return held;
            }
            LicenseGrant committed = new LicenseGrant(held.instance(), held.host(), held.demands(), Optional.empty());
            grants.set(grants.indexOf(held), committed);
            return committed;
        });
    }

    @Override
    public void release(InstanceId instance, CallContext context) throws LicenseException {
        boolean unused =
                change(grants -> grants.removeIf(grant -> grant.instance().equals(instance)));
    }

    @Override
    public Map<String, Integer> free(Duration timeout) throws LicenseException {
        Map<String, Integer> free = new HashMap<>();
        freeAmong(standing(read())).forEach((product, units) -> free.put(product, (int) Math.max(0, units)));
        return free;
    }

    private static Optional<LicenseGrant> find(List<LicenseGrant> grants, InstanceId instance) {
        return grants.stream()
                .filter(grant -> grant.instance().equals(instance))
                .findFirst();
    }

    private <T> T change(Change<T> change) throws LicenseException {
        for (int attempt = 0; attempt < MOST_CONFLICTS; attempt++) {
            Optional<StoredRecord> record = read();
            List<LicenseGrant> before = standing(record);
            List<LicenseGrant> after = new ArrayList<>(before);
            T answer = change.on(after);
            if (after.equals(before)) {
                return answer;
            }
            try {
                store.put(
                        KEY,
                        record.map(StoredRecord::version).orElse(0L),
                        GrantDocument.write(after),
                        fencingToken.getAsLong());
                return answer;
            } catch (VersionConflictException e) {
                LOG.debug("somebody else wrote first; reading again", e);
            } catch (StoreException e) {
                throw new LicenseException(e.retry(), "licence grants cannot be written: " + e.getMessage(), e);
            }
        }
        throw new LicenseException(
                Retry.TRANSIENT, "licence grants changed " + MOST_CONFLICTS + " times while they were to be written");
    }

    private Optional<StoredRecord> read() throws LicenseException {
        try {
            return store.get(KEY);
        } catch (StoreException e) {
            throw new LicenseException(e.retry(), "licence grants cannot be read: " + e.getMessage(), e);
        }
    }

    /** The grants that have not lapsed. */
    private List<LicenseGrant> standing(Optional<StoredRecord> record) {
        Instant now = clock.instant();
        return record.map(r -> GrantDocument.read(r.document())).orElse(List.of()).stream()
                .filter(grant -> grant.expiresAt().map(at -> at.isAfter(now)).orElse(true))
                .toList();
    }

    /** What to do with the grants that stand. */
    @FunctionalInterface
    private interface Change<T> {
        T on(List<LicenseGrant> grants) throws LicenseException;
    }
}
