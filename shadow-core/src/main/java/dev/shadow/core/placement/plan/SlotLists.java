package dev.shadow.core.placement.plan;

import java.util.Arrays;

/** Which shadows are on each host, and which hosts of each zone have any. */
final class SlotLists {
    private final int[] hostZone;
    private final int[][] lists;
    private final int[] sizes;
    private final int[] position;
    private final int[][] used;
    private final int[] usedCount;
    private final int[] usedPosition;

    SlotLists(FleetInstance fleet) {
        hostZone = fleet.hostZone;
        lists = new int[fleet.hosts][4];
        sizes = new int[fleet.hosts];
        position = new int[fleet.slotVm.length];
        used = new int[fleet.zones][4];
        usedCount = new int[fleet.zones];
        usedPosition = new int[fleet.hosts];
    }

    int size(int host) {
        return sizes[host];
    }

    int get(int host, int index) {
        return lists[host][index];
    }

    int[] copy(int host) {
        return Arrays.copyOf(lists[host], sizes[host]);
    }

    /** Number of hosts of a zone that have shadows. */
    int usedIn(int zone) {
        return usedCount[zone];
    }

    /** A host of a zone that has shadows. */
    int usedHost(int zone, int index) {
        return used[zone][index];
    }

    void add(int host, int slot) {
        int size = sizes[host]++;
        if (size == lists[host].length) {
            lists[host] = Arrays.copyOf(lists[host], 2 * size);
        }
        lists[host][size] = slot;
        position[slot] = size;
        if (size == 0) {
            nowUsed(host);
        }
    }

    private void nowUsed(int host) {
        int zone = hostZone[host];
        int count = usedCount[zone]++;
        if (count == used[zone].length) {
            used[zone] = Arrays.copyOf(used[zone], 2 * count);
        }
        used[zone][count] = host;
        usedPosition[host] = count;
    }

    void remove(int host, int slot) {
        int last = lists[host][--sizes[host]];
        lists[host][position[slot]] = last;
        position[last] = position[slot];
        if (sizes[host] == 0) {
            int zone = hostZone[host];
            int moved = used[zone][--usedCount[zone]];
            used[zone][usedPosition[host]] = moved;
            usedPosition[moved] = usedPosition[host];
        }
    }
}
