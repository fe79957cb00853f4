package dev.shadow.sync.internal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A piece of memory that outlives the process, and the machine as far as it was forced. */
public interface MappedMemory {
    /** Returns a part of the memory, aligned to 8 bytes if {@code offset} is; always the same bytes. At most 1 MiB. */
    ByteBuffer slice(long offset, int bytes);

    /** Makes everything stored so far durable. */
    void force() throws IOException;
}
