package dev.shadow.examples.replicate;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Tells once a second how much was sent. May be shared between threads. */
final class SentProgress implements LongConsumer {
    private static final long EVERY_NANOS = 1_000_000_000L;

    private final Consumer<String> lines;
    private final LongSupplier nanoClock;
    private final long begunNanos;
    private long toldNanos;

    SentProgress(Consumer<String> lines, LongSupplier nanoClock) {
        this.lines = lines;
        this.nanoClock = nanoClock;
        this.begunNanos = nanoClock.getAsLong();
        this.toldNanos = begunNanos;
    }

    @Override
    public synchronized void accept(long sentBytes) {
        long now = nanoClock.getAsLong();
        if (now - toldNanos >= EVERY_NANOS) {
            toldNanos = now;
            double mebibytes = sentBytes / (double) (1 << 20);
            lines.accept(String.format(
                    Locale.ROOT, "%,.0f MiB sent, %,.0f MiB/s", mebibytes, mebibytes / ((now - begunNanos) / 1e9)));
        }
    }
}
