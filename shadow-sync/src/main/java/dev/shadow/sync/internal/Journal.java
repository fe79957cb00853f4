package dev.shadow.sync.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The file in which a replica stages epochs before they touch its image. It starts with a header of {@value #HEADER}
 * bytes: magic (4), format version (4), journal number (8), CRC32C of these (4), zero (4). Records follow: payload
 * length (4), type (1), zero (3), chained CRC32C (4), payload. The chain covers the checksum of the record before,
 * length, type and payload, and starts with the journal number; so a record left from an earlier use of the file never
 * continues the chain, and a commit record vouches for everything before it. One flush after the commit record makes
 * the epoch durable.
 *
 * <p>Not to be shared between threads.
 */
final class Journal {
    static final int HEADER = 24;
    static final int RECORD_HEADER = 12;
    static final byte BEGIN = 1;
    static final byte DATA = 2;
    static final byte COMMIT = 3;

    private static final int MAGIC = 0x53484a4c;
    private static final int VERSION = 1;
    private static final int POINT_BYTES = 40;

    private final StorageFile file;
    private final ByteBuffer head = ByteBuffer.allocate(RECORD_HEADER);
    private long id;
    private int committedChain;
    private long committedEnd;
    private int chain;
    private long end;

    Journal(StorageFile file) {
        this.file = file;
    }

    /** Takes the records in order. */
    @FunctionalInterface
    interface Visitor {
        void record(byte type, ByteBuffer payload) throws IOException;
    }

    /** Empties the file; the next record goes into journal {@code newId}. */
    void reset(long newId) throws IOException {
        id = newId;
        committedEnd = 0;
        end = 0;
        committedChain = 0;
        chain = 0;
        file.resize(0);
    }

    /** Bytes of committed epochs. */
    long committedBytes() {
        return committedEnd;
    }

    /** Bytes staged behind the last committed epoch. */
    long stagedBytes() {
        return end - committedEnd;
    }

    /** Where the records of the next epoch begin. */
    long committedEnd() {
        return Math.max(committedEnd, HEADER);
    }

    /** Drops what is staged and stages the start of an epoch. */
    void begin(long epoch, Lineage lineage, long generation) throws IOException {
        discardStaged();
        if (end == 0) {
            writeHeader();
        }
        ByteBuffer payload = ByteBuffer.allocate(32);
        payload.putLong(epoch).putLong(generation).putLong(lineage.high()).putLong(lineage.low());
        append(BEGIN, payload.flip());
    }

    private void writeHeader() throws IOException {
        ByteBuffer header = header(id);
        chain = header.getInt(16);
        file.write(0, header);
        end = HEADER;
    }

    static ByteBuffer header(long id) {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        header.putInt(MAGIC).putInt(VERSION).putLong(id);
        header.putInt(Framing.crc(header.duplicate().flip())).putInt(0);
        return header.flip();
    }

    /** Stages ranges of the epoch that was begun. */
    void data(ByteBuffer extents) throws IOException {
        append(DATA, extents);
    }

    /** Makes what is staged reach the disk early, so that the commit takes less time. */
    void forceStaged() throws IOException {
        file.force();
    }

    /** Stages the record that commits what is staged before it as {@code point}. */
    void stageCommit(ReplicaPoint point) throws IOException {
        append(COMMIT, encode(point));
    }

    /** Makes everything up to the staged commit record durable and the replica's. */
    void seal() throws IOException {
        file.force();
        committedEnd = end;
        committedChain = chain;
    }

    /** Forgets what is staged; the space is given back. */
    void discardStaged() throws IOException {
        if (end != committedEnd) {
            end = committedEnd;
            chain = committedChain;
            file.resize(committedEnd);
        }
    }

    private void append(byte type, ByteBuffer payload) throws IOException {
        int next = link(chain, type, payload);
        head.clear()
                .putInt(payload.remaining())
                .put(type)
                .put((byte) 0)
                .putShort((short) 0)
                .putInt(next)
                .flip();
        file.write(end, head);
        file.write(end + RECORD_HEADER, payload.duplicate());
        end += RECORD_HEADER + payload.remaining();
        chain = next;
    }

    private static int link(int previous, byte type, ByteBuffer payload) {
        CRC32C crc = new CRC32C();
        ByteBuffer lead = ByteBuffer.allocate(9);
        crc.update(lead.putInt(previous).putInt(payload.remaining()).put(type).flip());
        crc.update(payload.duplicate());
        return (int) crc.getValue();
    }

    /**
     * Finds the last committed epoch in the file, if the file is journal {@code expectedId}, and drops all behind it.
     *
     * @return the last committed point, or {@link ReplicaPoint#NONE}
     */
    ReplicaPoint recover(long expectedId) throws IOException {
        reset0(expectedId);
        long length = file.size();
        if (length < HEADER) {
            reset(expectedId);
            return ReplicaPoint.NONE;
        }
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        file.read(0, header);
        if (!header.flip().equals(header(expectedId))) {
            reset(expectedId);
            return ReplicaPoint.NONE;
        }
        chain = header.getInt(16);
        end = HEADER;
        ReplicaPoint last = scan(length);
        if (committedEnd == 0) {
            reset(expectedId);
            return last;
        }
        end = Math.max(length, committedEnd);
        discardStaged();
        chain = committedChain;
        return last;
    }

    private void reset0(long expectedId) {
        id = expectedId;
        committedEnd = 0;
        committedChain = 0;
        end = 0;
        chain = 0;
    }

    private ReplicaPoint scan(long length) throws IOException {
        ReplicaPoint last = ReplicaPoint.NONE;
        while (length - end >= RECORD_HEADER) {
            file.read(end, head.clear());
            int bytes = head.getInt(0);
            if (bytes < 0 || bytes > Framing.MAX_PAYLOAD || bytes > length - end - RECORD_HEADER) {
                break;
            }
            ByteBuffer payload = ByteBuffer.allocate(bytes);
            file.read(end + RECORD_HEADER, payload);
            byte type = head.get(4);
            int next = link(chain, type, payload.flip());
            if (next != head.getInt(8)) {
                break;
            }
            chain = next;
            end += RECORD_HEADER + bytes;
            if (type == COMMIT && bytes == POINT_BYTES) {
                last = decodePoint(payload);
                committedEnd = end;
                committedChain = chain;
            }
        }
        return last;
    }

    /** Visits the committed records from {@code position} on; {@link #HEADER} for all of them. */
    void replay(long position, Visitor visitor) throws IOException {
        replay(position, committedEnd, visitor);
    }

    /** Visits the committed records from {@code position} to {@code end}. */
    void replay(long position, long end, Visitor visitor) throws IOException {
        long at = Math.max(position, HEADER);
        ByteBuffer lead = ByteBuffer.allocate(RECORD_HEADER);
        while (at < end) {
            file.read(at, lead.clear());
            ByteBuffer payload = ByteBuffer.allocate(lead.getInt(0));
            file.read(at + RECORD_HEADER, payload);
            visitor.record(lead.get(4), payload.flip());
            at += RECORD_HEADER + payload.limit();
        }
    }

    /** Returns where the records behind the commit of {@code point} begin, or -1 if it was not committed here. */
    long endOf(ReplicaPoint point) throws IOException {
        long[] end = {HEADER, -1};
        replay(HEADER, (type, payload) -> {
            end[0] += RECORD_HEADER + payload.remaining();
            if (type == COMMIT && decodePoint(payload).equals(point)) {
                end[1] = end[0];
            }
        });
        return end[1];
    }

    private static ByteBuffer encode(ReplicaPoint point) {
        ByteBuffer payload = ByteBuffer.allocate(POINT_BYTES);
        payload.putLong(point.epoch())
                .putLong(point.lineage().high())
                .putLong(point.lineage().low())
                .putLong(point.frozenAtMillis())
                .putLong(point.writeNumber());
        return payload.flip();
    }

    /** Reads what a commit record carries. */
    static ReplicaPoint decodePoint(ByteBuffer in) {
        return new ReplicaPoint(in.getLong(), new Lineage(in.getLong(), in.getLong()), in.getLong(), in.getLong());
    }

    void close() throws IOException {
        file.close();
    }
}
