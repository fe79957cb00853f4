package dev.shadow.sync.internal;

import dev.shadow.sync.DirtyBitmap;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads blocks of an image before they are written over: each block once, and only if its content really changes. Not to
 * be shared between threads.
 */
final class KeptBlocks {
    private static final int STEP = 256 << 10;

    private final int blockSize;
    private final DirtyBitmap kept;
    private final ByteBuffer old;
    private final ByteBuffer out;

    KeptBlocks(long sizeBytes, int blockSize) {
        this.blockSize = blockSize;
        this.kept = DirtyBitmap.inMemory((sizeBytes + blockSize - 1) / blockSize);
        int step = Math.max(blockSize, STEP / blockSize * blockSize);
        this.old = ByteBuffer.allocate(step);
        this.out = ByteBuffer.allocate(step + step / blockSize * Extents.HEADER);
    }

    /** Begins anew: no block was kept yet. */
    void clear() {
        kept.clear();
    }

    /** Takes extents with the old content. */
    @FunctionalInterface
    interface Sink {
        void extents(ByteBuffer extents) throws IOException;
    }

    /** Hands over the old content of the blocks that an extent changes. */
    void keep(byte kind, long offset, long length, ByteBuffer content, ReplicaImage image, Sink sink)
            throws IOException {
        for (long at = offset; at < offset + length; at += old.capacity()) {
            int bytes = (int) Math.min(old.capacity(), offset + length - at);
            image.read(at, old.clear().limit(bytes));
            out.clear();
            for (int block = 0; block < bytes; block += blockSize) {
                long number = (at + block) / blockSize;
                ByteBuffer before = old.slice(block, Math.min(blockSize, bytes - block));
                if (!kept.isMarked(number) && changes(kind, before, content, (int) (at - offset) + block)) {
                    kept.mark(number, 1);
                    put(at + block, before);
                }
            }
            if (out.position() > 0) {
                sink.extents(out.flip());
            }
        }
    }

    private static boolean changes(byte kind, ByteBuffer before, ByteBuffer content, int at) {
        return switch (kind) {
            case Extents.ZEROS -> !Extents.isZero(before);
            case Extents.RAW -> !before.equals(content.slice(content.position() + at, before.remaining()));
            default -> true;
        };
    }

    private void put(long offset, ByteBuffer before) {
        int length = before.remaining();
        if (Extents.isZero(before)) {
            out.put(Extents.ZEROS).putLong(offset).putLong(length);
        } else {
            out.put(Extents.RAW).putLong(offset).putLong(length).put(before);
        }
    }
}
