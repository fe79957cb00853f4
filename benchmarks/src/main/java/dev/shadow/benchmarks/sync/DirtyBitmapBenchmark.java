package dev.shadow.benchmarks.sync;

import dev.shadow.sync.DirtyBitmap;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a guest's write pays for being tracked, and what finding the changed blocks of a large disk costs. The disk has
 * 1 TiB in blocks of 64 KiB; a flat array of words, scanned from end to end, is the plain way.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DirtyBitmapBenchmark {
    static final int BLOCKS = 1 << 24;
    private static final int WRITES = 1024;

    /** Share of the blocks that are marked, per million. */
    @Param({"100", "10000"})
    int markedPerMillion = 100;

    private DirtyBitmap bitmap = DirtyBitmap.inMemory(1);
    private DirtyBitmap hot = DirtyBitmap.inMemory(1);
    private long[] flat = new long[0];

    /** Marks random blocks. */
    @Setup
    public void mark() {
        bitmap = DirtyBitmap.inMemory(BLOCKS);
        hot = DirtyBitmap.inMemory(BLOCKS);
        flat = new long[BLOCKS / 64];
        SplittableRandom random = new SplittableRandom(1);
        for (long i = (long) BLOCKS * markedPerMillion / 1_000_000; i > 0; i--) {
            int block = random.nextInt(BLOCKS);
            bitmap.mark(block, 1);
            flat[block >>> 6] |= 1L << block;
        }
    }

    /** A thread's writes: a working set of 4096 blocks, as of a database, in random order. */
    @State(Scope.Thread)
    public static class Writes {
        final int[] blocks = new SplittableRandom(System.identityHashCode(this))
                .ints(WRITES, 0, 4096)
                .toArray();
    }

    /** Marks blocks that are marked most of the time. */
    @Benchmark
    @Threads(4)
    @OperationsPerInvocation(WRITES)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public void markWorkingSet(Writes writes) {
        for (int block : writes.blocks) {
            hot.mark(block, 1);
        }
    }

    /** Finds all marked blocks. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public long findMarked() {
        long sum = 0;
        for (long block = bitmap.nextMarked(0); block >= 0; block = bitmap.nextMarked(block + 1)) {
            sum += block;
        }
        return sum;
    }

    /** Finds all marked blocks by looking at every word. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public long findMarkedFlat() {
        long sum = 0;
        for (int w = 0; w < flat.length; w++) {
            for (long word = flat[w]; word != 0; word &= word - 1) {
                sum += ((long) w << 6) + Long.numberOfTrailingZeros(word);
            }
        }
        return sum;
    }

    /** Marks every block anew, one by one, and takes the marks away. */
    @Benchmark
    @OperationsPerInvocation(65536)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public void markFreshAndClear() {
        for (int block = 0; block < 65536; block++) {
            hot.mark(block, 1);
        }
        hot.clear();
    }
}
