package dev.shadow.core.placement.plan;

import dev.shadow.core.placement.plan.AuditReport.Constraint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Checks that a plan survives every failure event, and sums its cost, from nothing but the plan: it shares no state with a
 * planner, so it can be trusted to find a planner's mistakes.
 *
 * <p>Shadows are sorted by host; the events of one host are then summed in tables that are as large as the fleet but cleared
 * only where they were used, so the cost is O((machines + shadows) * dimensions). Keeps its tables between audits; not
 * thread-safe.
 */
public final class PlanAudit {
    private static final int MAX_REASONS = 20;

    private final FleetInstance fleet;
    private final HostEvents events;
    private final int[] primaries;
    private final long[] primaryDisk;
    private final int[] hostStart;
    private final int[] hostSlots;
    private final long oneToOneCpu;
    private final long oneToOneMemory;

    private Map<Constraint, Integer> violations = new EnumMap<>(Constraint.class);
    private List<String> reasons = new ArrayList<>();
    private long reserve;
    private long reservedCpu;
    private long reservedMemory;

    private PlanAudit(FleetInstance fleet) {
        this.fleet = fleet;
        events = new HostEvents(fleet);
        hostStart = new int[fleet.hosts + 1];
        hostSlots = new int[fleet.slotVm.length];
        int dims = fleet.dimensions;
        primaries = new int[fleet.hosts * dims];
        primaryDisk = new long[fleet.hosts];
        long cpu = 0;
        long memory = 0;
        for (int v = 0; v < fleet.vms; v++) {
            int peak = 0;
            for (int d = 0; d < dims; d++) {
                int demand = fleet.demand[v * dims + d];
                primaries[fleet.vmHost[v] * dims + d] += demand;
                peak = d < dims - 1 ? Math.max(peak, demand) : peak;
            }
            primaryDisk[fleet.vmHost[v]] += fleet.vmDisk[v];
            int shadows = fleet.slotStart[v + 1] - fleet.slotStart[v];
            cpu += (long) shadows * peak;
            memory += (long) shadows * fleet.demand[v * dims + dims - 1];
        }
        oneToOneCpu = cpu;
        oneToOneMemory = memory;
    }

    /** Returns an audit of plans of the fleet. */
    public static PlanAudit of(FleetInstance fleet) {
        return new PlanAudit(fleet);
    }

    /** Audits a plan. */
    public AuditReport audit(FleetPlan plan) {
        violations = new EnumMap<>(Constraint.class);
        reasons = new ArrayList<>();
        reserve = 0;
        reservedCpu = 0;
        reservedMemory = 0;
        long link = 0;
        int kept = 0;
        int shadows = 0;
        for (int v = 0; v < fleet.vms; v++) {
            int[] hosts = plan.raw(v);
            shadows += hosts.length;
            checkVm(v, hosts);
            for (int h : hosts) {
                link += fleet.linkCost(v, h);
                for (int before : fleet.previous[v]) {
                    kept += before == h ? 1 : 0;
                }
            }
        }
        checkGroups(plan);
        long licence = checkLicences(plan);
        sortByHost(plan);
        for (int h = 0; h < fleet.hosts; h++) {
            checkHost(h, plan);
        }
        return new AuditReport(
                violations,
                reasons,
                reserve,
                licence,
                link,
                shadows,
                kept,
                reservedCpu,
                reservedMemory,
                oneToOneCpu,
                oneToOneMemory);
    }

    private void violated(Constraint kind, String format, Object... values) {
        violations.merge(kind, 1, Integer::sum);
        if (reasons.size() < MAX_REASONS) {
            reasons.add(String.format(Locale.ROOT, format, values));
        }
    }

    private void checkVm(int v, int[] hosts) {
        int wanted = fleet.slotStart[v + 1] - fleet.slotStart[v];
        if (hosts.length != wanted) {
            violated(Constraint.COUNT, "vm %d has %d of %d shadows", v, hosts.length, wanted);
        }
        int home = fleet.vmHost[v];
        int tier = fleet.vmTier[v];
        ProtectedVm vm = fleet.machines.get(v);
        for (int i = 0; i < hosts.length; i++) {
            int h = hosts[i];
            int zone = fleet.hostZone[h];
            if (h == home
                    || (tier >= 2 && fleet.hostRack[h] == fleet.hostRack[home])
                    || (tier >= 3 && zone == fleet.hostZone[home])) {
                violated(Constraint.DOMAIN, "vm %d: host %d fails together with its primary on host %d", v, h, home);
            }
            for (int j = 0; j < i; j++) {
                if (fleet.hostRack[hosts[j]] == fleet.hostRack[h]) {
                    violated(Constraint.SPREAD, "vm %d has two shadows in rack %d", v, fleet.hostRack[h]);
                }
            }
            if (fleet.latencyMicros[zone][vm.peerZone()] > vm.latencyBudgetMicros()) {
                violated(Constraint.LATENCY, "vm %d: zone %d is beyond its latency budget", v, zone);
            }
            int l = fleet.vmLicence[v];
            if (l >= 0 && !fleet.licences.get(l).allowedZones().contains(zone)) {
                violated(Constraint.LICENCE_ZONE, "vm %d: product %d is not valid in zone %d", v, l, zone);
            }
        }
    }

    private void checkGroups(FleetPlan plan) {
        int[] owner = new int[fleet.hosts];
        int[] stamp = new int[fleet.hosts];
        for (int g = 0; g < fleet.groupMembers.length; g++) {
            for (int v : fleet.groupMembers[g]) {
                meet(g, v, fleet.vmHost[v], owner, stamp);
                for (int h : plan.raw(v)) {
                    meet(g, v, h, owner, stamp);
                }
            }
        }
    }

    private void meet(int group, int v, int h, int[] owner, int[] stamp) {
        if (stamp[h] == group + 1 && owner[h] != v) {
            violated(Constraint.GROUP, "vms %d and %d of one group meet on host %d", owner[h], v, h);
        } else {
            stamp[h] = group + 1;
            owner[h] = v;
        }
    }

    private long checkLicences(FleetPlan plan) {
        List<Set<Integer>> opened = new ArrayList<>();
        fleet.licences.forEach(l -> opened.add(new HashSet<>()));
        for (int v = 0; v < fleet.vms; v++) {
            int l = fleet.vmLicence[v];
            if (l >= 0) {
                for (int h : plan.raw(v)) {
                    if ((fleet.licensedMask[h] >> l & 1) == 0) {
                        opened.get(l).add(h);
                    }
                }
            }
        }
        long cost = 0;
        for (int l = 0; l < opened.size(); l++) {
            long units = 0;
            for (int h : opened.get(l)) {
                units += fleet.licenceUnits[l][h];
            }
            cost += units * fleet.licences.get(l).unitPrice();
            if (units > fleet.licences.get(l).poolUnits()) {
                violated(
                        Constraint.LICENCE_POOL,
                        "product %d needs %d new units, the pool has %d",
                        l,
                        units,
                        fleet.licences.get(l).poolUnits());
            }
        }
        return cost;
    }

    private void sortByHost(FleetPlan plan) {
        Arrays.fill(hostStart, 0);
        for (int v = 0; v < fleet.vms; v++) {
            int[] hosts = plan.raw(v);
            for (int i = 0; i < known(v, hosts); i++) {
                hostStart[hosts[i] + 1]++;
            }
        }
        for (int h = 0; h < fleet.hosts; h++) {
            hostStart[h + 1] += hostStart[h];
        }
        int[] next = Arrays.copyOf(hostStart, fleet.hosts);
        for (int v = 0; v < fleet.vms; v++) {
            int[] hosts = plan.raw(v);
            for (int i = 0; i < known(v, hosts); i++) {
                hostSlots[next[hosts[i]]++] = fleet.slotStart[v] + i;
            }
        }
    }

    /** Shadows beyond the wanted number are a violation of their own and weigh nothing. */
    private int known(int v, int[] hosts) {
        return Math.min(hosts.length, fleet.slotStart[v + 1] - fleet.slotStart[v]);
    }

    private void checkHost(int h, FleetPlan plan) {
        int dims = fleet.dimensions;
        HostType type = fleet.types.get(fleet.hostType[h]);
        long standbyCpu = 0;
        long standbyMemory = 0;
        long disk = 0;
        events.clear();
        for (int i = hostStart[h]; i < hostStart[h + 1]; i++) {
            int v = fleet.slotVm[hostSlots[i]];
            standbyCpu += fleet.vmStandbyCpu[v];
            standbyMemory += fleet.vmStandbyMemory[v];
            disk += fleet.vmDisk[v];
            events.add(v, hostSlots[i] - fleet.slotStart[v], plan.raw(v));
        }
        long[] worst = events.worst();
        long peak = 0;
        for (int d = 0; d < dims - 1; d++) {
            peak = Math.max(peak, worst[d]);
            long needed = primaries[h * dims + d] + standbyCpu + worst[d];
            if (needed > type.cpu()) {
                violated(Constraint.CPU, "host %d period %d: %d of %d needed", h, d, needed, type.cpu());
            }
        }
        long memory = worst[dims - 1];
        long neededMemory = primaries[h * dims + dims - 1] + standbyMemory + memory;
        if (neededMemory > type.memory()) {
            violated(Constraint.MEMORY, "host %d: %d of %d needed", h, neededMemory, type.memory());
        }
        if (primaryDisk[h] + disk > type.disk()) {
            violated(Constraint.DISK, "host %d: %d of %d needed", h, primaryDisk[h] + disk, type.disk());
        }
        reserve += (standbyCpu + peak) * type.cpuPrice()
                + (standbyMemory + memory) * type.memoryPrice()
                + disk * type.diskPrice();
        reservedCpu += standbyCpu + peak;
        reservedMemory += standbyMemory + memory;
    }
}
