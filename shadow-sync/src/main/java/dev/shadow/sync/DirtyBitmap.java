package dev.shadow.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Marks the blocks of one disk that changed since the last epoch.
 *
 * <p>One bit per block, a summary bit per word of 64 blocks, and above these a flag per segment of 4,194,304 blocks, so
 * that an almost clean disk is scanned in time proportional to what changed. Marking is lock-free and tests before it
 * sets, so that a block that is written again and again costs no shared write; it allocates nothing, but for the first
 * mark in a segment of a bitmap in memory. It may race with every other method: a block marked during a scan or a drain
 * is seen by that one or by the next, never lost.
 *
 * <p>The words may lie in memory-mapped files; the summaries are rebuilt when such a file is opened.
 */
public final class DirtyBitmap {
    /** Bytes of the words of one segment; only the last segment of a bitmap is shorter. */
    public static final int SEGMENT_BYTES = 1 << 19;

    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** Words of a segment, as a power of two. */
    private static final int SEGMENT_SHIFT = 16;
    /** Blocks of a segment, as a power of two. */
    private static final int SEGMENT_BLOCKS_SHIFT = SEGMENT_SHIFT + 6;

    private static final int SEGMENT_BLOCKS = 1 << SEGMENT_BLOCKS_SHIFT;

    private static final long NONE = -1;

    private static final VarHandle SUMMARY = MethodHandles.arrayElementVarHandle(long[].class);

    private final AtomicReferenceArray<@Nullable Segment> segments;
    private final LongAdder marked = new LongAdder();
    private final long blocks;

    /** The words of some blocks, a summary bit for each word that may hold a mark, and whether there is such a bit. */
    private static final class Segment {
        final ByteBuffer words;
        final long[] summary;
        volatile boolean occupied;

        Segment(ByteBuffer words) {
            this.words = words;
            this.summary = new long[(words.capacity() / 8 + 63) >>> 6];
        }

        long word(int w) {
            return (long) WORD.getVolatile(words, w << 3);
        }

        long summary(int i) {
            return (long) SUMMARY.getVolatile(summary, i);
        }

        /** Sets the bits and says how many were not set before. */
        int mark(int w, long mask) {
            int added = 0;
            if ((word(w) & mask) != mask) {
                long before = (long) WORD.getAndBitwiseOr(words, w << 3, mask);
                added = Long.bitCount(mask & ~before);
            }
            raise(w);
            return added;
        }

        /**
         * Says that a word may hold a mark. Upwards, after the word, and even if its marks were there before: a drain goes
         * downwards.
         */
        void raise(int w) {
            long bit = 1L << w;
            if ((summary(w >>> 6) & bit) == 0) {
                SUMMARY.getAndBitwiseOr(summary, w >>> 6, bit);
            }
            if (!occupied) {
                occupied = true;
            }
        }
    }

    private DirtyBitmap(long blocks) {
        this.blocks = blocks;
        this.segments = new AtomicReferenceArray<>(segmentsFor(blocks));
    }

    /** Returns a clean bitmap in memory for a disk of 1 to {@link DiskSpec#MAX_BLOCKS} blocks. */
    public static DirtyBitmap inMemory(long blocks) {
        bytesFor(blocks);
        return new DirtyBitmap(blocks);
    }

    /**
     * Returns a bitmap over words that may hold marks already.
     *
     * @param words the segments: direct buffers, aligned to 8 bytes, of {@link #SEGMENT_BYTES} bytes each, the last as long
     *     as is needed to make {@link #bytesFor} together
     */
    public static DirtyBitmap over(List<ByteBuffer> words, long blocks) {
        long bytes = bytesFor(blocks);
        DirtyBitmap bitmap = new DirtyBitmap(blocks);
        if (words.size() != bitmap.segments.length()) {
            throw new IllegalArgumentException(
                    "words must be " + bitmap.segments.length() + " segments, was " + words.size());
        }
        for (int s = 0; s < words.size(); s++) {
            long length = Math.min(SEGMENT_BYTES, bytes - (long) s * SEGMENT_BYTES);
            bitmap.adopt(s, words.get(s), (int) length);
        }
        return bitmap;
    }

    private void adopt(int s, ByteBuffer words, int length) {
        if (!words.isDirect() || words.capacity() != length || words.alignmentOffset(0, 8) != 0) {
            throw new IllegalArgumentException(
                    "segment " + s + " must be a direct buffer of " + length + " bytes, aligned to 8, was " + words);
        }
        Segment segment = new Segment(words);
        segments.set(s, segment);
        long count = 0;
        for (int w = 0; w < length >>> 3; w++) {
            long word = segment.word(w);
            if (word != 0) {
                segment.raise(w);
                count += Long.bitCount(word);
            }
        }
        marked.add(count);
    }

    /** Bytes that the words of so many blocks take, a multiple of 8. */
    public static long bytesFor(long blocks) {
        if (blocks < 1 || blocks > DiskSpec.MAX_BLOCKS) {
            throw new IllegalArgumentException("blocks must be from 1 to " + DiskSpec.MAX_BLOCKS + ", was " + blocks);
        }
        return (blocks + 63) >>> 6 << 3;
    }

    /** Segments that the words of so many blocks take. */
    public static int segmentsFor(long blocks) {
        return (int) ((bytesFor(blocks) + SEGMENT_BYTES - 1) / SEGMENT_BYTES);
    }

    /** Number of blocks of the disk. */
    public long blocks() {
        return blocks;
    }

    /** Number of marked blocks; exact while nobody marks or drains. */
    public long cardinality() {
        return marked.sum();
    }

    /** Says whether no block is marked; exact while nobody marks or drains. */
    public boolean isEmpty() {
        return nextMarked(0) == NONE;
    }

    /** Says whether a block is marked. */
    public boolean isMarked(long block) {
        check(block, 1);
        return (word(block >>> 6) & 1L << block) != 0;
    }

    /** Marks {@code count} blocks from {@code first} on. */
    public void mark(long first, long count) {
        if (count == 1 && first >= 0 && first < blocks) {
            markOne(first);
            return;
        }
        check(first, count);
        long last = first + count - 1;
        long added = 0;
        for (long w = first >>> 6; w <= last >>> 6; w++) {
            added += markWord(w, maskOf(w, first, last));
        }
        if (added != 0) {
            marked.add(added);
        }
    }

    /** The same for one block, which is what most writes are: a mark that is there already costs three loads. */
    private void markOne(long block) {
        Segment segment = segments.getAcquire((int) (block >>> SEGMENT_BLOCKS_SHIFT));
        if (segment != null) {
            int w = (int) (block >>> 6) & ((1 << SEGMENT_SHIFT) - 1);
            if ((segment.word(w) & 1L << block) != 0 && (segment.summary(w >>> 6) & 1L << w) != 0 && segment.occupied) {
                return;
            }
        }
        marked.add(markWord(block >>> 6, 1L << block));
    }

    /** Marks every block. */
    public void markAll() {
        mark(0, blocks);
    }

    private static long maskOf(long word, long first, long last) {
        long mask = -1L;
        if (word == first >>> 6) {
            mask &= -1L << first;
        }
        if (word == last >>> 6) {
            mask &= -1L >>> (63 - (last & 63));
        }
        return mask;
    }

    private int markWord(long word, long mask) {
        int s = (int) (word >>> SEGMENT_SHIFT);
        Segment segment = segments.getAcquire(s);
        if (segment == null) {
            segment = create(s);
        }
        return segment.mark((int) word & ((1 << SEGMENT_SHIFT) - 1), mask);
    }

    private Segment create(int s) {
        long left = bytesFor(blocks) - (long) s * SEGMENT_BYTES;
        Segment fresh = new Segment(ByteBuffer.allocateDirect((int) Math.min(SEGMENT_BYTES, left)));
        Segment other = segments.compareAndExchange(s, null, fresh);
        return other == null ? fresh : other;
    }

    /** Returns the first marked block at or after {@code from}, or -1. */
    public long nextMarked(long from) {
        int inSegment = (int) from & (SEGMENT_BLOCKS - 1);
        for (int s = (int) (from >>> SEGMENT_BLOCKS_SHIFT); s < segments.length(); s++) {
            Segment segment = segments.getAcquire(s);
            if (segment != null && segment.occupied) {
                int found = nextMarked(segment, inSegment);
                if (found >= 0) {
                    return ((long) s << SEGMENT_BLOCKS_SHIFT) + found;
                }
            }
            inSegment = 0;
        }
        return NONE;
    }

    /** Returns the first marked block of a segment at or after its block {@code from}, or -1. */
    private static int nextMarked(Segment segment, int from) {
        int w = from >>> 6;
        if (w >= segment.words.capacity() >>> 3) {
            return -1;
        }
        long word = segment.word(w) & -1L << from;
        while (word == 0) {
            w = nextSummarized(segment, w + 1);
            if (w < 0) {
                return -1;
            }
            word = segment.word(w);
        }
        return (w << 6) + Long.numberOfTrailingZeros(word);
    }

    private static int nextSummarized(Segment segment, int from) {
        int i = from >>> 6;
        if (i >= segment.summary.length) {
            return -1;
        }
        long bits = segment.summary(i) & -1L << from;
        while (bits == 0) {
            if (++i >= segment.summary.length) {
                return -1;
            }
            bits = segment.summary(i);
        }
        return (i << 6) + Long.numberOfTrailingZeros(bits);
    }

    /** Returns the first block from {@code from} to below {@code limit} that is not marked, or {@code limit}. */
    public long nextClean(long from, long limit) {
        for (long block = from; block < limit; block = (block & ~63L) + 64) {
            long clean = ~word(block >>> 6) & -1L << block;
            if (clean != 0) {
                return Math.min(limit, (block & ~63L) + Long.numberOfTrailingZeros(clean));
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
        for (int s = 0; s < segments.length(); s++) {
            Segment segment = segments.getAcquire(s);
            if (segment != null && segment.occupied) {
                segment.occupied = false;
                drain(s, segment, target);
            }
        }
    }

    private void drain(int s, Segment segment, @Nullable DirtyBitmap target) {
        long taken = 0;
        for (int i = 0; i < segment.summary.length; i++) {
            long bits = segment.summary(i) == 0 ? 0 : (long) SUMMARY.getAndSet(segment.summary, i, 0L);
            while (bits != 0) {
                int w = (i << 6) + Long.numberOfTrailingZeros(bits);
                bits &= bits - 1;
                taken += drainWord(s, segment, w, target);
            }
        }
        if (taken != 0) {
            marked.add(-taken);
        }
    }

    /** Takes the marks of a word away and says how many there were. */
    private int drainWord(int s, Segment segment, int w, @Nullable DirtyBitmap target) {
        long word = segment.word(w);
        if (word == 0) {
            return 0;
        }
        if (target != null) {
            target.marked.add(target.markWord(((long) s << SEGMENT_SHIFT) + w, word));
        }
        long before = (long) WORD.getAndBitwiseAnd(segment.words, w << 3, ~word);
        if ((before & ~word) != 0) {
            segment.raise(w);
        }
        return Long.bitCount(before & word);
    }

    private long word(long word) {
        Segment segment = segments.getAcquire((int) (word >>> SEGMENT_SHIFT));
        return segment == null ? 0 : segment.word((int) word & ((1 << SEGMENT_SHIFT) - 1));
    }

    private void check(long first, long count) {
        if (first < 0 || count < 1 || count > blocks - first) {
            throw new IndexOutOfBoundsException(
                    "blocks " + first + " to " + (first + count - 1) + " must lie in 0 to " + (blocks - 1));
        }
    }
}
