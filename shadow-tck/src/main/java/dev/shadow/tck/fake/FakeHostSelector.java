package dev.shadow.tck.fake;

import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.Tier;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.inventory.VmDescription;
import dev.shadow.spi.placement.Constraint;
import dev.shadow.spi.placement.FleetSnapshot;
import dev.shadow.spi.placement.HostAssessment;
import dev.shadow.spi.placement.HostSelector;
import dev.shadow.spi.placement.Rejection;
import dev.shadow.spi.placement.Selection;
import dev.shadow.spi.placement.SelectionRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes the first host of the snapshot that keeps every hard condition. Stateless. */
public final class FakeHostSelector implements HostSelector {
    private FakeHostSelector() {}

    /** Returns the selector. */
    public static FakeHostSelector firstFit() {
        return new FakeHostSelector();
    }

    @Override
    public Selection select(SelectionRequest request, FleetSnapshot snapshot) {
        HostDescription primary = snapshot.host(request.vm().host())
                .orElseThrow(() -> new InvalidValueException(
                        "snapshot.hosts", request.vm().host().value(), "contain the primary's host"));
        List<HostDescription> taken = new ArrayList<>();
        request.occupied().forEach(id -> snapshot.host(id).ifPresent(taken::add));
        Map<String, Integer> licenses = new HashMap<>(snapshot.freeLicenses());
        List<Selection.Choice> choices = new ArrayList<>();
        List<List<HostAssessment>> assessments = new ArrayList<>();
        for (int order = 0; order < request.tiers().size(); order++) {
            Tier tier = request.tiers().get(order);
            List<HostAssessment> round = new ArrayList<>();
            Optional<HostDescription> chosen = Optional.empty();
            for (HostDescription host : snapshot.hosts()) {
                List<Rejection> rejections = rejections(host, primary, taken, licenses, tier, request, snapshot);
                round.add(new HostAssessment(
                        host.id(),
                        rejections,
                        rejections.isEmpty() ? Map.of("fit", 1.0) : Map.of(),
                        rejections.isEmpty() ? 1 : 0));
                if (rejections.isEmpty() && chosen.isEmpty()) {
                    chosen = Optional.of(host);
                }
            }
            assessments.add(round);
            if (chosen.isPresent()) {
                taken.add(chosen.get());
                request.vm()
                        .licenses()
                        .forEach(demand -> licenses.merge(demand.product(), -demand.units(), Integer::sum));
                choices.add(new Selection.Choice(order, chosen.get().id(), tier));
            }
        }
        return new Selection(choices, assessments);
    }

    private static List<Rejection> rejections(
            HostDescription host,
            HostDescription primary,
            List<HostDescription> taken,
            Map<String, Integer> licenses,
            Tier tier,
            SelectionRequest request,
            FleetSnapshot snapshot) {
        List<Rejection> found = new ArrayList<>();
        HostId id = host.id();
        VmDescription vm = request.vm();
        if (!host.schedulable()) {
            found.add(new Rejection(Constraint.SCHEDULABLE, "takes no new instances"));
        }
        if (snapshot.suspected().contains(id)) {
            found.add(new Rejection(Constraint.HEALTHY, "is suspected to be down"));
        }
        if (request.excluded().contains(id) || request.occupied().contains(id)) {
            found.add(new Rejection(Constraint.NOT_EXCLUDED, "is excluded or occupied"));
        }
        if (!vm.size().fitsIn(snapshot.free(host))) {
            found.add(new Rejection(Constraint.CAPACITY, "needs " + vm.size() + ", free " + snapshot.free(host)));
        }
        FailureDomain domain = host.domain();
        if (domain.failsTogetherWith(primary.domain(), tier)
                || taken.stream().anyMatch(other -> domain.failsTogetherWith(other.domain(), tier))) {
            found.add(new Rejection(Constraint.FAILURE_DOMAIN, domain + " is shared at " + tier));
        }
        Duration latency = snapshot.latencies().get(id);
        if (latency == null || latency.compareTo(request.latencyBudget()) > 0) {
            found.add(new Rejection(Constraint.LATENCY, "latency " + latency + ", budget " + request.latencyBudget()));
        }
        for (LicenseDemand demand : vm.licenses()) {
            if (!host.licensedProducts().contains(demand.product())
                    || licenses.getOrDefault(demand.product(), 0) < demand.units()) {
                found.add(new Rejection(Constraint.LICENSE, demand + " cannot be had"));
            }
        }
        return found;
    }
}
