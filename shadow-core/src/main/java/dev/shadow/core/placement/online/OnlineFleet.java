package dev.shadow.core.placement.online;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.placement.LicenseTerms;
import dev.shadow.spi.placement.WhyNot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
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
    private static final int TRIES = 64;

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final FleetColumns columns;
    private final LicenseColumns licenses;
    private final List<OnlineFilter> filters;
    private final Map<String, OnlineScore> scores;
    private final InstantSource clock;
    private final Map<InstanceId, Held> held = new HashMap<>();
    private final NavigableSet<Reservation> lapses = new TreeSet<>(Comparator.comparing(OnlineFleet::lapse)
            .thenComparing(r -> r.demand().instance()));

    private OnlineFleet(Builder builder) {
        if (builder.hosts.isEmpty()) {
            throw new InvalidValueException("hosts", "none", "name at least one host");
        }
        columns = new FleetColumns(builder.hosts, builder.periods, builder.hostFailures, builder.latency);
        licenses = new LicenseColumns(builder.licenses, columns);
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
        return new OfferSearch(columns, licenses, filters, scores, ask);
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
     * @throws InvalidValueException if its place, capacity, cost or licences differ: build a new fleet
     */
    public void update(HostDescription description) {
        int h = index(description.id());
        lock.writeLock().lock();
        try {
            HostDescription known = columns.hosts[h];
            boolean fixed = known.domain().equals(description.domain())
                    && known.capacity().equals(description.capacity())
                    && known.costPerHour() == description.costPerHour()
                    && known.licensedProducts().equals(description.licensedProducts());
            if (!fixed) {
                throw new InvalidValueException(
                        "host", description.toString(), "keep its place, capacity, cost and licences");
            }
            columns.describe(h, description);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Says for every host all that speaks against it, and the cheapest single change that would yield one. */
    public WhyNot whyNot(ShadowDemand demand) {
        Ask ask = new Ask(demand, columns);
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

    private record Held(Reservation reservation, Ask ask) {}

    /** Builds a fleet; may be reused, not shared between threads. */
    public static final class Builder {
        private static final int MOST_PERIODS = 96;
        private static final int MOST_HOST_FAILURES = 8;

        private final InstantSource clock;
        private final Map<HostDescription, Integer> hosts = new LinkedHashMap<>();
        private final List<LicenseTerms> licenses = new ArrayList<>();
        private final List<OnlineFilter> filters = new ArrayList<>();
        private final Map<String, OnlineScore> scores = new LinkedHashMap<>();
        private ZoneLatency latency = (from, to) -> Duration.ZERO;
        private int periods = 1;
        private int hostFailures = 1;

        private Builder(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
        }

        /**
         * Adds a host. A product counted by core or socket that is among its {@code licensedProducts} is paid
         * for there already.
         *
         * @param sockets processor sockets, at least 1
         */
        public Builder host(HostDescription host, int sockets) {
            hosts.put(Objects.requireNonNull(host, "host"), range("sockets", sockets, 1024));
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
        public Builder filter(OnlineFilter filter) {
            filters.add(Objects.requireNonNull(filter, "filter"));
            return this;
        }

        /** Adds a cost of the platform's own, or replaces the one of this name. */
        public Builder score(String name, OnlineScore score) {
            scores.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(score, "score"));
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
