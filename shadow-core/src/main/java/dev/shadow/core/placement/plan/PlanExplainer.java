package dev.shadow.core.placement.plan;

import dev.shadow.core.placement.plan.ShadowExplanation.Cost;
import dev.shadow.core.placement.plan.ShadowExplanation.Option;
import dev.shadow.core.placement.plan.ShadowExplanation.Refused;
import dev.shadow.spi.placement.Constraint;
import dev.shadow.spi.placement.Rejection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Explains where a plan puts a machine's shadows: what each costs on its host and by which event, what it would cost on the
 * next best, and what speaks against all others.
 *
 * <p>Every host is tried: the shadow is put there, everything else staying, and the plan's cost and room looked at. That is
 * O(hosts * events of a host) for a shadow, some milliseconds for ten thousand hosts. Not thread-safe.
 */
public final class PlanExplainer {
    private final FleetInstance fleet;
    private final ReserveState state;
    private final PlanRefusals refusals;

    private PlanExplainer(FleetInstance fleet, FleetPlan plan) {
        this.fleet = fleet;
        state = new ReserveState(fleet);
        for (int v = 0; v < fleet.vms; v++) {
            int[] hosts = plan.raw(v);
            for (int i = 0; i < Math.min(hosts.length, fleet.slotStart[v + 1] - fleet.slotStart[v]); i++) {
                state.attach(fleet.slotStart[v] + i, hosts[i]);
            }
        }
        refusals = new PlanRefusals(state);
    }

    /** Returns an explainer of a plan of the fleet, which need be neither complete nor feasible. */
    public static PlanExplainer of(FleetInstance fleet, FleetPlan plan) {
        return new PlanExplainer(fleet, plan);
    }

    /**
     * Explains the shadows of a machine in activation order.
     *
     * @param vm number of the machine
     * @param most how many of the next best hosts are described for each shadow, 0 to 100
     * @throws dev.shadow.spi.InvalidValueException if the fleet has no such machine
     */
    public List<ShadowExplanation> explain(int vm, int most) {
        Refusals.index("vm", vm, fleet.vms, "machines");
        Refusals.inRange("most", most, 0, 100);
        List<ShadowExplanation> shadows = new ArrayList<>();
        for (int slot = fleet.slotStart[vm]; slot < fleet.slotStart[vm + 1]; slot++) {
            shadows.add(explainSlot(slot, most));
        }
        return shadows;
    }

    private ShadowExplanation explainSlot(int slot, int most) {
        int chosen = state.at[slot];
        if (chosen >= 0) {
            state.detach(slot);
        }
        List<Integer> usable = new ArrayList<>();
        long[] total = new long[fleet.hosts];
        Map<Set<Constraint>, Refused> refused = new LinkedHashMap<>();
        long without = state.cost();
        for (int h = 0; h < fleet.hosts; h++) {
            if (h == chosen) {
                continue;
            }
            List<Rejection> against = refusals.against(slot, h);
            if (against.isEmpty()) {
                state.attach(slot, h);
                total[h] = state.cost() - without;
                state.detach(slot);
                usable.add(h);
            } else {
                count(refused, h, against);
            }
        }
        usable.sort(Comparator.comparingLong((Integer h) -> total[h]).thenComparing(Comparator.naturalOrder()));
        List<Option> others =
                usable.stream().limit(most).map(h -> option(slot, h)).toList();
        Optional<Option> here = chosen >= 0 ? Optional.of(option(slot, chosen)) : Optional.empty();
        if (chosen >= 0) {
            state.attach(slot, chosen);
        }
        List<Refused> groups = new ArrayList<>(refused.values());
        groups.sort(Comparator.comparingInt((Refused group) -> -group.hosts()));
        return new ShadowExplanation(fleet.slotVm[slot], state.rank(slot), here, others, usable.size(), groups);
    }

    private static void count(Map<Set<Constraint>, Refused> refused, int h, List<Rejection> against) {
        Set<Constraint> failed = EnumSet.noneOf(Constraint.class);
        against.forEach(rejection -> failed.add(rejection.constraint()));
        refused.merge(
                failed,
                new Refused(failed, 1, h, against),
                (group, one) ->
                        new Refused(group.constraints(), group.hosts() + 1, group.example(), group.rejections()));
    }

    private Option option(int slot, int h) {
        int v = fleet.slotVm[slot];
        long before = state.cost();
        long heldBefore = state.loads.cost();
        state.attach(slot, h);
        long standby = (long) fleet.vmStandbyCpu[v] * fleet.cpuPrice[h]
                + (long) fleet.vmStandbyMemory[v] * fleet.memoryPrice[h];
        long reserve = state.loads.cost() - heldBefore;
        long disk = (long) fleet.vmDisk[v] * fleet.diskPrice[h];
        long replication = fleet.syncLink[v * fleet.zones + fleet.hostZone[h]];
        long seeding = fleet.linkCost(v, h) - replication;
        long licence = state.cost() - before - standby - reserve - disk - replication - seeding;
        HostBurden burden = new HostBurden(state, h);
        Option option = new Option(
                h,
                new Cost(standby, reserve, disk, licence, replication, seeding),
                burden.cpu(),
                burden.memory(),
                fleet.latencyMicros[fleet.hostZone[h]][fleet.machines.get(v).peerZone()]);
        state.detach(slot);
        return option;
    }
}
