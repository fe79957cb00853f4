package dev.shadow.sync.internal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The frames of one connection, both ways. A frame is a header of {@value #HEADER} bytes and a payload: magic (4),
 * protocol version (1), message type (1), zero (2), generation (8), session (8), sequence (8), payload length (4),
 * CRC32C of the payload (4), CRC32C of the header so far (4).
 *
 * <p>The session number, given by the receiver in its welcome, and the sequence, which counts the frames of each
 * direction from 0, make a frame of another connection or a repeated one visible. Encoding and decoding may happen on
 * two threads; each by one thread at a time.
 */
public final class Framing {
    /** Bytes of a header. */
    public static final int HEADER = 44;
    /** Payload bytes before the peers know one another. */
    public static final int MAX_FIRST_PAYLOAD = 4096;
    /** Payload bytes at most. */
    public static final int MAX_PAYLOAD = (4 << 20) + (64 << 10);
    /** The version of the frame's layout, and the lowest version of the conversation that is spoken. */
    public static final int VERSION = 1;
    /** The highest version of the conversation that is spoken; from 2 on, data may come compressed. */
    public static final int NEWEST_VERSION = 2;

    private static final int MAGIC = 0x53484457;
    private static final int HEADER_CRC_AT = HEADER - 4;

    private volatile long session;
    private volatile int maxPayload = MAX_FIRST_PAYLOAD;
    private long sent;
    private long received;

    /** Returns the framing of a new connection. */
    public static Framing create() {
        return new Framing();
    }

    private Framing() {}

    /** From now on, frames both ways carry this session and may have full size. */
    public void establish(long newSession) {
        session = newSession;
        maxPayload = MAX_PAYLOAD;
    }

    /** Says whether the receiver has given its session number. */
    public boolean isEstablished() {
        return session != 0;
    }

    /**
     * A decoded frame.
     *
     * @param session given by the receiver in its welcome; 0 before
     */
    public record Frame(long generation, long session, Message message) {}

    /** A checked header. */
    public record Header(byte type, long generation, long session, int length, int payloadCrc) {}

    /** Returns the next frame of the outgoing direction. */
    public ByteBuffer encode(Message message, long generation) {
        ByteBuffer payload = MessageCodec.encode(message);
        ByteBuffer out = ByteBuffer.allocate(HEADER + payload.remaining());
        out.putInt(MAGIC).put((byte) VERSION).put(message.type()).putShort((short) 0);
        out.putLong(generation).putLong(session).putLong(sent++);
        out.putInt(payload.remaining()).putInt(crc(payload.duplicate()));
        out.putInt(crc(out.duplicate().flip()));
        return out.put(payload).flip();
    }

    /** Reads a header; its length may be trusted as a size to allocate. */
    public Header decodeHeader(ByteBuffer in) throws ProtocolException {
        if (in.remaining() < HEADER) {
            throw ProtocolException.malformed("a frame header has only " + in.remaining() + " bytes");
        }
        int start = in.position();
        if (in.getInt(start) != MAGIC) {
            throw ProtocolException.malformed("the connection does not speak this protocol: it starts with 0x"
                    + Integer.toHexString(in.getInt(start)));
        }
        if (crc(in.slice(start, HEADER_CRC_AT)) != in.getInt(start + HEADER_CRC_AT)) {
            throw ProtocolException.malformed("the checksum of a frame header is wrong");
        }
        in.position(start + 4);
        byte version = in.get();
        byte type = in.get();
        in.getShort();
        long generation = in.getLong();
        long frameSession = in.getLong();
        long sequence = in.getLong();
        int length = in.getInt();
        int payloadCrc = in.getInt();
        in.getInt();
        if (version != VERSION) {
            throw ProtocolException.refused(RefusalCode.VERSION, "frame version " + version + " is not " + VERSION, 0);
        }
        checkPlace(type, generation, frameSession, sequence);
        if (length < 0 || length > maxPayload) {
            throw ProtocolException.malformed("a payload of " + length + " bytes is over " + maxPayload);
        }
        return new Header(type, generation, frameSession, length, payloadCrc);
    }

    private void checkPlace(byte type, long generation, long frameSession, long sequence) throws ProtocolException {
        boolean opening = session == 0 && (type == 2 || type == 3);
        if (frameSession != session && !opening) {
            throw ProtocolException.malformed(
                    "a frame of session " + frameSession + " came on the connection of session " + session);
        }
        if (sequence != received) {
            throw ProtocolException.malformed("frame " + sequence + " came in the place of frame " + received);
        }
        if (generation < 0) {
            throw ProtocolException.malformed("generation " + generation + " must not be negative");
        }
    }

    /** Reads the payload that belongs to a header. */
    public Frame decode(Header header, ByteBuffer payload) throws ProtocolException {
        if (payload.remaining() != header.length()) {
            throw ProtocolException.malformed(
                    "a payload has " + payload.remaining() + " bytes instead of " + header.length());
        }
        if (crc(payload.duplicate()) != header.payloadCrc()) {
            throw ProtocolException.malformed("the checksum of a payload is wrong");
        }
        Message message = MessageCodec.decode(header.type(), payload);
        received++;
        if (session == 0 && message instanceof Message.Welcome) {
            establish(header.session());
        }
        return new Frame(header.generation(), header.session(), message);
    }

    /** Reads one whole frame. */
    public Frame decode(ByteBuffer frame) throws ProtocolException {
        Header header = decodeHeader(frame);
        return decode(header, frame.slice());
    }

    /** CRC32C of all that remains in the buffer, which is used up. */
    public static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
