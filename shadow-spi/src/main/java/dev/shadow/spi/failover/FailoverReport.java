package dev.shadow.spi.failover;

import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.internal.Checks;
import dev.shadow.spi.sync.Promotion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a failover went.
 *
 * @param vm the virtual machine
 * @param outcome how it ended
 * @param reason why it was started, and if it did not succeed, why; for a person, 1 to 1000 characters
 * @param from host of the old primary
 * @param to host of the new primary; empty if none was reached
 * @param generation the generation that the failover raised the virtual machine to
 * @param detectedAt when the failure was detected or the failover ordered
 * @param endedAt when it ended, not before {@code detectedAt}
 * @param steps the steps that were taken, in their order
 * @param fence what the fencing device said; empty if it was not reached
 * @param promotion what the replica became; empty if it was not reached
 * @param everyAcknowledgedWriteKept whether the replica is known to have held every acknowledged write
 */
public record FailoverReport(
        VmId vm,
        Outcome outcome,
        String reason,
        HostId from,
        Optional<HostId> to,
        Generation generation,
        Instant detectedAt,
        Instant endedAt,
        List<StepReport> steps,
        Optional<FenceReport> fence,
        Optional<Promotion> promotion,
        boolean everyAcknowledgedWriteKept) {
    public FailoverReport {
        Checks.present("vm", vm);
        Checks.present("outcome", outcome);
        Checks.text("reason", reason, 1000);
        Checks.present("from", from);
        Checks.present("to", to);
        Checks.present("generation", generation);
        Checks.present("detectedAt", detectedAt);
        Checks.present("endedAt", endedAt);
        if (endedAt.isBefore(detectedAt)) {
            throw Checks.refused("endedAt", endedAt, "not be before detectedAt " + detectedAt);
        }
        steps = Checks.list("steps", steps);
        Checks.present("fence", fence);
        Checks.present("promotion", promotion);
    }

    /** Time from detection until the end: until serving, if it succeeded. */
    public Duration rto() {
        return Duration.between(detectedAt, endedAt);
    }

    /** How a failover ended. */
    public enum Outcome {
        /** The shadow serves and the traffic goes there. */
        SUCCEEDED,
        /** It was not begun, or stopped before the promotion; the virtual machine is as it was. */
        REFUSED,
        /** It broke off after the promotion; the next pass goes on with it. */
        INCOMPLETE
    }

    /**
     * One step.
     *
     * @param step the step
     * @param startedAt when it began
     * @param duration how long it took, retries included, at least zero
     * @param attempts how often it was tried, at least 1
     * @param detail what came of it, for a person; may be empty
     */
    public record StepReport(FailoverStep step, Instant startedAt, Duration duration, int attempts, String detail) {
        public StepReport {
            Checks.present("step", step);
            Checks.present("startedAt", startedAt);
            Checks.notNegative("duration", duration);
            Checks.range("attempts", attempts, 1, Integer.MAX_VALUE);
            Checks.present("detail", detail);
        }
    }
}
