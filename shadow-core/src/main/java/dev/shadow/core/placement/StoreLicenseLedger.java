package dev.shadow.core.placement;

import dev.shadow.core.internal.document.GrantDocument;
import dev.shadow.spi.CallContext;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.SpiException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.LicenseException;
import dev.shadow.spi.placement.LicenseGrant;
import dev.shadow.spi.placement.LicenseLedger;
import dev.shadow.spi.placement.LicenseStock;
import dev.shadow.spi.placement.LicenseTerms;
import dev.shadow.spi.store.RecordKey;
import dev.shadow.spi.store.ReplicaStore;
import dev.shadow.spi.store.StoreException;
import dev.shadow.spi.store.StoredRecord;
import dev.shadow.spi.store.VersionConflictException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps account of licence pools in one record of a {@link ReplicaStore}, by the terms of each product where
 * they are given. All grants and all opened hosts stand in that record and change by compare-and-set, so that
 * ledgers that share a store never grant more than a pool holds together. An instance is counted as if it
 * served, also while it waits: what was granted suffices for its activation. Thread-safe.
 */
public final class StoreLicenseLedger implements LicenseLedger {
    private static final Logger LOG = LoggerFactory.getLogger(StoreLicenseLedger.class);

    private static final RecordKey KEY = new RecordKey("license", "grants");
    private static final int MOST_CONFLICTS = 100;

    private final ReplicaStore store;
    private final Map<String, Integer> pools;
    private final Map<String, LicenseTerms> terms;
    private final HostDirectory hosts;
    private final InstantSource clock;
    private final LongSupplier fencingToken;

    private StoreLicenseLedger(
            ReplicaStore store,
            Map<String, Integer> pools,
            Map<String, LicenseTerms> terms,
            HostDirectory hosts,
            InstantSource clock,
            LongSupplier fencingToken) {
        this.store = Objects.requireNonNull(store, "store");
        this.pools = Map.copyOf(pools);
        this.terms = terms;
        this.hosts = Objects.requireNonNull(hosts, "hosts");
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
        return over(store, pools, clock, () -> 0);
    }

    /**
     * Returns a ledger for a store that a manager writes to as well.
     *
     * @param pools units by product, each at least 0
     * @param fencingToken asked at every write for the writer's token
     */
    public static StoreLicenseLedger over(
            ReplicaStore store, Map<String, Integer> pools, InstantSource clock, LongSupplier fencingToken) {
        return new StoreLicenseLedger(store, pools, Map.of(), host -> Optional.empty(), clock, fencingToken);
    }

    /**
     * Returns a ledger that counts by terms.
     *
     * @param terms terms of every product, each product once
     * @param hosts looked up for territories, cores and sockets; on an unknown host no product may run
     * @param fencingToken asked at every write for the writer's token
     * @throws InvalidValueException if a product is named twice
     */
    public static StoreLicenseLedger over(
            ReplicaStore store,
            Collection<LicenseTerms> terms,
            HostDirectory hosts,
            InstantSource clock,
            LongSupplier fencingToken) {
        Map<String, LicenseTerms> byProduct = new HashMap<>();
        for (LicenseTerms of : terms) {
            if (byProduct.put(of.product(), of) != null) {
                throw new InvalidValueException("terms", of.product(), "name every product once");
            }
        }
        return new StoreLicenseLedger(store, Map.of(), byProduct, hosts, clock, fencingToken);
    }

    @Override
    public Optional<LicenseGrant> reserve(
            InstanceId instance, HostId host, List<LicenseDemand> demands, Duration ttl, CallContext context)
            throws LicenseException {
        if (ttl.isNegative() || ttl.isZero()) {
            throw new InvalidValueException("ttl", ttl.toString(), "be more than zero");
        }
        Optional<HostDescription> described =
                demands.stream().anyMatch(d -> terms.containsKey(d.product())) ? look(host) : Optional.empty();
        return change(book -> {
            Optional<LicenseGrant> held = book.find(instance);
            if (held.isPresent()) {
                return Optional.of(sameAs(held.get(), host, demands));
            }
            LicenseGrant grant = new LicenseGrant(
                    instance, host, demands, Optional.of(clock.instant().plus(ttl)));
            return book.add(grant, described) ? Optional.of(grant) : Optional.empty();
        });
    }

    private Optional<HostDescription> look(HostId host) throws LicenseException {
        try {
            return hosts.host(host);
        } catch (SpiException e) {
            throw new LicenseException(e.retry(), "host " + host + " cannot be looked up: " + e.getMessage(), e);
        }
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

    @Override
    public LicenseGrant commit(InstanceId instance, CallContext context) throws LicenseException {
        return change(book -> {
            LicenseGrant held = book.find(instance)
                    .orElseThrow(() -> new LicenseException(
                            Retry.PERMANENT,
                            "instance " + instance + " holds no grant, or its reservation has lapsed: reserve again"));
            if (held.isCommitted()) {
                return held;
            }
            LicenseGrant committed = new LicenseGrant(held.instance(), held.host(), held.demands(), Optional.empty());
            book.replace(held, committed);
            return committed;
        });
    }

    @Override
    public void release(InstanceId instance, CallContext context) throws LicenseException {
        boolean unused = change(book -> {
            Optional<LicenseGrant> held = book.find(instance);
            held.ifPresent(grant -> book.remove(grant, clock.instant()));
            return held.isPresent();
        });
    }

    @Override
    public Map<String, Integer> free(Duration timeout) throws LicenseException {
        return free(book(read()));
    }

    @Override
    public LicenseStock stock(Duration timeout) throws LicenseException {
        LicenseBook book = book(read());
        return new LicenseStock(free(book), List.copyOf(new TreeMap<>(terms).values()), book.opened());
    }

    private static Map<String, Integer> free(LicenseBook book) {
        Map<String, Integer> free = new HashMap<>();
        book.free().forEach((product, units) -> free.put(product, (int) Math.max(0, units)));
        return free;
    }

    private <T> T change(Change<T> change) throws LicenseException {
        for (int attempt = 0; attempt < MOST_CONFLICTS; attempt++) {
            Optional<StoredRecord> record = read();
            LicenseBook book = book(record);
            GrantDocument before = book.document();
            T answer = change.on(book);
            if (book.document().equals(before)) {
                return answer;
            }
            try {
                store.put(
                        KEY,
                        record.map(StoredRecord::version).orElse(0L),
                        book.document().write(),
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

    private LicenseBook book(Optional<StoredRecord> record) {
        GrantDocument document =
                record.map(r -> GrantDocument.read(r.document())).orElse(GrantDocument.EMPTY);
        return new LicenseBook(document, pools, terms, clock.instant());
    }

    /** What to do with the book as it stands. */
    @FunctionalInterface
    private interface Change<T> {
        T on(LicenseBook book) throws LicenseException;
    }
}
