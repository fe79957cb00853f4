package dev.shadow.sync.internal;

/**
 * Says whether the link is what holds an epoch up, and is slow enough that compressing gains time. A sender that has
 * used up its credit waits for the link or the receiver; from that moment on the returning credit shows how fast they
 * are. What was measured counts for a second; a sender that has not had to wait since then finds out anew. Has no clock
 * of its own; not to be shared between threads.
 */
final class LinkGauge {
    private static final long SPAN_NANOS = 50_000_000L;
    private static final long TRUST_NANOS = 1_000_000_000L;

    private final long slowBelow;
    private boolean measuring;
    private long sinceNanos;
    private long bytes;
    private boolean slow;
    private long measuredNanos;

    /** @param slowBelow bytes per second below which a link counts as slow; 0 for never, the highest number for always */
    LinkGauge(long slowBelow) {
        this.slowBelow = slowBelow;
    }

    /** The sender has something to send and may not. */
    void waits(long nowNanos) {
        if (!measuring) {
            measuring = true;
            sinceNanos = nowNanos;
            bytes = 0;
        }
    }

    /** The receiver has taken so many bytes. */
    void taken(int count, long nowNanos) {
        bytes += count;
        long nanos = nowNanos - sinceNanos;
        if (measuring && nanos >= SPAN_NANOS) {
            slow = bytes * 1e9 / nanos < slowBelow;
            measuredNanos = nowNanos;
            measuring = false;
        }
    }

    /** The sender has nothing more to send: what comes back from now on tells nothing. */
    void rests() {
        measuring = false;
    }

    /** Whether the link was found slow a short time ago. */
    boolean isSlow(long nowNanos) {
        return slowBelow == Long.MAX_VALUE || (slow && nowNanos - measuredNanos <= TRUST_NANOS);
    }
}
