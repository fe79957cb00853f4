package dev.shadow.core.placement.plan;

import java.util.Arrays;

/**
 * The events of two hosts that would activate second shadows on one host. Such a pair also brings what each of the two
 * brings alone.
 */
final class PairList {
    int size;
    private int[] low = {};
    private int[] high = {};
    private int[] members = {};
    private int[] load = {};
    private int dims;

    private int find(int a, int b) {
        int min = Math.min(a, b);
        int max = Math.max(a, b);
        for (int i = 0; i < size; i++) {
            if (low[i] == min && high[i] == max) {
                return i;
            }
        }
        return -1;
    }

    int load(int a, int b, int d) {
        int i = find(a, b);
        return i < 0 ? 0 : load[i * dims + d];
    }

    boolean involves(int a) {
        for (int i = 0; i < size; i++) {
            if (low[i] == a || high[i] == a) {
                return true;
            }
        }
        return false;
    }

    /** Worst pair of host {@code a} when that host alone brings {@code alone}; 0 if there is none. */
    int worstWith(int a, int alone, EventList homes, int d) {
        int worst = 0;
        for (int i = 0; i < size; i++) {
            if (low[i] == a || high[i] == a) {
                int other = low[i] == a ? high[i] : low[i];
                worst = Math.max(worst, load[i * dims + d] + alone + homes.loadOf(other, d));
            }
        }
        return worst;
    }

    void change(int a, int b, int[] extra, int from, int width, int sign) {
        dims = width;
        int i = find(a, b);
        if (i < 0) {
            i = append(Math.min(a, b), Math.max(a, b));
        }
        for (int d = 0; d < dims; d++) {
            load[i * dims + d] += sign * extra[from + d];
        }
        members[i] += sign;
        if (members[i] == 0) {
            size--;
            low[i] = low[size];
            high[i] = high[size];
            members[i] = members[size];
            System.arraycopy(load, size * dims, load, i * dims, dims);
        }
    }

    private int append(int min, int max) {
        if (size == low.length) {
            int capacity = Math.max(2, 2 * size);
            low = Arrays.copyOf(low, capacity);
            high = Arrays.copyOf(high, capacity);
            members = Arrays.copyOf(members, capacity);
            load = Arrays.copyOf(load, capacity * dims);
        }
        low[size] = min;
        high[size] = max;
        members[size] = 0;
        Arrays.fill(load, size * dims, size * dims + dims, 0);
        return size++;
    }

    /** Raises {@code worst} to what the pairs bring, with what each of their hosts brings alone. */
    void raise(EventList homes, int[] worst) {
        for (int i = 0; i < size; i++) {
            int lowAt = homes.find(low[i]);
            int highAt = homes.find(high[i]);
            for (int d = 0; d < worst.length; d++) {
                int alone = (lowAt < 0 ? 0 : homes.load[lowAt + d]) + (highAt < 0 ? 0 : homes.load[highAt + d]);
                worst[d] = Math.max(worst[d], load[i * worst.length + d] + alone);
            }
        }
    }
}
