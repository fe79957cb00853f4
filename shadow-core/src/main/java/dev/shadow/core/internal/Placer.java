package dev.shadow.core.internal;

import dev.shadow.core.internal.document.ReplicaEntry;
import dev.shadow.core.internal.document.Serving;
import dev.shadow.spi.HostId;
import dev.shadow.spi.Tier;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.inventory.VmDescription;
import dev.shadow.spi.placement.FleetSnapshot;
import dev.shadow.spi.placement.HostAdvisor;
import dev.shadow.spi.placement.HostAssessment;
import dev.shadow.spi.placement.HostSelector;
import dev.shadow.spi.placement.LicenseException;
import dev.shadow.spi.placement.Selection;
import dev.shadow.spi.placement.SelectionRequest;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.replica.PerformanceMetrics;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.replica.ShadowReplica;
import dev.shadow.spi.store.StoreException;
import dev.shadow.spi.sync.SyncStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Chooses hosts for missing shadows and records the choice. Looking and recording happen under one lock for
 * all virtual machines, so that two of them never count on the same capacity.
 */
final class Placer {
    private static final int MOST_HOSTS_TOLD = 10;

    private final Object lock = new Object();

    /** Returns the replicas that were decided and recorded; nothing has been asked of their hosts yet. */
    List<ReplicaEntry> place(
            VmContext context, Fleet fleet, PlacementProfile profile, VmDescription described, List<Integer> orders)
            throws StoreException {
        Serving primary = context.state.primary.orElseThrow();
        VmDescription serving = new VmDescription(
                described.id(),
                primary.instance(),
                primary.host(),
                described.size(),
                described.licenses(),
                described.dataSets());
        if (fleet.host(primary.host()).isEmpty()) {
            context.problem(
                    "no shadow can be placed: the primary's host " + primary.host() + " is not in the inventory");
            return List.of();
        }
        Instant now = context.now();
        context.state.excluded.values().removeIf(until -> !until.isAfter(now));
        List<Tier> tiers =
                orders.stream().map(order -> profile.tiers().get(order)).toList();
        Set<HostId> occupied = new HashSet<>();
        context.entries.forEach(entry -> occupied.add(entry.replica.host()));
        context.state.stale.keySet().forEach(stale -> occupied.add(stale.host()));
        occupied.remove(primary.host());
        SelectionRequest request = new SelectionRequest(
                serving, tiers, occupied, context.state.excluded.keySet(), profile.latencyBudget());
        synchronized (lock) {
            try {
                FleetSnapshot snapshot = fleet.snapshot(context.parts, context.records, primary.host());
                Selection selection = context.parts.hostSelector().select(request, snapshot);
                List<ReplicaEntry> decided = record(context, selection, orders, described, primary);
                if (decided.size() < orders.size()) {
                    context.problem(why(context.parts.hostSelector(), request, snapshot, selection));
                }
                return decided;
            } catch (LicenseException e) {
                context.problem("no shadow can be placed: free licences are unknown: " + e.getMessage());
                return List.of();
            }
        }
    }

    private static List<ReplicaEntry> record(
            VmContext context, Selection selection, List<Integer> orders, VmDescription described, Serving primary)
            throws StoreException {
        List<ReplicaEntry> decided = new ArrayList<>();
        Instant now = context.now();
        for (Selection.Choice choice : selection.choices()) {
            ShadowReplica replica = new ShadowReplica(
                    ReplicaIds.of(context.parts.config().instancePrefix(), context.vm, context.state.nextReplica++),
                    context.vm,
                    choice.host(),
                    choice.tier(),
                    orders.get(choice.order()),
                    ReplicaState.WARMING,
                    context.state.generation,
                    SyncStatus.opened(context.state.generation, now),
                    PerformanceMetrics.NONE,
                    now,
                    "chosen");
            ReplicaEntry entry = new ReplicaEntry(replica, primary, now, described.size());
            context.records.save(entry);
            context.entries.add(entry);
            decided.add(entry);
            context.action(replica.id() + " decided for " + choice.host());
        }
        if (!decided.isEmpty()) {
            context.records.save(context.state);
            context.tell(new ShadowEvent.HostsSelected(now, context.vm, selection));
            decided.forEach(
                    entry -> context.tell(new ShadowEvent.ReplicaChanged(now, entry.replica, Optional.empty())));
        }
        return decided;
    }

    private static String why(
            HostSelector selector, SelectionRequest request, FleetSnapshot snapshot, Selection selection) {
        int missing = request.tiers().size() - selection.choices().size();
        String text = "no host for " + missing + " of the shadows: ";
        Set<Integer> placed =
                selection.choices().stream().map(Selection.Choice::order).collect(Collectors.toSet());
        for (int i = 0; i < selection.assessments().size(); i++) {
            if (!placed.contains(i)) {
                return text
                        + advice(selector, request, snapshot, selection, i)
                        + selection.assessments().get(i).stream()
                                .limit(MOST_HOSTS_TOLD)
                                .map(Placer::why)
                                .collect(Collectors.joining("; "));
            }
        }
        return text + "the selector gave no reason";
    }

    /** What stands in the way on the whole fleet and the least that would help, if the selector can say it. */
    private static String advice(
            HostSelector selector, SelectionRequest request, FleetSnapshot snapshot, Selection selection, int order) {
        if (!(selector instanceof HostAdvisor advisor)) {
            return "";
        }
        Set<HostId> occupied = new HashSet<>(request.occupied());
        selection.choices().forEach(choice -> occupied.add(choice.host()));
        SelectionRequest one = new SelectionRequest(
                request.vm(),
                List.of(request.tiers().get(order)),
                occupied,
                request.excluded(),
                request.latencyBudget());
        return advisor.whyNot(one, snapshot).summary() + ". ";
    }

    private static String why(HostAssessment assessment) {
        return assessment.host() + ": "
                + assessment.rejections().stream()
                        .map(r -> r.constraint() + " (" + r.explanation() + ")")
                        .collect(Collectors.joining(", "));
    }
}
