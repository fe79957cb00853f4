package dev.shadow.core.internal.document;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shadow.spi.profile.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a trigger remembers between evaluations.
 *
 * @param trigger the trigger
 * @param fired whether it has fired and not released
 * @param since when it last fired; empty if it never did
 * @param held how long the samples seen have been beyond the threshold; empty if the last one was not
 * @param seenUpTo samples before this time were looked at; empty if none was
 */
public record TriggerMemory(
        Trigger trigger, boolean fired, Optional<Instant> since, Optional<Duration> held, Optional<Instant> seenUpTo) {
    /** Returns the memory of a trigger that has seen nothing. */
    public static TriggerMemory blank(Trigger trigger) {
        return new TriggerMemory(trigger, false, Optional.empty(), Optional.empty(), Optional.empty());
    }

    ObjectNode write() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("trigger", ProfileDocument.write(trigger));
        node.put("fired", fired);
        since.ifPresent(at -> node.put("since", at.toString()));
        held.ifPresent(d -> node.put("held", d.toString()));
        seenUpTo.ifPresent(at -> node.put("seenUpTo", at.toString()));
        return node;
    }

    static TriggerMemory read(Fields fields) {
        return new TriggerMemory(
                fields.object("trigger", ProfileDocument::readTrigger),
                fields.flag("fired", false),
                fields.optionalInstant("since"),
                fields.optionalDuration("held"),
                fields.optionalInstant("seenUpTo"));
    }
}
