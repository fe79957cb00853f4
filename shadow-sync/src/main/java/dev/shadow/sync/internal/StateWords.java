package dev.shadow.sync.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Numbers in mapped memory. Each is read and stored as a whole, and stores reach the memory in program order, so that a
 * killed process leaves all stores up to some point and none after it.
 */
final class StateWords {
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final ByteBuffer memory;

    StateWords(ByteBuffer memory) {
        this.memory = memory;
    }

    long get(int word) {
        return (long) WORD.getVolatile(memory, word << 3);
    }

    void set(int word, long value) {
        WORD.setVolatile(memory, word << 3, value);
    }
}
