package dev.shadow.sync.internal;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a replica's state file holds: two slots of {@value #SLOT} bytes, written in turn, so that a torn write leaves
 * the other one. A slot is magic (4), format version (4), counter (8), the fields, zeros, and in its last 4 bytes the
 * CRC32C of all before.
 *
 * @param counter rises with every write; the higher valid slot counts
 * @param generation the highest generation seen
 * @param promotion not null once the replica was promoted
 * @param point the committed epoch that the image alone holds
 * @param journalId the journal that goes on from there
 * @param goingBackTo the epoch of the history that the image is being led back to, 0 if it is not
 */
record ReplicaHeader(
        long counter,
        String vm,
        String instance,
        long sizeBytes,
        int blockSize,
        long generation,
        @Nullable Promotion promotion,
        ReplicaPoint point,
        long journalId,
        long goingBackTo) {
    static final int SLOT = 1024;
    private static final int MAGIC = 0x53485253;
    private static final int VERSION = 1;

    /** How the replica was promoted; {@code discardedBytes} were staged and thrown away. */
    record Promotion(long generation, long discardedBytes) {}

    ReplicaHeader withGeneration(long value) {
        return new ReplicaHeader(
                counter + 1, vm, instance, sizeBytes, blockSize, value, promotion, point, journalId, goingBackTo);
    }

    ReplicaHeader withPoint(ReplicaPoint value) {
        return new ReplicaHeader(
                counter + 1,
                vm,
                instance,
                sizeBytes,
                blockSize,
                generation,
                promotion,
                value,
                journalId + 1,
                goingBackTo);
    }

    /** Promoted; at {@code goingBack} if that is not 0. */
    ReplicaHeader withPromotion(Promotion value, long goingBack) {
        return new ReplicaHeader(
                counter + 1,
                vm,
                instance,
                sizeBytes,
                blockSize,
                value.generation(),
                value,
                point,
                journalId,
                goingBack);
    }

    /** The image has come back to {@code value}. */
    ReplicaHeader backAt(ReplicaPoint value) {
        return new ReplicaHeader(
                counter + 1, vm, instance, sizeBytes, blockSize, generation, promotion, value, journalId + 1, 0);
    }

    /** Writes the slot whose turn it is and makes it durable. */
    void write(StorageFile file) throws IOException {
        file.write((counter & 1) * SLOT, encode());
        file.force();
    }

    ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(SLOT);
        out.putInt(MAGIC).putInt(VERSION).putLong(counter);
        MessageCodec.text(out, vm, 255);
        MessageCodec.text(out, instance, 255);
        out.putLong(sizeBytes).putInt(blockSize).putLong(generation);
        out.putLong(promotion == null ? -1 : promotion.generation());
        out.putLong(promotion == null ? 0 : promotion.discardedBytes());
        out.putLong(point.epoch());
        out.putLong(point.lineage().high()).putLong(point.lineage().low());
        out.putLong(point.frozenAtMillis()).putLong(point.writeNumber());
        out.putLong(journalId).putLong(goingBackTo);
        out.putInt(SLOT - 4, Framing.crc(out.duplicate().position(0).limit(SLOT - 4)));
        return out.clear();
    }

    /** Returns the newest valid slot, or null if there is none. */
    static @Nullable ReplicaHeader read(StorageFile file) throws IOException {
        ReplicaHeader newest = null;
        for (int slot = 0; slot < 2; slot++) {
            if (file.size() < (slot + 1L) * SLOT) {
                break;
            }
            ByteBuffer bytes = ByteBuffer.allocate(SLOT);
            file.read((long) slot * SLOT, bytes);
            ReplicaHeader header = decode(bytes.flip());
            if (header != null && (newest == null || header.counter > newest.counter)) {
                newest = header;
            }
        }
        return newest;
    }

    static @Nullable ReplicaHeader decode(ByteBuffer in) {
        if (Framing.crc(in.duplicate().limit(SLOT - 4)) != in.getInt(SLOT - 4)
                || in.getInt() != MAGIC
                || in.getInt() != VERSION) {
            return null;
        }
        try {
            long counter = in.getLong();
            String vm = MessageCodec.text(in, 255);
            String instance = MessageCodec.text(in, 255);
            long size = in.getLong();
            int blockSize = in.getInt();
            long generation = in.getLong();
            long promoted = in.getLong();
            long discarded = in.getLong();
            Promotion promotion = promoted < 0 ? null : new Promotion(promoted, discarded);
            long epoch = in.getLong();
            Lineage lineage = new Lineage(in.getLong(), in.getLong());
            ReplicaPoint point = new ReplicaPoint(epoch, lineage, in.getLong(), in.getLong());
            return new ReplicaHeader(
                    counter, vm, instance, size, blockSize, generation, promotion, point, in.getLong(), in.getLong());
        } catch (ProtocolException | BufferUnderflowException e) {
            return null;
        }
    }
}
