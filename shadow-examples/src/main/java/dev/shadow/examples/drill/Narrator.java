package dev.shadow.examples.drill;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Tells what happens, one line each: seconds since the start, who, what. May be shared. */
final class Narrator {
    private final PrintWriter out;
    private final LongSupplier nanos;
    private final long start;
    private final boolean verbose;

    private Narrator(PrintWriter out, LongSupplier nanos, boolean verbose) {
        this.out = out;
        this.nanos = nanos;
        this.start = nanos.getAsLong();
        this.verbose = verbose;
    }

    static Narrator to(PrintWriter out, LongSupplier nanos, boolean verbose) {
        return new Narrator(out, nanos, verbose);
    }

    /** Tells one thing. */
    synchronized void say(String who, String what) {
        double seconds = (nanos.getAsLong() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        out.println(String.format(Locale.ROOT, "%6.2f s  %-9s %s", seconds, who, what));
        out.flush();
    }

    /** Tells a detail, to those who asked for details. */
    void detail(String who, String what) {
        if (verbose) {
            say(who, what);
        }
    }

    /** Prints a line as it is. */
    synchronized void plain(String line) {
        out.println(line);
        out.flush();
    }
}
