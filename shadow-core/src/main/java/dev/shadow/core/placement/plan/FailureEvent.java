package dev.shadow.core.placement.plan;

import java.util.Objects;

/**
 * Something that a plan has to survive.
 *
 * @param kind what fails
 * @param first number of the zone, rack or host; of two hosts the smaller
 * @param second number of the other host where two fail at once, else -1
 */
public record FailureEvent(Kind kind, int first, int second) {
    /** What fails in an event. */
    public enum Kind {
        /** All hosts of a zone. */
        ZONE,
        /** All hosts of a rack. */
        RACK,
        /** One host. */
        HOST,
        /** Two hosts at once. */
        HOST_PAIR
    }

    /** Refuses an event without a kind. */
    public FailureEvent {
        Objects.requireNonNull(kind, "kind");
    }

    static FailureEvent zone(int zone) {
        return new FailureEvent(Kind.ZONE, zone, -1);
    }

    static FailureEvent rack(int rack) {
        return new FailureEvent(Kind.RACK, rack, -1);
    }

    static FailureEvent host(int host) {
        return new FailureEvent(Kind.HOST, host, -1);
    }

    static FailureEvent hosts(int one, int other) {
        return new FailureEvent(Kind.HOST_PAIR, Math.min(one, other), Math.max(one, other));
    }

    /** Names the event to a person, such as "loss of rack 4". */
    @Override
    public String toString() {
        return switch (kind) {
            case ZONE -> "loss of zone " + first;
            case RACK -> "loss of rack " + first;
            case HOST -> "loss of host " + first;
            case HOST_PAIR -> "loss of hosts " + first + " and " + second;
        };
    }
}
