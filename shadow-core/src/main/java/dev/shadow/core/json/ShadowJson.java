package dev.shadow.core.json;

import dev.shadow.core.internal.document.Documents;
import dev.shadow.core.internal.document.ProfileDocument;
import dev.shadow.core.internal.document.ReplicaDocument;
import dev.shadow.core.internal.document.ReportDocument;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.failover.FailoverReport;
import dev.shadow.spi.failover.HostHealth;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.replica.ShadowReplica;

/**
 * Reads and writes the model as JSON. Fields are named as in the records; durations and instants are
 * ISO-8601 text, enum constants their names, identities and generations plain text and numbers; a
 * trigger says which it is in {@code "type": "threshold"} or {@code "predictive"}. What is absent in the
 * record is left out.
 *
 * <p>In a profile only {@code vm} is required; in a trigger {@code type}, {@code signal}, {@code
 * thresholdPercent} and, if predictive, {@code probability}. Without {@code tiers} every shadow keeps
 * apart from the primary's host, without {@code shadowCount} there is one shadow for each of the {@code
 * tiers}, and a trigger has 5 percent points of hysteresis. Thread-safe.
 */
public final class ShadowJson {
    private ShadowJson() {}

    /**
     * Reads a placement profile.
     *
     * @throws InvalidDocumentException if anything is wrong with it; lists everything that is
     */
    public static PlacementProfile readProfile(String json) {
        return Documents.profile(json);
    }

    /**
     * Reads a shadow replica.
     *
     * @throws InvalidDocumentException if anything is wrong with it; lists everything that is
     */
    public static ShadowReplica readReplica(String json) {
        return Documents.replica(json);
    }

    /** Returns the profile as JSON on one line, with every field. */
    public static String write(PlacementProfile profile) {
        return ProfileDocument.write(profile).toString();
    }

    /** Returns the replica as JSON on one line. */
    public static String write(ShadowReplica replica) {
        return ReplicaDocument.write(replica).toString();
    }

    /** Returns the report as JSON on one line; {@code rto} is computed for the reader. */
    public static String write(FailoverReport report) {
        return ReportDocument.write(report).toString();
    }

    /** Returns the event as JSON on one line; {@code event} names its type. */
    public static String write(ShadowEvent event) {
        return ReportDocument.write(event).toString();
    }

    /** Returns the verdict as JSON on one line. */
    public static String write(HostHealth health) {
        return ReportDocument.write(health).toString();
    }
}
