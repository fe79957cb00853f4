package dev.shadow.sync.internal.file;

/**
 * The checksum of a window that slides over bytes (Tridgell and Mackerras, "The rsync algorithm", ANU TR-CS-96-05,
 * section 3): with {@code a} the sum of the window's bytes and {@code b} the sum of its prefix sums, both modulo 2^16, it
 * is {@code a + 2^16 b}. Moving the window by one byte costs a few additions. Bytes count as unsigned.
 */
final class RollingChecksum {
    private int a;
    private int b;
    private int length;

    /** Starts with a whole window. */
    void reset(byte[] bytes, int offset, int count) {
        int sum = 0;
        int prefixes = 0;
        for (int i = offset; i < offset + count; i++) {
            sum += bytes[i] & 0xff;
            prefixes += sum;
        }
        a = sum;
        b = prefixes;
        length = count;
    }

    /** Moves the window by one: {@code out} leaves at its head, {@code in} enters at its end. */
    void roll(byte out, byte in) {
        a += (in & 0xff) - (out & 0xff);
        b += a - length * (out & 0xff);
    }

    int value() {
        return (a & 0xffff) | b << 16;
    }

    static int of(byte[] bytes, int offset, int count) {
        RollingChecksum sum = new RollingChecksum();
        sum.reset(bytes, offset, count);
        return sum.value();
    }
}
