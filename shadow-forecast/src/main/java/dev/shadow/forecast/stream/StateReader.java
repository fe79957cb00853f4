package dev.shadow.forecast.stream;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads numbers of a state and refuses what lies beyond the end or outside of what a state may hold. */
final class StateReader {
    private final ByteBuffer buffer;

    StateReader(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    private ByteBuffer next(int size) throws IOException {
        require(buffer.remaining() >= size, "the state ends early, at byte " + buffer.position());
        return buffer;
    }

    byte getByte() throws IOException {
        return next(1).get();
    }

    int getInt() throws IOException {
        return next(4).getInt();
    }

    long getLong() throws IOException {
        return next(8).getLong();
    }

    float getFloat() throws IOException {
        return next(4).getFloat();
    }

    double getDouble() throws IOException {
        return next(8).getDouble();
    }

    int remaining() {
        return buffer.remaining();
    }

    int integer(String what, int value, int least, int most) throws IOException {
        require(value >= least && value <= most, what + " must be from " + least + " to " + most + ", was " + value);
        return value;
    }

    double inside(String what, double value, double least, double most) throws IOException {
        require(value >= least && value <= most, what + " must be from " + least + " to " + most + ", was " + value);
        return value;
    }

    double finite(String what, double value) throws IOException {
        require(Double.isFinite(value), what + " must be a finite number, was " + value);
        return value;
    }

    /** Fills {@code values} with finite numbers. */
    void finite(String what, double[] values) throws IOException {
        for (int i = 0; i < values.length; i++) {
            values[i] = finite(what, getDouble());
        }
    }

    /** Fills {@code values} with finite numbers and NaN. */
    void finiteOrMissing(String what, double[] values) throws IOException {
        for (int i = 0; i < values.length; i++) {
            values[i] = getDouble();
            require(!Double.isInfinite(values[i]), what + " must not be infinite");
        }
    }

    /** Fills {@code values} with integers from 0 to {@code most}. */
    void integers(String what, byte[] values, int most) throws IOException {
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) integer(what, getByte(), 0, most);
        }
    }

    /** Fills {@code values} with numbers from 0 to {@code most}. */
    void inside(String what, double[] values, double most) throws IOException {
        for (int i = 0; i < values.length; i++) {
            values[i] = inside(what, getDouble(), 0, most);
        }
    }

    void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }
}
