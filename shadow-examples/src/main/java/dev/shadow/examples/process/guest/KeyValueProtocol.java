package dev.shadow.examples.process.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The wire between a client and the key-value service: frames of a four-byte length and a payload, big endian.
 *
 * <p>Requests: {@code P} key length (2 bytes), key, value; {@code G} key; {@code S}. Answers: {@code O} generation,
 * write number (8 bytes each); {@code V} value; {@code N} no such key; {@code T} sequence, generation, used bytes,
 * capacity; {@code E} code (1 byte), message.
 */
final class KeyValueProtocol {
    static final int MAX_FRAME = KeyValueLog.MAX_KEY + KeyValueLog.MAX_VALUE + 64;

    static final byte PUT = 'P';
    static final byte GET = 'G';
    static final byte STAT = 'S';
    static final byte OK = 'O';
    static final byte VALUE = 'V';
    static final byte NONE = 'N';
    static final byte STATE = 'T';
    static final byte ERROR = 'E';

    private KeyValueProtocol() {}

    /**
     * Reads one frame.
     *
     * @throws EOFException at the end of the stream
     * @throws IOException if the length is none that a frame can have
     */
    static ByteBuffer read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 1 || length > MAX_FRAME) {
            throw new IOException("frame must be 1 to " + MAX_FRAME + " bytes, was " + length);
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        return ByteBuffer.wrap(payload);
    }

    static void write(DataOutputStream out, ByteBuffer payload) throws IOException {
        out.writeInt(payload.remaining());
        out.write(payload.array(), payload.arrayOffset() + payload.position(), payload.remaining());
        out.flush();
    }

    static ByteBuffer put(String key, byte[] value) {
        byte[] keyBytes = key.getBytes(UTF_8);
        return ByteBuffer.allocate(3 + keyBytes.length + value.length)
                .put(PUT)
                .putShort((short) keyBytes.length)
                .put(keyBytes)
                .put(value)
                .flip();
    }

    static ByteBuffer get(String key) {
        byte[] keyBytes = key.getBytes(UTF_8);
        return ByteBuffer.allocate(1 + keyBytes.length).put(GET).put(keyBytes).flip();
    }

    static ByteBuffer of(byte kind) {
        return ByteBuffer.allocate(1).put(kind).flip();
    }

    static ByteBuffer ok(long generation, long writeNumber) {
        return ByteBuffer.allocate(17)
                .put(OK)
                .putLong(generation)
                .putLong(writeNumber)
                .flip();
    }

    static ByteBuffer value(byte[] value) {
        return ByteBuffer.allocate(1 + value.length).put(VALUE).put(value).flip();
    }

    static ByteBuffer state(long sequence, long generation, long used, long capacity) {
        return ByteBuffer.allocate(33)
                .put(STATE)
                .putLong(sequence)
                .putLong(generation)
                .putLong(used)
                .putLong(capacity)
                .flip();
    }

    static ByteBuffer error(KeyValueException.Code code, String message) {
        byte[] text = message.substring(0, Math.min(message.length(), 500)).getBytes(UTF_8);
        return ByteBuffer.allocate(2 + text.length)
                .put(ERROR)
                .put(code.onTheWire())
                .put(text)
                .flip();
    }

    /** Takes all that is left. */
    static byte[] rest(ByteBuffer payload) {
        byte[] rest = new byte[payload.remaining()];
        payload.get(rest);
        return rest;
    }

    static byte[] take(ByteBuffer payload, int length) throws IOException {
        if (length < 0 || length > payload.remaining()) {
            throw new IOException(
                    "frame is too short: " + length + " bytes are announced, " + payload.remaining() + " are there");
        }
        byte[] bytes = new byte[length];
        payload.get(bytes);
        return bytes;
    }
}
