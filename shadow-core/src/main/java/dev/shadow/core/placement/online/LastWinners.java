package dev.shadow.core.placement.online;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The hosts that won for the last shadows of about the same size and place. A search that looks at them first has
 * a cost to beat, and passes over all nodes that promise no more. May be shared between threads: an entry that is
 * late or wrong costs time only.
 */
final class LastWinners {
    /** Winners remembered for one sort of demand. */
    static final int KEPT = 4;

    private static final int SORTS = 256;

    private final AtomicIntegerArray hosts = new AtomicIntegerArray(KEPT * SORTS);

    /** The winner before so many others; a host like any other if there was none. */
    int get(Ask ask, int before) {
        return hosts.getPlain(slot(ask) + before);
    }

    void won(Ask ask, int h) {
        int slot = slot(ask);
        int moving = h;
        for (int i = slot; i < slot + KEPT; i++) {
            int there = hosts.getPlain(i);
            hosts.setPlain(i, moving);
            if (there == h) {
                return;
            }
            moving = there;
        }
    }

    private static int slot(Ask ask) {
        int size = Long.SIZE - Long.numberOfLeadingZeros(ask.peakExtraCpu + ask.held.diskBytes());
        int sort = 31 * (31 * ask.slackRow + size) + ask.demand.licenses().hashCode();
        return Math.floorMod(sort, SORTS) * KEPT;
    }
}
