package dev.shadow.core.placement.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Hosts that a lower bound need not tell apart: equal zone, prices, licence units and licences. */
final class HostGroups {
    final int count;
    final int[] groupOf;
    final int[] first;
    final long[] maxFree;
    final long[] maxDisk;

    private HostGroups(FleetInstance fleet, int[] groupOf, List<Integer> firsts) {
        this.groupOf = groupOf;
        first = FleetColumns.ints(firsts);
        count = first.length;
        int dims = fleet.dimensions;
        long[] free = new long[fleet.hosts * dims];
        for (int h = 0; h < fleet.hosts; h++) {
            for (int d = 0; d < dims; d++) {
                free[h * dims + d] =
                        d < dims - 1 ? fleet.typeOf(h).cpu() : fleet.typeOf(h).memory();
            }
        }
        for (int v = 0; v < fleet.vms; v++) {
            for (int d = 0; d < dims; d++) {
                free[fleet.vmHost[v] * dims + d] -= fleet.demand[v * dims + d];
            }
        }
        maxFree = new long[count * dims];
        maxDisk = new long[count];
        for (int h = 0; h < fleet.hosts; h++) {
            int g = groupOf[h];
            maxDisk[g] = Math.max(maxDisk[g], fleet.typeOf(h).disk());
            for (int d = 0; d < dims; d++) {
                maxFree[g * dims + d] = Math.max(maxFree[g * dims + d], free[h * dims + d]);
            }
        }
    }

    static HostGroups of(FleetInstance fleet) {
        Map<List<Integer>, Integer> numbers = new HashMap<>();
        List<Integer> firsts = new ArrayList<>();
        int[] groupOf = new int[fleet.hosts];
        for (int h = 0; h < fleet.hosts; h++) {
            HostType type = fleet.typeOf(h);
            List<Integer> key = List.of(
                    fleet.hostZone[h],
                    type.cpuPrice(),
                    type.memoryPrice(),
                    type.diskPrice(),
                    type.cores(),
                    type.sockets(),
                    fleet.licensedMask[h]);
            Integer known = numbers.get(key);
            if (known == null) {
                known = firsts.size();
                numbers.put(key, known);
                firsts.add(h);
            }
            groupOf[h] = known;
        }
        return new HostGroups(fleet, groupOf, firsts);
    }
}
