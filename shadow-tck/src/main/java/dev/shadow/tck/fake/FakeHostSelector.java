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
import dev.shadow.spi.placement.LicenseStock;
import dev.shadow.spi.placement.LicenseTerms;
import dev.shadow.spi.placement.Rejection;
import dev.shadow.spi.placement.Selection;
import dev.shadow.spi.placement.SelectionRequest;
import dev.shadow.spi.placement.Standby;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
        Map<String, Integer> licenses = new HashMap<>(snapshot.licenses().free());
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
            if (lacks(host, demand, licenses, snapshot.licenses())) {
                found.add(new Rejection(Constraint.LICENSE, demand + " cannot be had"));
            }
        }
        return found;
    }

    private static boolean lacks(
            HostDescription host, LicenseDemand demand, Map<String, Integer> left, LicenseStock stock) {
        String product = demand.product();
        Optional<LicenseTerms> terms = stock.terms().stream()
                .filter(known -> known.product().equals(product))
                .findFirst();
        if (terms.isEmpty()) {
            return !host.licensedProducts().contains(product) || left.getOrDefault(product, 0) < demand.units();
        }
        int cores = (int) ((host.capacity().cpuMillis() + 999) / 1000);
        boolean open = host.licensedProducts().contains(product)
                || stock.opened().getOrDefault(product, Set.of()).contains(host.id());
        int needed = !terms.get().metric().licensesHosts()
                ? terms.get().unitsPerInstance(demand.units(), Standby.HOT)
                : open ? 0 : terms.get().unitsPerHost(cores, host.sockets());
        return !terms.get().allows(host.domain()) || left.getOrDefault(product, 0) < needed;
    }
}
