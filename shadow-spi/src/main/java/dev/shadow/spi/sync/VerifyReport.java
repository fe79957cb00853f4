package dev.shadow.spi.sync;

import dev.shadow.spi.internal.Checks;
import java.util.List;

/**
 * Outcome of comparing a replica with the source's image of the same epoch.
 *
 * @param epoch the epoch that both sides were compared at, at least 0
 * @param comparedBytes bytes compared, at least 0
 * @param differences ranges that differ, by offset, at most the first 1000; empty if equal
 */
public record VerifyReport(long epoch, long comparedBytes, List<ByteRange> differences) {
    public VerifyReport {
        Checks.range("epoch", epoch, 0, Long.MAX_VALUE);
        Checks.range("comparedBytes", comparedBytes, 0, Long.MAX_VALUE);
        differences = Checks.list("differences", differences);
    }

    /** Says whether the replica equals the source. */
    public boolean isIdentical() {
        return differences.isEmpty();
    }

    /**
     * A range of bytes.
     *
     * @param offset first byte, at least 0
     * @param length number of bytes, at least 1
     */
    public record ByteRange(long offset, long length) {
        public ByteRange {
            Checks.range("offset", offset, 0, Long.MAX_VALUE);
            Checks.range("length", length, 1, Long.MAX_VALUE);
        }
    }
}
