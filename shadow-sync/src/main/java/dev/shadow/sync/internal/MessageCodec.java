package dev.shadow.sync.internal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Turns messages into the payload of a frame and back. Numbers are big-endian. */
final class MessageCodec {
    /** Text of a refusal at most, in bytes. */
    private static final int MAX_DETAIL = 1024;
    /** Digests in one message at most. */
    static final int MAX_DIGESTS = 4096;

    private static final int POINT_BYTES = 40;

    private MessageCodec() {}

    static ByteBuffer encode(Message message) {
        ByteBuffer out = ByteBuffer.allocate(sizeBound(message));
        write(message, out);
        return out.flip();
    }

    private static int sizeBound(Message message) {
        if (message instanceof Message.Data data) {
            return 12 + data.extents().remaining();
        }
        if (message instanceof Message.PackedData packed) {
            return 16 + packed.block().remaining();
        }
        if (message instanceof Message.Digests digests) {
            return 12 + digests.crcs().remaining();
        }
        if (message instanceof Message.History history) {
            return 4 + POINT_BYTES * history.points().size();
        }
        if (message instanceof Message.Tree tree) {
            return tree.body().remaining();
        }
        return 2048;
    }

    private static void write(Message message, ByteBuffer out) {
        if (message instanceof Message.Hello m) {
            out.put((byte) m.minVersion())
                    .put((byte) m.maxVersion())
                    .put(m.role().number());
            text(out, m.vm(), 255);
            text(out, m.source(), 255);
            text(out, m.target(), 255);
            out.putLong(m.sizeBytes()).putInt(m.blockSize()).putInt(m.windowBytes());
        } else if (message instanceof Message.Welcome m) {
            out.put((byte) m.version());
            point(out, m.point());
            out.putLong(m.generation()).putInt(m.windowBytes());
        } else if (message instanceof Message.Refused m) {
            out.put(m.code().number()).putLong(m.highestGeneration());
            text(out, m.detail(), MAX_DETAIL);
        } else if (message instanceof Message.Begin m) {
            out.putLong(m.epoch());
            lineage(out, m.lineage());
            out.put((byte) (m.full() ? 1 : 0));
        } else if (message instanceof Message.Data m) {
            out.putLong(m.epoch()).putInt(m.index()).put(m.extents().duplicate());
        } else if (message instanceof Message.Commit m) {
            out.putLong(m.epoch())
                    .putLong(m.frozenAtMillis())
                    .putLong(m.writeNumber())
                    .putInt(m.frames())
                    .putLong(m.bytes())
                    .putInt(m.crc());
        } else if (message instanceof Message.Committed m) {
            out.putLong(m.epoch());
        } else if (message instanceof Message.Credit m) {
            out.putInt(m.bytes());
        } else if (message instanceof Message.Abort m) {
            out.putLong(m.epoch());
        } else if (message instanceof Message.VerifyBegin m) {
            out.putLong(m.epoch()).putInt(m.chunkBytes());
        } else if (message instanceof Message.DigestRequest m) {
            out.putLong(m.epoch()).putInt(m.first()).putInt(m.count());
        } else if (message instanceof Message.Digests m) {
            out.putLong(m.epoch()).putInt(m.first()).put(m.crcs().duplicate());
        } else if (message instanceof Message.VerifyEnd m) {
            out.putLong(m.epoch());
        } else if (message instanceof Message.StatusReply m) {
            text(out, m.vm(), 255);
            out.putLong(m.sizeBytes()).putInt(m.blockSize()).putLong(m.generation());
            out.put((byte) ((m.promoted() ? 1 : 0) | (m.connected() ? 2 : 0)));
            point(out, m.point());
            out.putLong(m.stagedBytes());
        } else if (message instanceof Message.Promote m) {
            out.putLong(m.generation()).putLong(m.epoch());
        } else if (message instanceof Message.Promoted m) {
            out.putLong(m.generation())
                    .putLong(m.epoch())
                    .putLong(m.frozenAtMillis())
                    .putLong(m.discardedBytes());
        } else if (message instanceof Message.History m) {
            out.putInt(m.points().size());
            m.points().forEach(point -> point(out, point));
        } else if (message instanceof Message.PackedData m) {
            out.putLong(m.epoch())
                    .putInt(m.index())
                    .putInt(m.length())
                    .put(m.block().duplicate());
        } else if (message instanceof Message.Tree m) {
            out.put(m.body().duplicate());
        }
    }

    private static void point(ByteBuffer out, ReplicaPoint point) {
        out.putLong(point.epoch());
        lineage(out, point.lineage());
        out.putLong(point.frozenAtMillis()).putLong(point.writeNumber());
    }

    private static void lineage(ByteBuffer out, Lineage lineage) {
        out.putLong(lineage.high()).putLong(lineage.low());
    }

    static void text(ByteBuffer out, String text, int max) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, max);
        out.putShort((short) length).put(bytes, 0, length);
    }

    static Message decode(byte type, ByteBuffer in) throws ProtocolException {
        try {
            Message message = read(type, in);
            if (in.hasRemaining()) {
                throw ProtocolException.malformed(in.remaining() + " bytes too many in a message of type " + type);
            }
            return message;
        } catch (BufferUnderflowException e) {
            throw ProtocolException.malformed("a message of type " + type + " is too short");
        }
    }

    private static Message read(byte type, ByteBuffer in) throws ProtocolException {
        return switch (type) {
            case 1 ->
                new Message.Hello(
                        in.get(),
                        in.get(),
                        role(in.get()),
                        text(in, 255),
                        text(in, 255),
                        text(in, 255),
                        in.getLong(),
                        in.getInt(),
                        in.getInt());
            case 2 -> new Message.Welcome(in.get(), point(in), in.getLong(), in.getInt());
            case 3 -> new Message.Refused(code(in.get()), notNegative(in.getLong()), text(in, MAX_DETAIL));
            case 4 -> new Message.Begin(in.getLong(), lineage(in), in.get() != 0);
            case 5 -> data(in);
            case 6 ->
                new Message.Commit(in.getLong(), in.getLong(), in.getLong(), in.getInt(), in.getLong(), in.getInt());
            case 7 -> new Message.Committed(in.getLong());
            case 8 -> new Message.Credit(in.getInt());
            case 9 -> new Message.Heartbeat();
            case 10 -> new Message.Abort(in.getLong());
            case 11 -> new Message.VerifyBegin(in.getLong(), in.getInt());
            case 12 -> new Message.DigestRequest(in.getLong(), in.getInt(), in.getInt());
            case 13 -> digests(in);
            case 14 -> new Message.VerifyEnd(in.getLong());
            case 15 -> new Message.StatusRequest();
            case 16 -> statusReply(in);
            case 17 -> new Message.Promote(notNegative(in.getLong()), notNegative(in.getLong()));
            case 18 ->
                new Message.Promoted(
                        notNegative(in.getLong()), notNegative(in.getLong()), in.getLong(), notNegative(in.getLong()));
            case 19 -> new Message.Tree(rest(in));
            case 20 -> new Message.HistoryRequest();
            case 21 -> history(in);
            case 22 -> packedData(in);
            default -> throw ProtocolException.malformed("message type " + type + " is unknown");
        };
    }

    private static Message data(ByteBuffer in) {
        return new Message.Data(in.getLong(), in.getInt(), rest(in));
    }

    private static Message packedData(ByteBuffer in) throws ProtocolException {
        long epoch = in.getLong();
        int index = in.getInt();
        int length = in.getInt();
        if (length < 1 || length > Framing.MAX_PAYLOAD) {
            throw ProtocolException.malformed(
                    "a compressed length of " + length + " bytes is not from 1 to " + Framing.MAX_PAYLOAD);
        }
        return new Message.PackedData(epoch, index, length, rest(in));
    }

    private static ByteBuffer rest(ByteBuffer in) {
        ByteBuffer rest = in.slice();
        in.position(in.limit());
        return rest;
    }

    private static Message digests(ByteBuffer in) throws ProtocolException {
        long epoch = in.getLong();
        int first = in.getInt();
        if (in.remaining() % 4 != 0 || in.remaining() > 4 * MAX_DIGESTS) {
            throw ProtocolException.malformed(in.remaining() + " bytes of digests are too many or not whole");
        }
        ByteBuffer crcs = in.slice();
        in.position(in.limit());
        return new Message.Digests(epoch, first, crcs);
    }

    private static Message history(ByteBuffer in) throws ProtocolException {
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / POINT_BYTES) {
            throw ProtocolException.malformed(count + " points do not fit into " + in.remaining() + " bytes");
        }
        List<ReplicaPoint> points = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            points.add(point(in));
        }
        return new Message.History(List.copyOf(points));
    }

    private static Message statusReply(ByteBuffer in) throws ProtocolException {
        String vm = text(in, 255);
        long size = in.getLong();
        int blockSize = in.getInt();
        long generation = notNegative(in.getLong());
        byte flags = in.get();
        return new Message.StatusReply(
                vm, size, blockSize, generation, (flags & 1) != 0, point(in), in.getLong(), (flags & 2) != 0);
    }

    private static ReplicaPoint point(ByteBuffer in) throws ProtocolException {
        return new ReplicaPoint(notNegative(in.getLong()), lineage(in), in.getLong(), in.getLong());
    }

    private static Lineage lineage(ByteBuffer in) {
        return new Lineage(in.getLong(), in.getLong());
    }

    private static long notNegative(long value) throws ProtocolException {
        if (value < 0) {
            throw ProtocolException.malformed("number " + value + " must not be negative");
        }
        return value;
    }

    private static Message.Role role(byte number) throws ProtocolException {
        for (Message.Role role : Message.Role.values()) {
            if (role.number() == number) {
                return role;
            }
        }
        throw ProtocolException.malformed("role " + number + " is unknown");
    }

    private static RefusalCode code(byte number) throws ProtocolException {
        for (RefusalCode code : RefusalCode.values()) {
            if (code.number() == number) {
                return code;
            }
        }
        throw ProtocolException.malformed("refusal " + number + " is unknown");
    }

    static String text(ByteBuffer in, int max) throws ProtocolException {
        int length = in.getShort() & 0xffff;
        if (length > max || length > in.remaining()) {
            throw ProtocolException.malformed(
                    "text of " + length + " bytes is longer than " + max + " or than what follows");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
