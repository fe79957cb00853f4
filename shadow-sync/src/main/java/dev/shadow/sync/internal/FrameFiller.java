package dev.shadow.sync.internal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Turns the blocks of a frozen epoch into the extents of data frames: adjacent blocks become one raw range or one range
 * of zeros. Not to be shared between threads.
 */
final class FrameFiller {
    /** Zeros are looked through for so many frames' worth of disk before a frame is sent. */
    private static final int ZERO_SCAN_FRAMES = 16;

    private final int blockSize;
    private final int budget;
    private final ByteBuffer read;
    private boolean allRead;

    /** @param frameBytes content of one frame at most, unless a block is larger */
    FrameFiller(int blockSize, int frameBytes) {
        this.blockSize = blockSize;
        this.budget = Math.max(frameBytes, blockSize);
        this.read = ByteBuffer.allocateDirect(budget);
    }

    /** Another epoch begins. */
    void restart() {
        allRead = false;
    }

    /** Says whether every block of the epoch was returned. */
    boolean isAllRead() {
        return allRead;
    }

    /** Returns the ranges of the next frame; notes when all was read. */
    ByteBuffer next(FrozenView view) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(budget + Extents.HEADER * (budget / blockSize + 2));
        ZeroRun zeros = new ZeroRun(out);
        long scan = (long) ZERO_SCAN_FRAMES * budget;
        while (scan > 0) {
            // Each block may need a range header of its own, and the open run of zeros one more.
            int blocks = (out.remaining() - 2 * Extents.HEADER) / (blockSize + Extents.HEADER);
            if (blocks < 1) {
                break;
            }
            read.clear().limit(Math.min(read.capacity(), blocks * blockSize));
            long first = view.read(read);
            if (first < 0) {
                allRead = true;
                break;
            }
            read.flip();
            scan -= read.remaining();
            append(first * blockSize, out, zeros);
        }
        zeros.flush();
        return out.flip();
    }

    /** A run of zero blocks that may go on over several reads. */
    private static final class ZeroRun {
        private final ByteBuffer out;
        private long start = -1;
        private long end = -1;

        ZeroRun(ByteBuffer out) {
            this.out = out;
        }

        void add(long offset, long length) {
            if (start >= 0 && offset == end) {
                end += length;
                return;
            }
            flush();
            start = offset;
            end = offset + length;
        }

        void flush() {
            if (start >= 0) {
                out.put(Extents.ZEROS).putLong(start).putLong(end - start);
                start = -1;
            }
        }
    }

    /** Splits adjacent blocks into raw and zero ranges. */
    private void append(long offset, ByteBuffer out, ZeroRun zeros) {
        int total = read.limit();
        int at = 0;
        while (at < total) {
            boolean zero = isZero(at);
            int end = at + blockSize;
            while (end < total && isZero(end) == zero) {
                end += blockSize;
            }
            if (zero) {
                zeros.add(offset + at, end - at);
            } else {
                zeros.flush();
                out.put(Extents.RAW).putLong(offset + at).putLong(end - at);
                out.put(read.slice(at, end - at));
            }
            at = end;
        }
    }

    private boolean isZero(int at) {
        return Extents.isZero(read.slice(at, blockSize));
    }
}
