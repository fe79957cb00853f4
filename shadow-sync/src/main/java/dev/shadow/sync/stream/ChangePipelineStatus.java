package dev.shadow.sync.stream;

import dev.shadow.spi.sync.stream.StreamPosition;
import java.time.Duration;
import java.util.Optional;

/**
 * How far a {@link ChangePipeline} is.
 *
 * @param position what the target holds durably; empty if it never held anything, or was not asked yet
 * @param consistent whether the target is as the source was after some commit; not so inside a snapshot
 * @param transactions transactions applied by this pipeline
 * @param changes changes applied by this pipeline
 * @param lag age of the last transaction when it was applied; zero if the feed had nothing more at the last look
 * @param failure why the last poll failed; empty if it did not
 */
public record ChangePipelineStatus(
        Optional<StreamPosition> position,
        boolean consistent,
        long transactions,
        long changes,
        Duration lag,
        String failure) {}
