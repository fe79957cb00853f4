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
        int block = bitmap.nextMarked(0);
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
        ByteBuffer memory = ByteBuffer.allocateDirect(DirtyBitmap.bytesFor(1000));
        DirtyBitmap.over(memory, 1000).mark(700, 5);
        DirtyBitmap again = DirtyBitmap.over(memory, 1000);
        assertThat(again.nextMarked(0)).isEqualTo(700);
        assertThat(again.cardinality()).isEqualTo(5);
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
