package dev.shadow.sync.internal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A piece of memory that outlives the process, and the machine as far as it was forced. */
public interface MappedMemory {
    /** The memory; aligned to 8 bytes. */
    ByteBuffer buffer();

    /** Makes everything stored so far durable. */
    void force() throws IOException;
}
