package dev.shadow.core.placement.plan;

import java.util.Arrays;

/**
 * The rack events, or the host events, that reach one host, with what each would bring in every dimension. Beside the loads
 * stands the largest cpu load of each event, so that an event too small to matter is passed over with one comparison.
 *
 * <p>An event is found by linear probing; a deleted entry's successors are moved back (Knuth, The Art of Computer Programming
 * 3, section 6.4, algorithm R), so that nothing is ever rehashed but when the list grows.
 */
final class EventList {
    private final int dims;
    private int[] members = new int[4];
    private int[] hash = new int[16];
    int size;
    int[] key = new int[4];
    int[] top = new int[4];
    int[] load;

    EventList(int dims) {
        this.dims = dims;
        load = new int[4 * dims];
    }

    /** Returns where the loads of an event begin, or -1. */
    int find(int wanted) {
        int mask = hash.length - 1;
        for (int i = start(wanted, mask); ; i = (i + 1) & mask) {
            int row = hash[i] - 1;
            if (row < 0) {
                return -1;
            }
            if (key[row] == wanted) {
                return row * dims;
            }
        }
    }

    private static int start(int wanted, int mask) {
        return ((wanted * 0x9E3779B9) >>> 16) & mask;
    }

    int loadOf(int wanted, int d) {
        int from = find(wanted);
        return from < 0 ? 0 : load[from + d];
    }

    /** Adds a shadow to an event, or takes it off. An event without shadows is forgotten. */
    void change(int event, int[] extra, int from, int sign) {
        int row = shift(event, extra, from, sign) / dims;
        members[row] += sign;
        if (members[row] == 0) {
            remove(row);
        }
    }

    /** Changes what an event brings for as long as a question takes; returns where its loads begin. */
    int shift(int event, int[] extra, int from, int sign) {
        int to = find(event);
        if (to < 0) {
            to = append(event);
        }
        int most = 0;
        for (int d = 0; d < dims; d++) {
            int x = load[to + d] + sign * extra[from + d];
            load[to + d] = x;
            most = d < dims - 1 ? Math.max(most, x) : most;
        }
        top[to / dims] = most;
        return to;
    }

    /** Forgets an event that only a question brought here. */
    void forgetIfEmpty(int event) {
        int row = find(event) / dims;
        if (members[row] == 0) {
            remove(row);
        }
    }

    private int append(int event) {
        if (size == key.length) {
            key = Arrays.copyOf(key, 2 * size);
            top = Arrays.copyOf(top, 2 * size);
            members = Arrays.copyOf(members, 2 * size);
            load = Arrays.copyOf(load, 2 * size * dims);
            hash = new int[8 * size];
            for (int row = 0; row < size; row++) {
                enter(row);
            }
        }
        key[size] = event;
        members[size] = 0;
        Arrays.fill(load, size * dims, size * dims + dims, 0);
        enter(size);
        return size++ * dims;
    }

    private void enter(int row) {
        int mask = hash.length - 1;
        int i = start(key[row], mask);
        while (hash[i] != 0) {
            i = (i + 1) & mask;
        }
        hash[i] = row + 1;
    }

    private void remove(int row) {
        leave(placeOf(row));
        size--;
        if (row == size) {
            return;
        }
        hash[placeOf(size)] = row + 1;
        key[row] = key[size];
        top[row] = top[size];
        members[row] = members[size];
        System.arraycopy(load, size * dims, load, row * dims, dims);
    }

    private int placeOf(int row) {
        int mask = hash.length - 1;
        int i = start(key[row], mask);
        while (hash[i] != row + 1) {
            i = (i + 1) & mask;
        }
        return i;
    }

    /** Empties a place of the table and moves later entries back that could not be found across the gap. */
    private void leave(int place) {
        int mask = hash.length - 1;
        int gap = place;
        for (int i = (gap + 1) & mask; hash[i] != 0; i = (i + 1) & mask) {
            int wanted = start(key[hash[i] - 1], mask);
            if (((i - wanted) & mask) >= ((i - gap) & mask)) {
                hash[gap] = hash[i];
                gap = i;
            }
        }
        hash[gap] = 0;
    }
}
