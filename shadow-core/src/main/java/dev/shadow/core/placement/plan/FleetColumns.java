package dev.shadow.core.placement.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns the machines of a fleet into columns, and works out what depends on a machine and a zone alone. */
final class FleetColumns {
    final int[] host;
    final int[] tier;
    final int[] licence;
    final int[] group;
    final int[] disk;
    final int[] standbyCpu;
    final int[] standbyMemory;
    final int[] zoneMask;
    final int[] demand;
    final int[] extra;
    final int[] slotStart;
    final int[] slotVm;
    final long[] seedLink;
    final long[] syncLink;
    final int[][] previous;
    final int[] previousFirst;
    final int[][] groupMembers;

    FleetColumns(FleetInstance f) {
        int n = f.vms;
        host = new int[n];
        tier = new int[n];
        licence = new int[n];
        group = new int[n];
        disk = new int[n];
        standbyCpu = new int[n];
        standbyMemory = new int[n];
        zoneMask = new int[n];
        demand = new int[n * f.dimensions];
        extra = new int[n * f.dimensions];
        slotStart = new int[n + 1];
        seedLink = new long[n * f.zones];
        syncLink = new long[n * f.zones];
        previous = new int[n][];
        previousFirst = new int[n];
        Map<Integer, Integer> groupNumber = new HashMap<>();
        List<List<Integer>> members = new ArrayList<>();
        for (int v = 0; v < n; v++) {
            ProtectedVm m = f.machines.get(v);
            host[v] = m.host();
            tier[v] = m.tier().level();
            licence[v] = m.licence();
            disk[v] = m.disk();
            standbyCpu[v] = m.standbyCpu();
            standbyMemory[v] = m.standbyMemory();
            previous[v] = ints(m.previous());
            previousFirst[v] = previous[v].length == 0 ? -1 : previous[v][0];
            slotStart[v + 1] = slotStart[v] + m.shadows();
            group[v] = -1;
            if (m.group() >= 0) {
                group[v] = groupNumber.computeIfAbsent(m.group(), g -> {
                    members.add(new ArrayList<>());
                    return members.size() - 1;
                });
                members.get(group[v]).add(v);
            }
            fillDemand(f, v, m);
            fillLinks(f, v, m);
        }
        groupMembers = members.stream().map(FleetColumns::ints).toArray(int[][]::new);
        slotVm = new int[slotStart[n]];
        for (int v = 0; v < n; v++) {
            Arrays.fill(slotVm, slotStart[v], slotStart[v + 1], v);
        }
    }

    private void fillDemand(FleetInstance f, int v, ProtectedVm m) {
        int at = v * f.dimensions;
        int[] profile = f.profiles[m.profile()];
        for (int t = 0; t < f.periods; t++) {
            int d = (int) (((long) m.cpu() * profile[t] + 999) / 1000);
            demand[at + t] = d;
            extra[at + t] = Math.max(0, d - m.standbyCpu());
        }
        demand[at + f.periods] = m.memory();
        extra[at + f.periods] = Math.max(0, m.memory() - m.standbyMemory());
    }

    private void fillLinks(FleetInstance f, int v, ProtectedVm m) {
        int home = f.hostZone[m.host()];
        for (int z = 0; z < f.zones; z++) {
            long cheapest = Long.MAX_VALUE;
            for (int from = 0; from < f.zones; from++) {
                if ((m.dataZones() >> from & 1) != 0) {
                    cheapest = Math.min(cheapest, f.transferPrice[from][z]);
                }
            }
            long sync = (long) m.dirty() * f.transferPrice[home][z];
            long seed = cheapest == Long.MAX_VALUE ? 0 : m.disk() * cheapest / f.horizonHours;
            syncLink[v * f.zones + z] = sync;
            seedLink[v * f.zones + z] = sync + seed + f.movePrice;
            boolean near = f.latencyMicros[z][m.peerZone()] <= m.latencyBudgetMicros();
            boolean apart = m.tier() != ProtectedVm.Tier.ZONE || z != home;
            boolean licensable = m.licence() < 0
                    || f.licences.get(m.licence()).allowedZones().contains(z);
            if (near && apart && licensable) {
                zoneMask[v] |= 1 << z;
            }
        }
    }

    static int[] ints(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    static int[] licensedMask(FleetInstance f) {
        int[] mask = new int[f.hosts];
        for (int l = 0; l < f.licences.size(); l++) {
            for (int h : f.licences.get(l).licensedHosts()) {
                mask[h] |= 1 << l;
            }
        }
        return mask;
    }

    static int[][] licenceUnits(FleetInstance f) {
        int[][] units = new int[f.licences.size()][f.hosts];
        for (int l = 0; l < units.length; l++) {
            for (int h = 0; h < f.hosts; h++) {
                units[l][h] = f.licences.get(l).units(f.types.get(f.hostType[h]));
            }
        }
        return units;
    }
}
