package dev.shadow.core.placement.plan;

import java.util.Arrays;

/** Which shadows are on each host. */
final class SlotLists {
    private final int[][] lists;
    private final int[] sizes;
    private final int[] position;

    SlotLists(int hosts, int slots) {
        lists = new int[hosts][4];
        sizes = new int[hosts];
        position = new int[slots];
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

    void add(int host, int slot) {
        int size = sizes[host]++;
        if (size == lists[host].length) {
            lists[host] = Arrays.copyOf(lists[host], 2 * size);
        }
        lists[host][size] = slot;
        position[slot] = size;
    }

    void remove(int host, int slot) {
        int last = lists[host][--sizes[host]];
        lists[host][position[slot]] = last;
        position[last] = position[slot];
    }
}
