package dev.shadow.core.placement.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Plays every failure event of a small fleet, literally: who fails, who is activated, what each surviving host then carries. */
final class EveryEvent {
    private final FleetInstance fleet;
    private final FleetPlan plan;
    private final long[][] worst;

    EveryEvent(FleetInstance fleet, FleetPlan plan) {
        this.fleet = fleet;
        this.plan = plan;
        worst = new long[fleet.hostCount()][fleet.periods() + 1];
        for (int zone = 0; zone < fleet.zoneCount(); zone++) {
            play(3, failed(zone, true));
        }
        for (int rack = 0; rack < fleet.rackCount(); rack++) {
            play(2, failed(rack, false));
        }
        for (int a = 0; a < fleet.hostCount(); a++) {
            play(0, Set.of(a));
            for (int b = 0; fleet.hostFailures() == 2 && b < a; b++) {
                play(0, Set.of(a, b));
            }
        }
    }

    private Set<Integer> failed(int place, boolean zone) {
        Set<Integer> failed = new HashSet<>();
        for (int h = 0; h < fleet.hostCount(); h++) {
            if ((zone ? fleet.zoneOf(h) : fleet.rackOf(h)) == place) {
                failed.add(h);
            }
        }
        return failed;
    }

    /** An event of a level activates the machines that are protected against it; the failed domain's shadows stay counted. */
    private void play(int leastTier, Set<Integer> failed) {
        long[][] load = new long[fleet.hostCount()][fleet.periods() + 1];
        for (int v = 0; v < fleet.vmCount(); v++) {
            ProtectedVm vm = fleet.vm(v);
            if (plan.hostsOf(v).isEmpty() || vm.tier().level() < leastTier || !failed.contains(vm.host())) {
                continue;
            }
            List<Integer> shadows = new ArrayList<>(plan.hostsOf(v));
            int host = shadows.get(0);
            if (leastTier == 0 && failed.contains(host)) {
                if (shadows.size() < 2) {
                    continue;
                }
                host = shadows.get(1);
            }
            for (int t = 0; t < fleet.periods(); t++) {
                load[host][t] += Math.max(0, fleet.demand(v, t) - vm.standbyCpu());
            }
            load[host][fleet.periods()] += Math.max(0, vm.memory() - vm.standbyMemory());
        }
        for (int h = 0; h < load.length; h++) {
            if (leastTier > 0 || !failed.contains(h)) {
                for (int d = 0; d < load[h].length; d++) {
                    worst[h][d] = Math.max(worst[h][d], load[h][d]);
                }
            }
        }
    }

    long worst(int host, int dimension) {
        return worst[host][dimension];
    }

    /** Whether every host carries its primaries, its standbys and the worst event. */
    boolean survived() {
        for (int h = 0; h < fleet.hostCount(); h++) {
            long[] need = worst[h].clone();
            long disk = 0;
            for (int v = 0; v < fleet.vmCount(); v++) {
                ProtectedVm vm = fleet.vm(v);
                boolean primary = vm.host() == h;
                boolean shadow = plan.hostsOf(v).contains(h);
                disk += primary || shadow ? vm.disk() : 0;
                for (int t = 0; t < fleet.periods(); t++) {
                    need[t] += primary ? fleet.demand(v, t) : shadow ? vm.standbyCpu() : 0;
                }
                need[fleet.periods()] += primary ? vm.memory() : shadow ? vm.standbyMemory() : 0;
            }
            HostType type = fleet.typeOf(h);
            for (int t = 0; t < fleet.periods(); t++) {
                if (need[t] > type.cpu()) {
                    return false;
                }
            }
            if (need[fleet.periods()] > type.memory() || disk > type.disk()) {
                return false;
            }
        }
        return true;
    }

    long reserveCost() {
        long cost = 0;
        for (int h = 0; h < fleet.hostCount(); h++) {
            HostType type = fleet.typeOf(h);
            long peak = 0;
            for (int t = 0; t < fleet.periods(); t++) {
                peak = Math.max(peak, worst[h][t]);
            }
            cost += peak * type.cpuPrice() + worst[h][fleet.periods()] * type.memoryPrice();
            for (int v = 0; v < fleet.vmCount(); v++) {
                if (plan.hostsOf(v).contains(h)) {
                    ProtectedVm vm = fleet.vm(v);
                    cost += (long) vm.standbyCpu() * type.cpuPrice()
                            + (long) vm.standbyMemory() * type.memoryPrice()
                            + (long) vm.disk() * type.diskPrice();
                }
            }
        }
        return cost;
    }
}
