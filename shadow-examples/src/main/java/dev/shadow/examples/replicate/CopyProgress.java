package dev.shadow.examples.replicate;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Tells once a second how far a copy is; one that ends sooner tells nothing. May be shared between threads. */
final class CopyProgress implements LongConsumer {
    private static final long EVERY_NANOS = 1_000_000_000L;

    private final long total;
    private final Consumer<String> lines;
    private final LongSupplier nanoClock;
    private final long begunNanos;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong toldNanos;

    CopyProgress(long total, Consumer<String> lines, LongSupplier nanoClock) {
        this.total = total;
        this.lines = lines;
        this.nanoClock = nanoClock;
        this.begunNanos = nanoClock.getAsLong();
        this.toldNanos = new AtomicLong(begunNanos);
    }

    @Override
    public void accept(long bytes) {
        long sum = done.addAndGet(bytes);
        long now = nanoClock.getAsLong();
        long told = toldNanos.get();
        if (now - told >= EVERY_NANOS && toldNanos.compareAndSet(told, now)) {
            lines.accept(line(sum, now - begunNanos));
        }
    }

    private String line(long sum, long nanos) {
        double mebibyte = 1 << 20;
        // Ranges that an interrupted copy left over come on top of the total.
        double share = Math.min(1, (double) sum / total);
        return String.format(
                Locale.ROOT,
                "%3.0f %%  %,.0f of %,.0f MiB, %,.0f MiB/s",
                100 * share,
                sum / mebibyte,
                total / mebibyte,
                sum / mebibyte / (nanos / 1e9));
    }
}
