package dev.shadow.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Marks the blocks of one disk that changed since the last epoch.
 *
 * <p>One bit per block, with a summary bit per word of 64 blocks, so that an almost clean disk is scanned in time
 * proportional to what changed. Marking is lock-free, allocates nothing and tests before it sets, so that a block that
 * is written again and again costs no shared write. It may race with every other method: a block marked during a scan
 * or a drain is seen by that one or by the next, never lost.
 *
 * <p>The words may lie in a memory-mapped file; the summary is rebuilt when such a file is opened.
 */
public final class DirtyBitmap {
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final ByteBuffer words;
    private final AtomicLongArray summary;
    private final AtomicLong marked = new AtomicLong();
    private final int blocks;

    private DirtyBitmap(ByteBuffer words, int blocks) {
        this.words = words;
        this.blocks = blocks;
        this.summary = new AtomicLongArray((wordCount(blocks) + 63) >>> 6);
    }

    /** Returns a clean bitmap in memory for a disk of 1 to {@link DiskSpec#MAX_BLOCKS} blocks. */
    public static DirtyBitmap inMemory(int blocks) {
        return over(ByteBuffer.allocateDirect(bytesFor(blocks)), blocks);
    }

    /**
     * Returns a bitmap over words that may hold marks already.
     *
     * @param words a direct buffer, aligned to 8 bytes, of at least {@link #bytesFor} bytes
     */
    public static DirtyBitmap over(ByteBuffer words, int blocks) {
        int bytes = bytesFor(blocks);
        if (!words.isDirect() || words.capacity() < bytes || words.alignmentOffset(0, 8) != 0) {
            throw new IllegalArgumentException(
                    "words must be a direct buffer of at least " + bytes + " bytes, aligned to 8, was " + words);
        }
        DirtyBitmap bitmap = new DirtyBitmap(words, blocks);
        bitmap.rebuildSummary();
        return bitmap;
    }

    /** Bytes that the words of so many blocks take, a multiple of 8. */
    public static int bytesFor(int blocks) {
        if (blocks < 1 || blocks > DiskSpec.MAX_BLOCKS) {
            throw new IllegalArgumentException("blocks must be from 1 to " + DiskSpec.MAX_BLOCKS + ", was " + blocks);
        }
        return wordCount(blocks) << 3;
    }

    private static int wordCount(int blocks) {
        return (int) (((long) blocks + 63) >>> 6);
    }

    private void rebuildSummary() {
        long count = 0;
        for (int w = 0; w < wordCount(blocks); w++) {
            long word = word(w);
            if (word != 0) {
                summary.set(w >>> 6, summary.get(w >>> 6) | 1L << w);
                count += Long.bitCount(word);
            }
        }
        marked.set(count);
    }

    /** Number of blocks of the disk. */
    public int blocks() {
        return blocks;
    }

    /** Number of marked blocks; exact while nobody marks or drains. */
    public long cardinality() {
        return marked.get();
    }

    /** Says whether no block is marked; exact while nobody marks or drains. */
    public boolean isEmpty() {
        return marked.get() == 0;
    }

    /** Says whether a block is marked. */
    public boolean isMarked(int block) {
        check(block, 1);
        return (word(block >>> 6) & 1L << block) != 0;
    }

    /** Marks {@code count} blocks from {@code first} on. */
    public void mark(int first, int count) {
        check(first, count);
        int last = first + count - 1;
        for (int w = first >>> 6; w <= last >>> 6; w++) {
            markWord(w, maskOf(w, first, last));
        }
    }

    /** Marks every block. */
    public void markAll() {
        mark(0, blocks);
    }

    private static long maskOf(int word, int first, int last) {
        long mask = -1L;
        if (word == first >>> 6) {
            mask &= -1L << first;
        }
        if (word == last >>> 6) {
            mask &= -1L >>> (63 - (last & 63));
        }
        return mask;
    }

    private void markWord(int w, long mask) {
        if ((word(w) & mask) != mask) {
            long before = (long) WORD.getAndBitwiseOr(words, w << 3, mask);
            int added = Long.bitCount(mask & ~before);
            if (added != 0) {
                marked.addAndGet(added);
            }
        }
        // After the word, and even if the word was there: a drain takes the summary first, then the word.
        long bit = 1L << w;
        if ((summary.get(w >>> 6) & bit) == 0) {
            summary.accumulateAndGet(w >>> 6, bit, (a, b) -> a | b);
        }
    }

    /** Returns the first marked block at or after {@code from}, or -1. */
    public int nextMarked(int from) {
        if (from >= blocks) {
            return -1;
        }
        int w = from >>> 6;
        long word = word(w) & -1L << from;
        while (true) {
            if (word != 0) {
                return (w << 6) + Long.numberOfTrailingZeros(word);
            }
            w = nextSummarized(w + 1);
            if (w < 0) {
                return -1;
            }
            word = word(w);
        }
    }

    private int nextSummarized(int fromWord) {
        int s = fromWord >>> 6;
        if (s >= summary.length()) {
            return -1;
        }
        long bits = summary.get(s) & -1L << fromWord;
        while (bits == 0) {
            if (++s >= summary.length()) {
                return -1;
            }
            bits = summary.get(s);
        }
        return (s << 6) + Long.numberOfTrailingZeros(bits);
    }

    /** Returns the first block from {@code from} to below {@code limit} that is not marked, or {@code limit}. */
    public int nextClean(int from, int limit) {
        int block = from;
        while (block < limit) {
            long clean = ~word(block >>> 6) & -1L << block;
            if (clean != 0) {
                return Math.min(limit, (block & ~63) + Long.numberOfTrailingZeros(clean));
            }
            block = (block & ~63) + 64;
            if (block < 0) {
                return limit;
            }
        }
        return limit;
    }

    /** Takes every mark away. A mark set meanwhile is taken away too or stays; none is left half set. */
    public void clear() {
        drain(null);
    }

    /**
     * Moves every mark into {@code target}. Each mark is in one of the two at every moment, first in both, so that a
     * crash half-way loses none.
     */
    public void mergeInto(DirtyBitmap target) {
        if (target.blocks != blocks) {
            throw new IllegalArgumentException("target must have " + blocks + " blocks, has " + target.blocks);
        }
        drain(target);
    }

    private void drain(@Nullable DirtyBitmap target) {
        for (int s = 0; s < summary.length(); s++) {
            long bits = summary.get(s) == 0 ? 0 : summary.getAndSet(s, 0);
            while (bits != 0) {
                int w = (s << 6) + Long.numberOfTrailingZeros(bits);
                bits &= bits - 1;
                drainWord(w, target);
            }
        }
    }

    private void drainWord(int w, @Nullable DirtyBitmap target) {
        long word = word(w);
        if (word == 0) {
            return;
        }
        if (target != null) {
            target.markWord(w, word);
        }
        long before = (long) WORD.getAndBitwiseAnd(words, w << 3, ~word);
        marked.addAndGet(-Long.bitCount(before & word));
        if ((before & ~word) != 0) {
            summary.accumulateAndGet(w >>> 6, 1L << w, (a, b) -> a | b);
        }
    }

    private long word(int w) {
        return (long) WORD.getVolatile(words, w << 3);
    }

    private void check(int first, int count) {
        if (first < 0 || count < 1 || count > blocks - first) {
            throw new IndexOutOfBoundsException(
                    "blocks " + first + " to " + ((long) first + count - 1) + " must lie in 0 to " + (blocks - 1));
        }
    }
}
