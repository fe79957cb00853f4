package dev.shadow.sync;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A disk of fixed size, addressed by byte. May be used by several threads at once; writes that overlap
 * take effect one after the other, in the order of their numbers.
 */
public interface BlockDevice extends Closeable {
    /** Size in bytes. */
    long size();

    /**
     * Fills {@code target} up to its limit from {@code offset} on.
     *
     * @throws IOException if the range reaches beyond the disk or cannot be read
     */
    void read(long offset, ByteBuffer target) throws IOException;

    /**
     * Writes what remains in {@code source} at {@code offset} on. When it returns, the write is
     * acknowledged; in synchronous mode it then is durable on every synchronous replica. When it throws,
     * the write may or may not have taken effect.
     *
     * @return the number of this write, higher than that of every write before it
     * @throws IOException if the range reaches beyond the disk, the disk is closed, the write failed, or a
     *     synchronous replica did not confirm it in time
     * @throws dev.shadow.spi.StaleGenerationException if a newer generation has taken over
     */
    long write(long offset, ByteBuffer source) throws IOException;

    /**
     * Makes every acknowledged write durable on the local disk.
     *
     * @throws IOException if that failed; nothing may be assumed durable
     */
    void flush() throws IOException;
}
