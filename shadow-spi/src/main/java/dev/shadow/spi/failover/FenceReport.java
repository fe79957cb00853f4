package dev.shadow.spi.failover;

import dev.shadow.spi.internal.Checks;
import java.time.Instant;

/**
 * What a fencing device says.
 *
 * @param outcome whether the old primary certainly can no longer write or serve
 * @param confirmedBy who confirmed or failed to confirm it, for a person; 1 to 200 characters
 * @param evidence what that rests on, for a person; 1 to 500 characters
 * @param at when
 */
public record FenceReport(Outcome outcome, String confirmedBy, String evidence, Instant at) {
    public FenceReport {
        Checks.present("outcome", outcome);
        Checks.text("confirmedBy", confirmedBy, 200);
        Checks.text("evidence", evidence, 500);
        Checks.present("at", at);
    }

    /** Whether the fence holds. */
    public enum Outcome {
        /** The old primary certainly can no longer write or serve. */
        CONFIRMED,
        /** Nobody could make sure. */
        UNCONFIRMED
    }
}
