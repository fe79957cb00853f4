package dev.shadow.spi.sync.stream;

import dev.shadow.spi.internal.Checks;
import java.time.Instant;
import java.util.List;

/**
 * Changes that were committed together, in the order in which they were made.
 *
 * @param position where the stream stands after it
 * @param committedAt the source's clock at the commit; for a part of a snapshot, when the snapshot was taken
 * @param snapshot whether it is a part of the snapshot that comes before the stream; until the last one, the target is not
 *     consistent
 * @param changes what changed, at least one
 */
public record ChangeTransaction(StreamPosition position, Instant committedAt, boolean snapshot, List<Change> changes) {
    public ChangeTransaction {
        Checks.present("position", position);
        Checks.present("committedAt", committedAt);
        changes = Checks.list("changes", changes);
        if (changes.isEmpty()) {
            throw Checks.refused("changes", changes, "be at least one");
        }
    }
}
