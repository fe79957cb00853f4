package dev.shadow.core.placement.online;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.placement.LicenseMetric;
import dev.shadow.spi.placement.LicenseStock;
import dev.shadow.spi.placement.LicenseTerms;
import dev.shadow.spi.placement.Rejection;
import dev.shadow.spi.placement.WhyNot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A fleet on which shadows are placed one at a time, each where it adds least cost.
 *
 * <p>Capacity for activated shadows is held once for all of them that no single failure can activate
 * together: the reserve of a host is the most that any one region, zone, rack, or any {@code hostFailures}
 * hosts lost at once would bring to it. Placing is two steps: {@link #select} looks and holds nothing, {@link
 * #reserve} takes what was offered unless the host or the licence pools changed since, {@link #commit} makes
 * it hold until it is released. Thread-safe: looking is shared, changing exclusive, so that together all
 * callers never hold more than a host or a pool has. It keeps nothing on disk: after a restart, {@link #adopt}
 * puts the recorded shadows back.
 *
 * <p>A second or later shadow of a virtual machine is reserved as if it were the first: never too little,
 * sometimes more than the exact planner would.
 */
public final class OnlineFleet {
    static final int MOST_HOST_FAILURES = 8;

    private static final int TRIES = 64;

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final FleetColumns columns;
    private final LicenseColumns licenses;
    private final List<HostFilter> filters;
    private final Map<String, OfferSearch.PricedScore> scores;
    private final LastWinners winners = new LastWinners();
    private final InstantSource clock;
    private final Map<InstanceId, Held> held = new HashMap<>();
    private final NavigableSet<Reservation> lapses = new TreeSet<>(Comparator.comparing(OnlineFleet::lapse)
            .thenComparing(r -> r.demand().instance()));

    private OnlineFleet(Builder builder) {
        if (builder.hosts.isEmpty()) {
            throw new InvalidValueException("hosts", "none", "name at least one host");
        }
        columns = new FleetColumns(builder.hosts, builder.periods, builder.hostFailures, builder.latency);
        licenses = new LicenseColumns(builder.licenses, builder.withoutTerms, columns);
        filters = List.copyOf(builder.filters);
        scores = new LinkedHashMap<>(builder.scores);
        clock = builder.clock;
    }

    /** Returns a builder with one period a day, single host failures and no latency between zones. */
    public static Builder builder(InstantSource clock) {
        return new Builder(clock);
    }

    /**
     * Finds the host that adds the least cost; empty if there is none. Holds nothing.
     *
     * @throws InvalidValueException if the primary's host is unknown or the profile has not the fleet's periods
     */
    public Optional<Offer> select(ShadowDemand demand) {
        Ask ask = new Ask(demand, columns);
        settleIfDue();
        lock.readLock().lock();
        try {
            OfferSearch search = search(ask);
            int h = search.cheapest();
            return h == OfferSearch.NONE
                    ? Optional.empty()
                    : Optional.of(new Offer(
                            demand, columns.hosts[h].id(), columns.version[h], licenseVersion(demand), search.cost()));
        } finally {
            lock.readLock().unlock();
        }
    }

    private static Instant lapse(Reservation made) {
        return made.expiresAt().orElse(Instant.MAX);
    }

    private OfferSearch search(Ask ask) {
        return new OfferSearch(columns, licenses, filters, scores, winners, ask);
    }

    private long licenseVersion(ShadowDemand demand) {
        return demand.licenses().isEmpty() ? 0 : licenses.version();
    }

    /**
     * Holds what was offered. Repeated for the same demand and host it returns the reservation that is there.
     *
     * @param ttl how long it holds unless it is committed, more than zero
     * @return the reservation; empty if the offer is stale: select again
     * @throws InvalidValueException if the instance holds another reservation
     */
    public Optional<Reservation> reserve(Offer offer, Duration ttl) {
        positive(ttl);
        Ask ask = new Ask(offer.demand(), columns);
        int h = index(offer.host());
        lock.writeLock().lock();
        try {
            settle();
            Held present = held.get(offer.demand().instance());
            if (present != null) {
                return Optional.of(same(present.reservation(), offer.demand(), offer.host()));
            }
            boolean fresh =
                    columns.version[h] == offer.version() && licenseVersion(offer.demand()) == offer.licenseVersion();
            if (!fresh || search(ask).costPerHour(h) == Double.POSITIVE_INFINITY) {
                return Optional.empty();
            }
            Reservation made = new Reservation(
                    offer.demand(), offer.host(), Optional.of(clock.instant().plus(ttl)));
            take(made, ask, h);
            lapses.add(made);
            return Optional.of(made);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private static void positive(Duration ttl) {
        if (ttl.isNegative() || ttl.isZero()) {
            throw new InvalidValueException("ttl", ttl.toString(), "be more than zero");
        }
    }

    private static Reservation same(Reservation present, ShadowDemand demand, HostId host) {
        if (!present.demand().equals(demand) || !present.host().equals(host)) {
            throw new InvalidValueException(
                    "instance", demand.instance().value(), "hold no other reservation, such as on " + present.host());
        }
        return present;
    }

    private void take(Reservation made, Ask ask, int h) {
        columns.add(h, ask);
        licenses.add(made.demand(), h);
        sortIfWorn();
        held.put(made.demand().instance(), new Held(made, ask));
    }

    /**
     * Selects and reserves, again while others are faster. The last try looks and takes without letting
     * anybody between, so that it is never refused for being stale.
     *
     * @return the reservation; empty if no host can be used
     */
    public Optional<Reservation> place(ShadowDemand demand, Duration ttl) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Optional<Offer> offer = select(demand);
            if (offer.isEmpty()) {
                return Optional.empty();
            }
            Optional<Reservation> made = reserve(offer.get(), ttl);
            if (made.isPresent()) {
                return made;
            }
        }
        lock.writeLock().lock();
        try {
            settle();
            return select(demand).flatMap(offer -> reserve(offer, ttl));
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Makes a reservation hold until it is released; a committed one stays as it is.
     *
     * @return the reservation; empty if there is none, or it has lapsed
     */
    public Optional<Reservation> commit(InstanceId instance) {
        lock.writeLock().lock();
        try {
            settle();
            Held present = held.get(instance);
            if (present == null) {
                return Optional.empty();
            }
            Reservation made = present.reservation();
            boolean unused = lapses.remove(made);
            Reservation committed = new Reservation(made.demand(), made.host(), Optional.empty());
            held.put(instance, new Held(committed, present.ask()));
            return Optional.of(committed);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Gives back all that an instance holds; nothing if it holds nothing. */
    public void release(InstanceId instance) {
        lock.writeLock().lock();
        try {
            settle();
            drop(instance);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void drop(InstanceId instance) {
        Held gone = held.remove(instance);
        if (gone != null) {
            boolean unused = lapses.remove(gone.reservation());
            int h = index(gone.reservation().host());
            columns.remove(h, gone.ask());
            licenses.remove(gone.reservation().demand(), h, clock.instant());
            sortIfWorn();
        }
    }

    private void sortIfWorn() {
        if (columns.index.isWorn()) {
            columns.index.sort();
            licenses.count();
        }
    }

    /** Puts a shadow back that exists already, whether or not it fits. */
    public void adopt(ShadowDemand demand, HostId host) {
        Ask ask = new Ask(demand, columns);
        int h = index(host);
        lock.writeLock().lock();
        try {
            drop(demand.instance());
            take(new Reservation(demand, host, Optional.empty()), ask, h);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Takes a newer description of a host: what runs on it, and whether it takes new instances.
     *
     * @throws InvalidValueException if its place, capacity, sockets, cost or licences differ: build a new fleet
     */
    public void update(HostDescription description) {
        int h = index(description.id());
        lock.writeLock().lock();
        try {
            HostDescription known = columns.hosts[h];
            if (!sameButForUse(known, description)) {
                throw new InvalidValueException(
                        "host", description.toString(), "keep its place, capacity, sockets, cost and licences");
            }
            columns.describe(h, description);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Says whether two descriptions differ in nothing but what runs there and whether more may. */
    static boolean sameButForUse(HostDescription a, HostDescription b) {
        return a.id().equals(b.id())
                && a.domain().equals(b.domain())
                && a.capacity().equals(b.capacity())
                && a.costPerHour() == b.costPerHour()
                && a.sockets() == b.sockets()
                && a.licensedProducts().equals(b.licensedProducts());
    }

    /**
     * Says whether a host may be down; nothing is placed on one that may.
     *
     * @throws InvalidValueException if the host is unknown
     */
    public void suspect(HostId host, boolean suspected) {
        int h = index(host);
        lock.writeLock().lock();
        try {
            columns.suspect(h, suspected);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Says for every host all that speaks against it, and the cheapest single change that would yield one. */
    public WhyNot whyNot(ShadowDemand demand) {
        return whyNot(new Ask(demand, columns));
    }

    WhyNot whyNot(ShadowDemand demand, Map<HostId, Duration> latencies) {
        return whyNot(new Ask(demand, columns, nanos(latencies)));
    }

    private long[] nanos(Map<HostId, Duration> latencies) {
        long[] nanos = new long[columns.hosts.length];
        for (int h = 0; h < nanos.length; h++) {
            Duration latency = latencies.get(columns.hosts[h].id());
            nanos[h] = latency == null ? Ask.UNREACHED : latency.toNanos();
        }
        return nanos;
    }

    /** What is thought of every host, with the latencies from the primary's. */
    List<Judged> judge(ShadowDemand demand, Map<HostId, Duration> latencies) {
        Ask ask = new Ask(demand, columns, nanos(latencies));
        lock.readLock().lock();
        try {
            OfferSearch search = search(ask);
            Refusals refusals = new Refusals(columns, licenses, ask, search);
            List<Judged> all = new ArrayList<>();
            for (int h = 0; h < columns.hosts.length; h++) {
                double cost = search.costPerHour(h);
                List<Rejection> rejections = cost == Double.POSITIVE_INFINITY ? refusals.rejections(h) : List.of();
                all.add(new Judged(columns.hosts[h].id(), cost, rejections));
            }
            return all;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The hosts that can be used, with the latencies from the primary's. */
    List<HostId> usable(ShadowDemand demand, Map<HostId, Duration> latencies) {
        Ask ask = new Ask(demand, columns, nanos(latencies));
        lock.readLock().lock();
        try {
            OfferSearch search = search(ask);
            List<HostId> usable = new ArrayList<>();
            for (int h = 0; h < columns.hosts.length; h++) {
                if (search.costPerHour(h) < Double.POSITIVE_INFINITY) {
                    usable.add(columns.hosts[h].id());
                }
            }
            return usable;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Suspects these hosts and no others. */
    void suspectOnly(Set<HostId> suspected) {
        lock.writeLock().lock();
        try {
            for (int h = 0; h < columns.hosts.length; h++) {
                columns.suspect(h, suspected.contains(columns.hosts[h].id()));
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Takes what a ledger has left, in place of what is known from the shadows placed here. */
    void take(LicenseStock stock) {
        lock.writeLock().lock();
        try {
            licenses.take(stock);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private WhyNot whyNot(Ask ask) {
        settleIfDue();
        lock.readLock().lock();
        try {
            return new Refusals(columns, licenses, ask, search(ask)).explain();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Free units by product. */
    public Map<String, Integer> freeLicenses() {
        lock.writeLock().lock();
        try {
            settle();
            return licenses.free();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private int index(HostId host) {
        Integer h = columns.indexOf.get(host);
        if (h == null) {
            throw new InvalidValueException("host", host.value(), "be a host of the fleet");
        }
        return h;
    }

    private void settleIfDue() {
        Instant now = clock.instant();
        lock.readLock().lock();
        try {
            if (!isDue(now)) {
                return;
            }
        } finally {
            lock.readLock().unlock();
        }
        lock.writeLock().lock();
        try {
            settle();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private boolean isDue(Instant now) {
        return (!lapses.isEmpty() && !lapse(lapses.first()).isAfter(now)) || licenses.isDue(now);
    }

    /** Drops what has lapsed. */
    private void settle() {
        Instant now = clock.instant();
        while (!lapses.isEmpty() && !lapse(lapses.first()).isAfter(now)) {
            drop(lapses.first().demand().instance());
        }
        licenses.settle(now);
    }

    /** What is thought of one host; infinite cost if there are rejections. */
    record Judged(HostId id, double costPerHour, List<Rejection> rejections) {}

    private record Held(Reservation reservation, Ask ask) {}

    /** Builds a fleet; may be reused, not shared between threads. */
    public static final class Builder {
        private static final int MOST_PERIODS = 96;

        private final InstantSource clock;
        private final List<HostDescription> hosts = new ArrayList<>();
        private final List<LicenseTerms> licenses = new ArrayList<>();
        private final Set<String> withoutTerms = new HashSet<>();
        private final List<HostFilter> filters = new ArrayList<>();
        private final Map<String, OfferSearch.PricedScore> scores = new LinkedHashMap<>();
        private ZoneLatency latency = (from, to) -> Duration.ZERO;
        private int periods = 1;
        private int hostFailures = 1;

        private Builder(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
        }

        /**
         * Adds a host. A product counted by core or socket that is among its {@code licensedProducts} is paid
         * for there already.
         */
        public Builder host(HostDescription host) {
            hosts.add(Objects.requireNonNull(host, "host"));
            return this;
        }

        /** Periods of a day that demand is forecast for, 1 to 96. */
        public Builder periods(int value) {
            periods = range("periods", value, MOST_PERIODS);
            return this;
        }

        /** How many hosts may fail at once, 1 to 8. */
        public Builder hostFailures(int value) {
            hostFailures = range("hostFailures", value, MOST_HOST_FAILURES);
            return this;
        }

        /** Latency between zones. */
        public Builder latency(ZoneLatency value) {
            latency = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Adds a product. */
        public Builder license(LicenseTerms terms) {
            licenses.add(Objects.requireNonNull(terms, "terms"));
            return this;
        }

        /** Adds a condition of the platform's own. */
        public Builder filter(HostFilter filter) {
            filters.add(Objects.requireNonNull(filter, "filter"));
            return this;
        }

        /** Adds a product that runs where a host lists it, and takes the units of the demand. */
        Builder licenseWithoutTerms(String product) {
            withoutTerms.add(product);
            return license(
                    new LicenseTerms(product, LicenseMetric.PER_VCPU, 1, 0, 0, Duration.ZERO, Set.of(), Set.of()));
        }

        /**
         * Adds a preference of the platform's own, or replaces the one of this name.
         *
         * @param pricePerHour what the worst score costs, in the platform's currency: a finite number of at least 0
         */
        public Builder score(String name, double pricePerHour, HostScore score) {
            if (!(pricePerHour >= 0 && pricePerHour <= Double.MAX_VALUE)) {
                throw new InvalidValueException(
                        "pricePerHour", Double.toString(pricePerHour), "be a finite number of at least 0");
            }
            scores.put(
                    Objects.requireNonNull(name, "name"),
                    new OfferSearch.PricedScore(Objects.requireNonNull(score, "score"), pricePerHour));
            return this;
        }

        /** Builds the fleet. */
        public OnlineFleet build() {
            return new OnlineFleet(this);
        }

        private static int range(String field, int value, int most) {
            if (value < 1 || value > most) {
                throw new InvalidValueException(field, Integer.toString(value), "be from 1 to " + most);
            }
            return value;
        }
    }
}
