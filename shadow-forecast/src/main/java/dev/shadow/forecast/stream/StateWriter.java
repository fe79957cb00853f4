package dev.shadow.forecast.stream;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Collects the numbers of a state, big-endian, in an array that grows. */
final class StateWriter {
    private byte[] bytes = new byte[4096];
    private ByteBuffer buffer = ByteBuffer.wrap(bytes);

    private ByteBuffer room(int size) {
        if (buffer.remaining() < size) {
            int position = buffer.position();
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, position + size));
            buffer = ByteBuffer.wrap(bytes).position(position);
        }
        return buffer;
    }

    void putByte(int value) {
        room(1).put((byte) value);
    }

    void putInt(int value) {
        room(4).putInt(value);
    }

    void putLong(long value) {
        room(8).putLong(value);
    }

    void putFloat(float value) {
        room(4).putFloat(value);
    }

    void putDouble(double value) {
        room(8).putDouble(value);
    }

    void putDoubles(double[] values) {
        for (double value : values) {
            putDouble(value);
        }
    }

    void putBytes(byte[] values) {
        room(values.length).put(values);
    }

    /** A copy of what was written. */
    byte[] toBytes() {
        return Arrays.copyOf(bytes, buffer.position());
    }
}
