package dev.shadow.core.placement.online;

import java.util.Arrays;

/**
 * What would land on one host in every failure event that touches it, and the reserve that follows.
 *
 * <p>An event is the loss of a region, a zone, a rack, or of {@code hostFailures} hosts at once. A slot is
 * processor in one period, or memory, or network. The reserve of a slot is the greatest load of any single
 * region, zone or rack, or of the {@code hostFailures} heaviest hosts together, whichever is more. Adding a
 * shadow costs {@code O(slots)} for single host failures, else and on removal {@code O(slots * events)}.
 * Guarded by the fleet's lock.
 */
final class EventLoads {
    private final int slots;
    private final int firstHostEvent;
    private final int hostFailures;
    private int[] events = new int[4];
    private int[] users = new int[4];
    private long[][] loads = new long[4][];
    private int count;
    private long[] peak;

    EventLoads(int slots, int firstHostEvent, int hostFailures) {
        this.slots = slots;
        this.firstHostEvent = firstHostEvent;
        this.hostFailures = hostFailures;
        this.peak = new long[slots];
    }

    long peak(int slot) {
        return peak[slot];
    }

    /** The greatest reserve among the slots before {@code end}. */
    long peakBefore(int end) {
        long most = 0;
        for (int i = 0; i < end; i++) {
            most = Math.max(most, peak[i]);
        }
        return most;
    }

    /** Load of the event that {@link #find} found. */
    long loadAt(int at, int slot) {
        return loads[at][slot];
    }

    /** Writes into {@code into} what the reserve would be with one more shadow. */
    void peakWith(int[] touched, long[] extra, long[] into) {
        System.arraycopy(peak, 0, into, 0, slots);
        for (int event : touched) {
            int at = find(event);
            if (event >= firstHostEvent && hostFailures > 1) {
                for (int i = 0; i < slots; i++) {
                    into[i] = Math.max(into[i], heaviestHosts(i, at, extra[i]));
                }
            } else {
                for (int i = 0; i < slots; i++) {
                    into[i] = Math.max(into[i], (at < 0 ? 0 : loads[at][i]) + extra[i]);
                }
            }
        }
    }

    void add(int[] touched, long[] extra) {
        long[] after = new long[slots];
        peakWith(touched, extra, after);
        for (int event : touched) {
            int at = find(event);
            if (at < 0) {
                at = append(event);
            }
            users[at]++;
            for (int i = 0; i < slots; i++) {
                loads[at][i] += extra[i];
            }
        }
        peak = after;
    }

    void remove(int[] touched, long[] extra) {
        for (int event : touched) {
            int at = find(event);
            for (int i = 0; i < slots; i++) {
                loads[at][i] -= extra[i];
            }
            if (--users[at] == 0) {
                count--;
                events[at] = events[count];
                users[at] = users[count];
                loads[at] = loads[count];
            }
        }
        recompute();
    }

    private void recompute() {
        Arrays.fill(peak, 0);
        for (int i = 0; i < slots; i++) {
            for (int at = 0; at < count; at++) {
                if (events[at] < firstHostEvent || hostFailures == 1) {
                    peak[i] = Math.max(peak[i], loads[at][i]);
                }
            }
            if (hostFailures > 1) {
                peak[i] = Math.max(peak[i], heaviestHosts(i, -1, 0));
            }
        }
    }

    /** Sum of the heaviest host events in a slot, one of them (or a new one) raised. */
    private long heaviestHosts(int slot, int raised, long by) {
        long[] top = new long[hostFailures];
        if (raised < 0) {
            insert(top, by);
        }
        for (int at = 0; at < count; at++) {
            if (events[at] >= firstHostEvent) {
                insert(top, loads[at][slot] + (at == raised ? by : 0));
            }
        }
        return Arrays.stream(top).sum();
    }

    private static void insert(long[] top, long value) {
        long carried = value;
        for (int i = 0; i < top.length; i++) {
            if (carried > top[i]) {
                long smaller = top[i];
                top[i] = carried;
                carried = smaller;
            }
        }
    }

    /** Where an event stands; below 0 if it does not touch the host. */
    int find(int event) {
        for (int at = 0; at < count; at++) {
            if (events[at] == event) {
                return at;
            }
        }
        return -1;
    }

    private int append(int event) {
        if (count == events.length) {
            events = Arrays.copyOf(events, 2 * count);
            users = Arrays.copyOf(users, 2 * count);
            loads = Arrays.copyOf(loads, 2 * count);
        }
        events[count] = event;
        users[count] = 0;
        loads[count] = new long[slots];
        return count++;
    }
}
