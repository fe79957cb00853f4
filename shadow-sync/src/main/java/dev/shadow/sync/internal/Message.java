package dev.shadow.sync.internal;

import java.nio.ByteBuffer;
import java.util.List;

/** What source and target say to one another. */
public sealed interface Message {
    /** Number of the message on the wire. */
    byte type();

    /** What a connection is for. */
    enum Role {
        /** Carrying epochs. */
        REPLICATE(0),
        /** Asking and promoting. */
        CONTROL(1),
        /** Carrying rounds of a directory tree. */
        FILES(2);

        private final byte number;

        Role(int number) {
            this.number = (byte) number;
        }

        /** The number on the wire. */
        public byte number() {
            return number;
        }
    }

    /** The first frame of a connection. */
    record Hello(
            int minVersion,
            int maxVersion,
            Role role,
            String vm,
            String source,
            String target,
            long sizeBytes,
            int blockSize,
            int windowBytes)
            implements Message {
        @Override
        public byte type() {
            return 1;
        }
    }

    /** Accepts a hello; says what the replica holds. */
    record Welcome(int version, ReplicaPoint point, long generation, int windowBytes) implements Message {
        @Override
        public byte type() {
            return 2;
        }
    }

    /** Ends the connection. */
    record Refused(RefusalCode code, long highestGeneration, String detail) implements Message {
        @Override
        public byte type() {
            return 3;
        }
    }

    /** Starts an epoch; drops one that was not committed. */
    record Begin(long epoch, Lineage lineage, boolean full) implements Message {
        @Override
        public byte type() {
            return 4;
        }
    }

    /** Content of an epoch; {@code index} counts its frames from 0. */
    record Data(long epoch, int index, ByteBuffer extents) implements Message {
        @Override
        public byte type() {
            return 5;
        }
    }

    /** Ends an epoch; the checksum covers the CRC32C of each data frame's extents, in order. */
    record Commit(long epoch, long frozenAtMillis, long writeNumber, int frames, long bytes, int crc)
            implements Message {
        @Override
        public byte type() {
            return 6;
        }
    }

    /** The epoch is durable on the replica. */
    record Committed(long epoch) implements Message {
        @Override
        public byte type() {
            return 7;
        }
    }

    /** The source may send so many more bytes of data. */
    record Credit(int bytes) implements Message {
        @Override
        public byte type() {
            return 8;
        }
    }

    /** Somebody is there. */
    record Heartbeat() implements Message {
        @Override
        public byte type() {
            return 9;
        }
    }

    /** Drops the epoch that was begun. */
    record Abort(long epoch) implements Message {
        @Override
        public byte type() {
            return 10;
        }
    }

    /** Asks to keep digests of the replica as of its last committed epoch, which must be {@code epoch}. */
    record VerifyBegin(long epoch, int chunkBytes) implements Message {
        @Override
        public byte type() {
            return 11;
        }
    }

    /** Asks for digests of chunks. */
    record DigestRequest(long epoch, int first, int count) implements Message {
        @Override
        public byte type() {
            return 12;
        }
    }

    /** Digests of chunks: CRC32C each, 4 bytes. */
    record Digests(long epoch, int first, ByteBuffer crcs) implements Message {
        @Override
        public byte type() {
            return 13;
        }
    }

    /** Lets go of the digests. */
    record VerifyEnd(long epoch) implements Message {
        @Override
        public byte type() {
            return 14;
        }
    }

    /** Asks for the state of the replica. */
    record StatusRequest() implements Message {
        @Override
        public byte type() {
            return 15;
        }
    }

    /** The state of the replica. */
    record StatusReply(
            String vm,
            long sizeBytes,
            int blockSize,
            long generation,
            boolean promoted,
            ReplicaPoint point,
            long stagedBytes,
            boolean connected)
            implements Message {
        @Override
        public byte type() {
            return 16;
        }
    }

    /** Asks to promote the replica to a generation, at a kept epoch or at the last committed one for 0. */
    record Promote(long generation, long epoch) implements Message {
        @Override
        public byte type() {
            return 17;
        }
    }

    /** The replica is promoted. */
    record Promoted(long generation, long epoch, long frozenAtMillis, long discardedBytes) implements Message {
        @Override
        public byte type() {
            return 18;
        }
    }

    /** Asks which points in time the replica can be promoted at. */
    record HistoryRequest() implements Message {
        @Override
        public byte type() {
            return 20;
        }
    }

    /** The points in time that the replica can be promoted at, oldest first. */
    record History(List<ReplicaPoint> points) implements Message {
        @Override
        public byte type() {
            return 21;
        }
    }

    /**
     * Content of an epoch as in {@link Data}, compressed; in conversations of version 2.
     *
     * @param length bytes of the extents before they were compressed
     * @param block the extents as one LZ4 block
     */
    record PackedData(long epoch, int index, int length, ByteBuffer block) implements Message {
        @Override
        public byte type() {
            return 22;
        }
    }

    /** About a directory tree; what the body says belongs to the file method. */
    record Tree(ByteBuffer body) implements Message {
        @Override
        public byte type() {
            return 19;
        }
    }
}
