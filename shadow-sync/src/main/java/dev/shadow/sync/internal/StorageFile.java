package dev.shadow.sync.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file with positioned access. May be shared between threads. */
public interface StorageFile extends Closeable {
    /** Length in bytes. */
    long size() throws IOException;

    /** Fills {@code target} from {@code position} on; what lies beyond the end is an error. */
    void read(long position, ByteBuffer target) throws IOException;

    /** Writes all that remains in {@code source}; not durable before {@link #force}. */
    void write(long position, ByteBuffer source) throws IOException;

    /** Cuts or extends the file with zero bytes to {@code size}. */
    void resize(long size) throws IOException;

    /** Makes content and size durable. */
    void force() throws IOException;
}
