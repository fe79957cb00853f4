package dev.shadow.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.tck.property.SeededTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The bitmap against {@link BitSet}, alone and raced. */
class DirtyBitmapTest {
    private static void assertSame(DirtyBitmap bitmap, BitSet model) {
        assertThat(bitmap.cardinality()).isEqualTo(model.cardinality());
        assertThat(bitmap.isEmpty()).isEqualTo(model.isEmpty());
        int expected = model.nextSetBit(0);
        long block = bitmap.nextMarked(0);
        while (block >= 0 || expected >= 0) {
            assertThat(block).isEqualTo(expected);
            expected = model.nextSetBit(expected + 1);
            block = bitmap.nextMarked(block + 1);
        }
    }

    @SeededTest(runs = 300)
    void behavesLikeABitSet(SplittableRandom random) {
        int blocks = 1 + random.nextInt(10_000);
        DirtyBitmap bitmap = DirtyBitmap.inMemory(blocks);
        DirtyBitmap other = DirtyBitmap.inMemory(blocks);
        BitSet model = new BitSet();
        BitSet otherModel = new BitSet();
        for (int i = 0; i < 60; i++) {
            int first = random.nextInt(blocks);
            int count = 1 + random.nextInt(Math.min(300, blocks - first));
            switch (random.nextInt(12)) {
                case 0 -> {
                    bitmap.clear();
                    model.clear();
                }
                case 1 -> {
                    bitmap.mergeInto(other);
                    otherModel.or(model);
                    model.clear();
                }
                case 2 -> {
                    other.mergeInto(bitmap);
                    model.or(otherModel);
                    otherModel.clear();
                }
                default -> {
                    bitmap.mark(first, count);
                    model.set(first, first + count);
                }
            }
            assertSame(bitmap, model);
            assertSame(other, otherModel);
            int from = random.nextInt(blocks);
            int limit = from + random.nextInt(blocks - from + 1);
            assertThat(bitmap.isMarked(from)).isEqualTo(model.get(from));
            assertThat(bitmap.nextClean(from, limit)).isEqualTo(Math.min(limit, model.nextClearBit(from)));
        }
    }

    @SeededTest(runs = 20)
    void losesNoMarkThatRacesWithADrain(SplittableRandom random) throws Exception {
        int blocks = 5_000;
        DirtyBitmap live = DirtyBitmap.inMemory(blocks);
        DirtyBitmap drained = DirtyBitmap.inMemory(blocks);
        BitSet model = new BitSet();
        List<Thread> markers = new ArrayList<>();
        CountDownLatch start = new CountDownLatch(1);
        for (int t = 0; t < 3; t++) {
            int[] toMark = random.ints(3_000, 0, blocks).toArray();
            for (int block : toMark) {
                model.set(block);
            }
            Thread marker = new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                for (int block : toMark) {
                    live.mark(block, 1);
                }
            });
            markers.add(marker);
            marker.start();
        }
        start.countDown();
        for (Thread marker : markers) {
            while (marker.isAlive()) {
                live.mergeInto(drained);
            }
            marker.join();
        }
        live.mergeInto(drained);
        assertSame(drained, model);
        assertThat(live.nextMarked(0)).isEqualTo(-1);
    }

    @Test
    void findsTheMarksOfAnEarlierLifeInItsMemory() {
        long blocks = 2L * 8 * DirtyBitmap.SEGMENT_BYTES + 1000;
        List<ByteBuffer> memory = new ArrayList<>();
        for (int bytes : new int[] {DirtyBitmap.SEGMENT_BYTES, DirtyBitmap.SEGMENT_BYTES, 128}) {
            memory.add(ByteBuffer.allocateDirect(bytes));
        }
        DirtyBitmap.over(memory, blocks).mark(700, 5);
        DirtyBitmap.over(memory, blocks).mark(blocks - 3, 3);

        DirtyBitmap again = DirtyBitmap.over(memory, blocks);

        assertThat(again.cardinality()).isEqualTo(8);
        assertThat(again.nextMarked(0)).isEqualTo(700);
        assertThat(again.nextMarked(705)).isEqualTo(blocks - 3);
        assertThat(again.nextClean(blocks - 3, blocks)).isEqualTo(blocks);
    }

    @Test
    void reachesTheLastOf64TebibytesInSmallBlocks() {
        DirtyBitmap bitmap = DirtyBitmap.inMemory(DiskSpec.MAX_BLOCKS);
        long acrossSegments = (5L << 22) - 70;

        bitmap.mark(DiskSpec.MAX_BLOCKS - 1, 1);
        bitmap.mark(acrossSegments, 140);

        assertThat(bitmap.nextMarked(0)).isEqualTo(acrossSegments);
        assertThat(bitmap.nextClean(acrossSegments, DiskSpec.MAX_BLOCKS)).isEqualTo(acrossSegments + 140);
        assertThat(bitmap.nextMarked(acrossSegments + 140)).isEqualTo(DiskSpec.MAX_BLOCKS - 1);
        DirtyBitmap taken = DirtyBitmap.inMemory(DiskSpec.MAX_BLOCKS);
        bitmap.mergeInto(taken);
        assertThat(bitmap.isEmpty()).isTrue();
        assertThat(bitmap.cardinality()).isZero();
        assertThat(taken.cardinality()).isEqualTo(141);
    }

    @Test
    void refusesBlocksBeyondTheDisk() {
        DirtyBitmap bitmap = DirtyBitmap.inMemory(100);
        assertThatThrownBy(() -> bitmap.mark(90, 11)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> bitmap.mark(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> bitmap.mark(0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> DirtyBitmap.inMemory(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
