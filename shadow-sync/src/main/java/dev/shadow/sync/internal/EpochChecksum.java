package dev.shadow.sync.internal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Counts the data frames of one epoch and their bytes, and digests them in order. */
final class EpochChecksum {
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer word = ByteBuffer.allocate(4);
    private int frames;
    private long bytes;

    void add(ByteBuffer extents) {
        crc.update(word.clear().putInt(Framing.crc(extents.duplicate())).flip());
        frames++;
        bytes += extents.remaining();
    }

    int frames() {
        return frames;
    }

    long bytes() {
        return bytes;
    }

    int value() {
        return (int) crc.getValue();
    }
}
