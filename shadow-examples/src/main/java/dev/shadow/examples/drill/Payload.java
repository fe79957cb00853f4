package dev.shadow.examples.drill;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * Values of the drill: client, sequence number, bytes drawn from a seed, and a checksum over all of it. Every value
 * can be made again from its numbers, so none has to be remembered.
 */
final class Payload {
    /** The fewest bytes of a value. */
    static final int MIN_BYTES = 32;

    private Payload() {}

    static String key(int client, long sequence) {
        return "c%02d-%08d".formatted(client, sequence);
    }

    static byte[] of(long seed, int client, long sequence, int bytes) {
        byte[] value = new byte[bytes];
        new SplittableRandom(seed ^ (client * 0x9E37_79B9_7F4A_7C15L) ^ (sequence << 20)).nextBytes(value);
        ByteBuffer buffer = ByteBuffer.wrap(value);
        buffer.putInt(client).putLong(sequence);
        buffer.putInt(bytes - 4, checksum(value));
        return value;
    }

    private static int checksum(byte[] value) {
        CRC32C crc = new CRC32C();
        crc.update(value, 0, value.length - 4);
        return (int) crc.getValue();
    }
}
