package dev.shadow.examples.drill;

import dev.shadow.examples.process.guest.KeyValueClient;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads back every acknowledged write through the forwarder and says which are there, and which should be. */
final class DataCheck {
    private static final int MAX_VIOLATIONS = 20;

    private DataCheck() {}

    /**
     * What the replica is known to have held.
     *
     * @param oldGeneration the generation that was replicated
     * @param newGeneration the generation that serves
     * @param lastWrite number of the last write of the old generation in the promoted epoch
     * @param nothingMayBeLost whether every acknowledged write was replicated before it was acknowledged
     */
    record Promoted(Generation oldGeneration, Generation newGeneration, long lastWrite, boolean nothingMayBeLost) {}

    /**
     * What was found.
     *
     * @param checked acknowledged writes that were read back
     * @param lost those that are not there
     * @param lostBytes bytes of their keys and values
     * @param oldestLostNanos when the oldest of them was acknowledged; empty if none was lost
     * @param violations what should be otherwise, at most the first few; empty if the check holds
     */
    record Result(long checked, long lost, long lostBytes, OptionalLong oldestLostNanos, List<String> violations) {
        Result {
            violations = List.copyOf(violations);
        }

        boolean holds() {
            return violations.isEmpty();
        }
    }

    /**
     * Checks every write.
     *
     * @param promoted what the replica held; empty if there was no failover, so nothing may be missing
     */
    static Result run(Endpoint endpoint, DrillPlan plan, List<AcknowledgedWrite> writes, Optional<Promoted> promoted)
            throws IOException {
        long lost = 0;
        long lostBytes = 0;
        long oldest = Long.MAX_VALUE;
        List<String> violations = new ArrayList<>();
        try (KeyValueClient client = KeyValueClient.connect(endpoint, Duration.ofSeconds(10))) {
            for (AcknowledgedWrite write : writes) {
                Optional<byte[]> found = client.get(write.key());
                byte[] expected = Payload.of(plan.seed(), write.client(), write.sequence(), plan.valueBytes());
                boolean mayBeMissing = promoted.isPresent() && isBeyond(write, promoted.get());
                if (found.isEmpty()) {
                    lost++;
                    lostBytes += write.bytes();
                    oldest = Math.min(oldest, write.atNanos());
                    if (!mayBeMissing || promoted.get().nothingMayBeLost()) {
                        add(
                                violations,
                                write.key() + " (write " + write.writeNumber() + " of generation " + write.generation()
                                        + ") was acknowledged and is lost");
                    }
                } else if (!Arrays.equals(found.get(), expected)) {
                    add(violations, write.key() + " holds something else than was acknowledged");
                } else if (mayBeMissing) {
                    add(
                            violations,
                            write.key() + " is there, though its write " + write.writeNumber()
                                    + " lies beyond the promoted epoch's last write "
                                    + promoted.get().lastWrite());
                }
            }
        }
        OptionalLong oldestLost = lost == 0 ? OptionalLong.empty() : OptionalLong.of(oldest);
        return new Result(writes.size(), lost, lostBytes, oldestLost, violations);
    }

    private static boolean isBeyond(AcknowledgedWrite write, Promoted promoted) {
        return write.generation().isOlderThan(promoted.newGeneration()) && write.writeNumber() > promoted.lastWrite();
    }

    private static void add(List<String> violations, String violation) {
        if (violations.size() < MAX_VIOLATIONS) {
            violations.add(violation);
        }
    }
}
