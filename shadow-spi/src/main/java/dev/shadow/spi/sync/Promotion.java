package dev.shadow.spi.sync;

import dev.shadow.spi.Generation;
import dev.shadow.spi.internal.Checks;
import java.time.Instant;

/**
 * What a replica became when it was promoted.
 *
 * @param generation the new generation; the replica refuses every message of an older one
 * @param epoch the committed epoch that the replica now equals, at least 0
 * @param frozenAt the old primary's clock when that epoch was frozen
 * @param discardedBytes bytes received after that epoch and thrown away because their epoch never
 *     was complete, at least 0
 */
public record Promotion(Generation generation, long epoch, Instant frozenAt, long discardedBytes) {
    public Promotion {
        Checks.present("generation", generation);
        Checks.range("epoch", epoch, 0, Long.MAX_VALUE);
        Checks.present("frozenAt", frozenAt);
        Checks.range("discardedBytes", discardedBytes, 0, Long.MAX_VALUE);
    }
}
