package dev.shadow.core.internal.document;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shadow.spi.Resources;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.replica.ShadowReplica;
import java.time.Instant;
import java.util.Optional;

/** A replica with what the control plane has to remember to go on with it. Owned by the work on its machine. */
public final class ReplicaEntry {
    /** How far a replica has been made. */
    public enum Step {
        /** Its host was chosen; nothing has been asked of anybody, or it is not known. */
        SELECTED,
        /** Its instance exists. */
        CREATED,
        /** Its replication was started. */
        STARTED,
        /** It is being removed. */
        RETIRING
    }

    /** The replica as last recorded. */
    public ShadowReplica replica;

    /** How far it has been made. */
    public Step step = Step.SELECTED;

    /** When it was decided to make it. */
    public final Instant decidedAt;

    /** The instance that it follows. */
    public Serving source;

    /** What it takes on its host. */
    public final Resources size;

    /** Attempts at the present step. */
    public int attempts;

    /** Not tried again before this time. */
    public Optional<Instant> retryAt = Optional.empty();

    /** Returns the entry of a replica that was just decided. */
    public ReplicaEntry(ShadowReplica replica, Serving source, Instant decidedAt, Resources size) {
        this.replica = replica;
        this.source = source;
        this.decidedAt = decidedAt;
        this.size = size;
    }

    /** Whether it is, or is becoming, a shadow that can be activated. */
    public boolean isLive() {
        return step != Step.RETIRING
                && (replica.state() == ReplicaState.WARMING || replica.state() == ReplicaState.STANDBY);
    }

    /** Whether it can be activated now. */
    public boolean isReady() {
        return step != Step.RETIRING && replica.state() == ReplicaState.STANDBY;
    }

    /** The instance and where it is. */
    public Serving place() {
        return new Serving(replica.id(), replica.host());
    }

    /** Returns the entry as text. */
    public String write() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("replica", ReplicaDocument.write(replica));
        node.put("step", step.name());
        node.put("decidedAt", decidedAt.toString());
        node.set("source", source.write());
        node.set(
                "size",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("cpuMillis", size.cpuMillis())
                        .put("memoryBytes", size.memoryBytes())
                        .put("diskBytes", size.diskBytes())
                        .put("networkBitsPerSecond", size.networkBitsPerSecond()));
        node.put("attempts", attempts);
        retryAt.ifPresent(at -> node.put("retryAt", at.toString()));
        return node.toString();
    }

    /** Reads an entry. */
    public static ReplicaEntry read(String json) {
        return Documents.read("record of a replica", json, ReplicaEntry::read);
    }

    private static ReplicaEntry read(Fields fields) {
        ReplicaEntry entry = new ReplicaEntry(
                fields.object("replica", ReplicaDocument::read),
                fields.object("source", Serving::read),
                fields.requiredInstant("decidedAt"),
                fields.object(
                        "size",
                        f -> new Resources(
                                f.requiredLong("cpuMillis"),
                                f.requiredLong("memoryBytes"),
                                f.requiredLong("diskBytes"),
                                f.requiredLong("networkBitsPerSecond"))));
        entry.step = fields.requiredName("step", Step.class);
        entry.attempts = fields.requiredNumber("attempts");
        entry.retryAt = fields.optionalInstant("retryAt");
        return entry;
    }
}
