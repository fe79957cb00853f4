package dev.shadow.core.placement;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.Tier;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.placement.FleetSnapshot;
import dev.shadow.spi.placement.HostAssessment;
import dev.shadow.spi.placement.HostSelector;
import dev.shadow.spi.placement.Rejection;
import dev.shadow.spi.placement.Selection;
import dev.shadow.spi.placement.SelectionRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Chooses hosts by hard filters and then by a weighted mean of scores. Says for every host everything that
 * speaks against it, or how it scored.
 *
 * <p>Which hosts can be used does not depend on the scores: where shadows with different tiers compete for
 * hosts, the choice is arranged so that as many shadows as possible are placed, earlier ones first, by
 * augmenting paths over shadows and hosts. Equal totals are decided by the identity of the host. Costs
 * {@code O(shadows^2 * hosts)} assessments at worst. Immutable, may be shared between threads.
 */
public final class WeightedHostSelector implements HostSelector {
    private final List<HostFilter> filters;
    private final Map<String, Weighted> scores;

    private WeightedHostSelector(List<HostFilter> filters, Map<String, Weighted> scores) {
        this.filters = List.copyOf(filters);
        this.scores = new LinkedHashMap<>(scores);
    }

    /** Returns a selector with the standard filters and scores. */
    public static WeightedHostSelector standard() {
        return builder().build();
    }

    /**
     * Returns a builder that has the standard filters, and the standard scores by these names and weights:
     * {@code freeCapacity} 4, {@code dataProximity} 2, {@code latency} 2, {@code apartness} 2, {@code
     * licenseHeadroom} 1, {@code cost} 1.
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Selection select(SelectionRequest request, FleetSnapshot snapshot) {
        HostId primaryHost = request.vm().host();
        HostDescription primary = snapshot.host(primaryHost)
                .orElseThrow(() ->
                        new InvalidValueException("snapshot.hosts", primaryHost.value(), "contain the primary's host"));
        List<HostDescription> placed = new ArrayList<>();
        request.occupied().stream()
                .filter(id -> !id.equals(primaryHost))
                .sorted()
                .forEach(id -> snapshot.host(id).ifPresent(placed::add));
        Map<String, Integer> licenses = new HashMap<>(snapshot.freeLicenses());
        List<Selection.Choice> choices = new ArrayList<>();
        List<List<HostAssessment>> assessments = new ArrayList<>();
        List<Tier> tiers = request.tiers();
        for (int order = 0; order < tiers.size(); order++) {
            Tier tier = tiers.get(order);
            List<HostAssessment> ofShadow = new ArrayList<>();
            for (HostDescription host : snapshot.hosts()) {
                ofShadow.add(assess(new Candidate(host, primary, tier, placed, licenses, request, snapshot)));
            }
            assessments.add(ofShadow);
            Optional<HostDescription> best = best(
                    ofShadow, tiers.subList(order + 1, tiers.size()), request, snapshot, primary, placed, licenses);
            if (best.isPresent()) {
                choices.add(new Selection.Choice(order, best.get().id(), tier));
                placed.add(best.get());
                take(licenses, request);
            }
        }
        return new Selection(choices, assessments);
    }

    private static void take(Map<String, Integer> licenses, SelectionRequest request) {
        request.vm().licenses().forEach(d -> licenses.merge(d.product(), -d.units(), (a, b) -> Math.max(0, a + b)));
    }

    /** The best host among those that leave room for the most of the later shadows. */
    private Optional<HostDescription> best(
            List<HostAssessment> assessed,
            List<Tier> later,
            SelectionRequest request,
            FleetSnapshot snapshot,
            HostDescription primary,
            List<HostDescription> placed,
            Map<String, Integer> licenses) {
        List<HostAssessment> ranked = assessed.stream()
                .filter(HostAssessment::isFeasible)
                .sorted(Comparator.comparingDouble(HostAssessment::total)
                        .reversed()
                        .thenComparing(HostAssessment::host))
                .toList();
        boolean competing = later.stream().distinct().count() > 0 && ranked.size() > 1;
        if (!competing) {
            return ranked.stream().findFirst().flatMap(a -> snapshot.host(a.host()));
        }
        HostDescription best = null;
        int most = -1;
        for (HostAssessment assessment : ranked) {
            HostDescription host = snapshot.host(assessment.host()).orElseThrow();
            List<HostDescription> then = new ArrayList<>(placed);
            then.add(host);
            Map<String, Integer> left = new HashMap<>(licenses);
            take(left, request);
            int room = room(later, request, snapshot, primary, then, left);
            if (room > most) {
                most = room;
                best = host;
            }
            if (most == later.size()) {
                break;
            }
        }
        return Optional.ofNullable(best);
    }

    /** How many of these shadows still find hosts of their own: a maximum matching. */
    private int room(
            List<Tier> tiers,
            SelectionRequest request,
            FleetSnapshot snapshot,
            HostDescription primary,
            List<HostDescription> placed,
            Map<String, Integer> licenses) {
        List<List<HostId>> usable = new ArrayList<>();
        for (Tier tier : tiers) {
            List<HostId> hosts = new ArrayList<>();
            for (HostDescription host : snapshot.hosts()) {
                Candidate candidate = new Candidate(host, primary, tier, placed, licenses, request, snapshot);
                if (rejections(candidate).isEmpty()) {
                    hosts.add(host.id());
                }
            }
            usable.add(hosts);
        }
        Map<HostId, Integer> taken = new HashMap<>();
        int placedCount = 0;
        for (int shadow = 0; shadow < usable.size(); shadow++) {
            if (augment(shadow, usable, taken, new HashMap<>())) {
                placedCount++;
            }
        }
        return placedCount;
    }

    private static boolean augment(
            int shadow, List<List<HostId>> usable, Map<HostId, Integer> taken, Map<HostId, Boolean> visited) {
        for (HostId host : usable.get(shadow)) {
            if (visited.put(host, true) == null) {
                Integer holder = taken.get(host);
                if (holder == null || augment(holder, usable, taken, visited)) {
                    taken.put(host, shadow);
                    return true;
                }
            }
        }
        return false;
    }

    private HostAssessment assess(Candidate candidate) {
        List<Rejection> rejections = rejections(candidate);
        if (!rejections.isEmpty()) {
            return new HostAssessment(candidate.id(), rejections, Map.of(), 0);
        }
        Map<String, Double> values = new LinkedHashMap<>();
        double sum = 0;
        double weights = 0;
        for (Map.Entry<String, Weighted> entry : scores.entrySet()) {
            double weight = entry.getValue().weight();
            double score = entry.getValue().score().score(candidate);
            values.put(entry.getKey(), score);
            sum += weight * score;
            weights += weight;
        }
        double total = weights > 0 ? Math.min(1, sum / weights) : 1;
        return new HostAssessment(candidate.id(), rejections, values, total);
    }

    private List<Rejection> rejections(Candidate candidate) {
        List<Rejection> rejections = new ArrayList<>();
        filters.forEach(filter -> rejections.addAll(filter.reject(candidate)));
        return rejections;
    }

    private record Weighted(HostScore score, double weight) {}

    /** Builds a selector; may be reused, not shared between threads. */
    public static final class Builder {
        private final List<HostFilter> filters = new ArrayList<>(HostFilters.standard());
        private final Map<String, Weighted> scores = new LinkedHashMap<>();

        private Builder() {
            score("freeCapacity", 4, HostScores.freeCapacity());
            score("dataProximity", 2, HostScores.dataProximity());
            score("latency", 2, HostScores.latency());
            score("apartness", 2, HostScores.apartness());
            score("licenseHeadroom", 1, HostScores.licenseHeadroom());
            score("cost", 1, HostScores.cost());
        }

        /** Adds a condition to the standard ones. */
        public Builder filter(HostFilter filter) {
            filters.add(Objects.requireNonNull(filter, "filter"));
            return this;
        }

        /**
         * Adds a score, or replaces the one of this name.
         *
         * @param weight its part in the total, a finite number of at least 0; 0 only reports it
         */
        public Builder score(String name, double weight, HostScore score) {
            if (!(weight >= 0 && weight <= Double.MAX_VALUE)) {
                throw new InvalidValueException("weight", Double.toString(weight), "be a finite number of at least 0");
            }
            scores.put(
                    Objects.requireNonNull(name, "name"), new Weighted(Objects.requireNonNull(score, "score"), weight));
            return this;
        }

        /**
         * Changes the weight of a score that is there.
         *
         * @throws InvalidValueException if there is no score of this name
         */
        public Builder weight(String name, double weight) {
            Weighted present = scores.get(name);
            if (present == null) {
                throw new InvalidValueException("name", name, "be one of " + scores.keySet());
            }
            return score(name, weight, present.score());
        }

        /** Builds the selector. */
        public WeightedHostSelector build() {
            return new WeightedHostSelector(filters, scores);
        }
    }
}
