package dev.shadow.sync.internal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The image file of a replica: takes extents and keeps its holes. Not to be shared between threads without a lock. */
final class ReplicaImage {
    private static final int STEP = 1 << 20;

    private final StorageFile file;
    private final long sizeBytes;

    ReplicaImage(StorageFile file, long sizeBytes) {
        this.file = file;
        this.sizeBytes = sizeBytes;
    }

    /** Writes one extent. */
    void write(byte kind, long offset, long length, ByteBuffer content) throws IOException {
        if (kind == Extents.RAW) {
            file.write(offset, content);
            return;
        }
        for (long at = offset; at < offset + length; at += STEP) {
            clear(at, (int) Math.min(STEP, offset + length - at));
        }
    }

    /** Fills {@code target} from {@code offset} on. */
    void read(long offset, ByteBuffer target) throws IOException {
        file.read(offset, target);
    }

    /** Writes zeros only where there are none yet, so that holes of a sparse image stay holes. */
    private void clear(long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        file.read(offset, bytes);
        if (!Extents.isZero(bytes.flip())) {
            file.write(offset, ByteBuffer.allocate(length));
        }
    }

    /** Returns digests of the content at this moment. */
    RangeDigests digests(int chunkBytes) {
        return new RangeDigests(file, sizeBytes, chunkBytes);
    }

    /** Copies everything into an empty file, leaving holes where it is zero; durable when it returns. */
    void copyTo(StorageFile target) throws IOException {
        target.resize(sizeBytes);
        ByteBuffer buffer = ByteBuffer.allocateDirect(STEP);
        for (long at = 0; at < sizeBytes; at += STEP) {
            buffer.clear().limit((int) Math.min(STEP, sizeBytes - at));
            file.read(at, buffer);
            if (!Extents.isZero(buffer.flip())) {
                target.write(at, buffer);
            }
        }
        target.force();
    }

    void force() throws IOException {
        file.force();
    }

    void close() throws IOException {
        file.close();
    }
}
