package dev.shadow.core.placement.online;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.FleetSnapshot;
import dev.shadow.spi.placement.HostAssessment;
import dev.shadow.spi.placement.Rejection;
import dev.shadow.spi.placement.Selection;
import dev.shadow.spi.placement.SelectionRequest;
import dev.shadow.spi.placement.Standby;
import dev.shadow.spi.placement.WhyNot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Chooses the hosts of one request; leaves the fleet as it was. */
final class SelectionRun {
    private final OnlineFleet fleet;
    private final SelectionRequest request;
    private final FleetSnapshot snapshot;
    private final List<LicenseDemand> licenses;
    private final Set<HostId> taken;

    SelectionRun(OnlineFleet fleet, SelectionRequest request, FleetSnapshot snapshot) {
        this.fleet = fleet;
        this.request = request;
        this.snapshot = snapshot;
        this.taken = new HashSet<>(request.occupied());
        Map<String, Integer> units = new TreeMap<>();
        request.vm().licenses().forEach(d -> units.merge(d.product(), d.units(), Math::addExact));
        this.licenses = units.entrySet().stream()
                .map(entry -> new LicenseDemand(entry.getKey(), entry.getValue()))
                .toList();
    }

    Selection run() {
        List<Selection.Choice> choices = new ArrayList<>();
        List<List<HostAssessment>> assessments = new ArrayList<>();
        List<Tier> tiers = request.tiers();
        for (int order = 0; order < tiers.size(); order++) {
            List<OnlineFleet.Judged> judged = fleet.judge(demand(order, tiers.get(order)), snapshot.latencies());
            assessments.add(assessments(judged));
            Optional<HostId> best = best(judged, order);
            if (best.isPresent()) {
                choices.add(new Selection.Choice(order, best.get(), tiers.get(order)));
                fleet.adopt(demand(order, tiers.get(order)), best.get());
                taken.add(best.get());
            }
        }
        choices.forEach(choice -> fleet.release(instance(choice.order())));
        return new Selection(choices, assessments);
    }

    WhyNot whyNot() {
        return fleet.whyNot(demand(0, request.tiers().get(0)), snapshot.latencies());
    }

    private static List<HostAssessment> assessments(List<OnlineFleet.Judged> judged) {
        double least = judged.stream()
                .mapToDouble(OnlineFleet.Judged::costPerHour)
                .min()
                .orElse(0);
        List<HostAssessment> all = new ArrayList<>();
        for (OnlineFleet.Judged host : judged) {
            List<Rejection> rejections = host.rejections();
            double cost = host.costPerHour();
            double total = !rejections.isEmpty() ? 0 : cost > 0 ? least / cost : 1;
            all.add(new HostAssessment(
                    host.id(), rejections, rejections.isEmpty() ? Map.of("cheapness", total) : Map.of(), total));
        }
        return all;
    }

    /** The cheapest host among those that leave room for the most of the later shadows. */
    private Optional<HostId> best(List<OnlineFleet.Judged> judged, int order) {
        List<HostId> ranked = judged.stream()
                .filter(host -> host.rejections().isEmpty())
                .sorted(Comparator.comparingDouble(OnlineFleet.Judged::costPerHour))
                .map(OnlineFleet.Judged::id)
                .toList();
        List<Tier> later = request.tiers().subList(order + 1, request.tiers().size());
        if (later.isEmpty() || ranked.size() < 2) {
            return ranked.stream().findFirst();
        }
        HostId best = ranked.get(0);
        int most = -1;
        for (HostId host : ranked) {
            int room = room(later, order, host);
            if (room > most) {
                most = room;
                best = host;
            }
            if (most == later.size()) {
                break;
            }
        }
        return Optional.of(best);
    }

    /** How many of the later shadows still find hosts of their own once this one is taken: a maximum matching. */
    private int room(List<Tier> later, int order, HostId host) {
        fleet.adopt(demand(order, request.tiers().get(order)), host);
        taken.add(host);
        List<List<HostId>> usable = new ArrayList<>();
        for (int i = 0; i < later.size(); i++) {
            usable.add(fleet.usable(demand(order + 1 + i, later.get(i)), snapshot.latencies()));
        }
        taken.remove(host);
        fleet.release(instance(order));
        Map<HostId, Integer> holders = new HashMap<>();
        int placed = 0;
        for (int shadow = 0; shadow < usable.size(); shadow++) {
            placed += augment(shadow, usable, holders, new HashSet<>()) ? 1 : 0;
        }
        return placed;
    }

    private static boolean augment(
            int shadow, List<List<HostId>> usable, Map<HostId, Integer> holders, Set<HostId> visited) {
        for (HostId host : usable.get(shadow)) {
            if (visited.add(host)) {
                Integer holder = holders.get(host);
                if (holder == null || augment(holder, usable, holders, visited)) {
                    holders.put(host, shadow);
                    return true;
                }
            }
        }
        return false;
    }

    private static InstanceId instance(int order) {
        return InstanceId.of("wanted-" + order);
    }

    private ShadowDemand demand(int order, Tier tier) {
        Resources size = request.vm().size();
        return new ShadowDemand(
                instance(order),
                request.vm().host(),
                tier,
                new Resources(0, 0, size.diskBytes(), 0),
                size,
                List.of(1000),
                Standby.HOT,
                licenses,
                taken,
                request.excluded(),
                request.vm().dataSets(),
                request.latencyBudget());
    }
}
