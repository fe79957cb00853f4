package dev.shadow.benchmarks.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DirtyBitmapBenchmarkTest {
    @Test
    void bothWaysFindTheSameBlocks() {
        DirtyBitmapBenchmark benchmark = new DirtyBitmapBenchmark();
        benchmark.mark();

        assertThat(benchmark.findMarked()).isEqualTo(benchmark.findMarkedFlat()).isPositive();
    }
}
