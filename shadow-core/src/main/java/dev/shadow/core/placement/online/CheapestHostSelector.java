package dev.shadow.core.placement.online;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.placement.FleetSnapshot;
import dev.shadow.spi.placement.HostAdvisor;
import dev.shadow.spi.placement.HostSelector;
import dev.shadow.spi.placement.Selection;
import dev.shadow.spi.placement.SelectionRequest;
import dev.shadow.spi.placement.WhyNot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Chooses for every shadow the host where it adds the least cost, on an {@link OnlineFleet}: capacity for
 * activated shadows is held once for all that no single failure activates together.
 *
 * <p>Which hosts can be used does not depend on the costs: where shadows with different tiers compete for
 * hosts, the choice is arranged so that as many shadows as possible are placed, earlier ones first. Equal costs
 * are decided by place, price and identity. The fleet is kept from one call to the next and brought up to the
 * snapshot by what differs, so that the answer follows from the arguments alone. Thread-safe; calls take turns.
 */
public final class CheapestHostSelector implements HostSelector, HostAdvisor {
    private final List<HostFilter> filters;
    private final Map<String, Weighted> scores;
    private final int hostFailures;
    private final Object lock = new Object();
    private SnapshotFleet known = SnapshotFleet.NONE;

    private CheapestHostSelector(Builder builder) {
        filters = List.copyOf(builder.filters);
        scores = new LinkedHashMap<>(builder.scores);
        hostFailures = builder.hostFailures;
    }

    /** Returns a selector with the standard preferences, for single host failures. */
    public static CheapestHostSelector standard() {
        return builder().build();
    }

    /**
     * Returns a builder that has the preferences {@code nearness} with weight 0.5, {@code dataDistance} with 0.5
     * and {@code latency} with 0.25.
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Selection select(SelectionRequest request, FleetSnapshot snapshot) {
        requirePrimary(request, snapshot);
        synchronized (lock) {
            known = known.follow(snapshot, this::fleet);
            return new SelectionRun(known.fleet(), request, snapshot).run();
        }
    }

    @Override
    public WhyNot whyNot(SelectionRequest request, FleetSnapshot snapshot) {
        requirePrimary(request, snapshot);
        synchronized (lock) {
            known = known.follow(snapshot, this::fleet);
            return new SelectionRun(known.fleet(), request, snapshot).whyNot();
        }
    }

    private static void requirePrimary(SelectionRequest request, FleetSnapshot snapshot) {
        HostId primary = request.vm().host();
        if (snapshot.host(primary).isEmpty()) {
            throw new InvalidValueException("snapshot.hosts", primary.value(), "contain the primary's host");
        }
    }

    private OnlineFleet.Builder fleet(double meanPrice) {
        OnlineFleet.Builder builder = OnlineFleet.builder(SnapshotFleet.NO_TIME).hostFailures(hostFailures);
        filters.forEach(builder::filter);
        scores.forEach((name, weighted) -> builder.score(name, weighted.weight() * meanPrice, weighted.score()));
        return builder;
    }

    private record Weighted(HostScore score, double weight) {}

    /** Builds a selector; may be reused, not shared between threads. */
    public static final class Builder {
        private final List<HostFilter> filters = new ArrayList<>();
        private final Map<String, Weighted> scores = new LinkedHashMap<>();
        private int hostFailures = 1;

        private Builder() {
            score("nearness", 0.5, HostScores.nearness());
            score("dataDistance", 0.5, HostScores.dataDistance());
            score("latency", 0.25, HostScores.latency());
        }

        /** How many hosts may fail at once, 1 to 8. */
        public Builder hostFailures(int value) {
            if (value < 1 || value > OnlineFleet.MOST_HOST_FAILURES) {
                throw new InvalidValueException(
                        "hostFailures", Integer.toString(value), "be from 1 to " + OnlineFleet.MOST_HOST_FAILURES);
            }
            hostFailures = value;
            return this;
        }

        /** Adds a condition of the platform's own. */
        public Builder filter(HostFilter filter) {
            filters.add(Objects.requireNonNull(filter, "filter"));
            return this;
        }

        /**
         * Adds a preference, or replaces the one of this name.
         *
         * @param weight what the worst score costs, as a part of the mean price of a host: a finite number of at
         *     least 0
         */
        public Builder score(String name, double weight, HostScore score) {
            if (!(weight >= 0 && weight <= Double.MAX_VALUE)) {
                throw new InvalidValueException("weight", Double.toString(weight), "be a finite number of at least 0");
            }
            scores.put(
                    Objects.requireNonNull(name, "name"), new Weighted(Objects.requireNonNull(score, "score"), weight));
            return this;
        }

        /** Builds the selector. */
        public CheapestHostSelector build() {
            return new CheapestHostSelector(this);
        }
    }
}
