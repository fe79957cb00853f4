package dev.shadow.spi.replica;

import java.util.EnumSet;
import java.util.Set;

/** State of a shadow replica. */
public enum ReplicaState {
    /** It is being created, or its first copy is under way. */
    WARMING,
    /** It holds a committed epoch and can be activated. */
    STANDBY,
    /** It serves: it is the primary of its virtual machine. */
    ACTIVE,
    /** It cannot be used; it is removed and replaced. */
    FAILED,
    /** It was removed on purpose; nothing of it is left on its host. */
    RETIRED;

    /** The states that may follow this one directly. */
    public Set<ReplicaState> successors() {
        return switch (this) {
            case WARMING -> EnumSet.of(STANDBY, FAILED, RETIRED);
            case STANDBY -> EnumSet.of(ACTIVE, WARMING, FAILED, RETIRED);
            case ACTIVE -> EnumSet.of(FAILED, RETIRED);
            case FAILED -> EnumSet.of(RETIRED);
            case RETIRED -> EnumSet.noneOf(ReplicaState.class);
        };
    }

    /** Says whether a replica may go from this state to {@code next} directly. */
    public boolean mayBecome(ReplicaState next) {
        return successors().contains(next);
    }
}
