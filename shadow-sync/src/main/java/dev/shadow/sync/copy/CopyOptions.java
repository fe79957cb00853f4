package dev.shadow.sync.copy;

import dev.shadow.spi.InvalidValueException;

/**
 * How an image is copied.
 *
 * @param threads threads that copy, from 1 to 64; the caller's is one of them
 * @param durable whether what was copied has reached the disk when the call returns, and a power failure half-way is
 *     noticed by the next call; without it, the same holds for the death of the process only
 */
public record CopyOptions(int threads, boolean durable) {
    public CopyOptions {
        if (threads < 1 || threads > 64) {
            throw new InvalidValueException("threads", Integer.toString(threads), "be from 1 to 64");
        }
    }

    /** One thread, and nothing is forced to the disk. */
    public static CopyOptions defaults() {
        return new CopyOptions(1, false);
    }

    /** The same with so many threads. */
    public CopyOptions withThreads(int count) {
        return new CopyOptions(count, durable);
    }

    /** The same, with everything forced to the disk. */
    public CopyOptions withDurability() {
        return new CopyOptions(threads, true);
    }
}
