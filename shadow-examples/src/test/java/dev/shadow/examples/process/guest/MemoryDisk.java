package dev.shadow.examples.process.guest;

import dev.shadow.sync.BlockDevice;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A disk in memory that can fail, and be copied as it is at any moment. */
final class MemoryDisk implements BlockDevice {
    private final byte[] content;
    private long writes;
    private long failAfterBytes = Long.MAX_VALUE;
    private boolean flushFails;
    private long flushes;

    private MemoryDisk(byte[] content) {
        this.content = content;
    }

    static MemoryDisk of(int bytes) {
        return new MemoryDisk(new byte[bytes]);
    }

    MemoryDisk copy() {
        return new MemoryDisk(content.clone());
    }

    byte[] content() {
        return content;
    }

    /** Lets the next write stop after this many bytes, as a power cut does. */
    void tearNextWriteAfter(long bytes) {
        failAfterBytes = bytes;
    }

    void failFlushes() {
        flushFails = true;
    }

    long flushes() {
        return flushes;
    }

    @Override
    public long size() {
        return content.length;
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        if (offset + target.remaining() > content.length) {
            throw new IOException("beyond the disk");
        }
        target.put(content, (int) offset, target.remaining());
    }

    @Override
    public long write(long offset, ByteBuffer source) throws IOException {
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        int written = (int) Math.min(bytes.length, failAfterBytes);
        System.arraycopy(bytes, 0, content, (int) offset, written);
        writes++;
        if (written < bytes.length) {
            failAfterBytes = Long.MAX_VALUE;
            throw new IOException("power cut");
        }
        return writes;
    }

    @Override
    public void flush() throws IOException {
        flushes++;
        if (flushFails) {
            throw new IOException("flush failed");
        }
    }

    @Override
    public void close() {
        // It is memory.
    }
}
