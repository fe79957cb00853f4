package dev.shadow.sync.internal;

/** Why a peer refuses to go on. The order is part of the wire format. */
public enum RefusalCode {
    /** A newer generation has taken over. */
    STALE_GENERATION,
    /** No common protocol version. */
    VERSION,
    /** The replica does not exist. */
    UNKNOWN_REPLICA,
    /** The replica has another virtual machine or geometry. */
    MISMATCH,
    /** The replica was promoted and serves by itself. */
    PROMOTED,
    /** The target cannot store: full, or a failed write. */
    STORAGE,
    /** A frame was corrupted, out of order, or not understood. */
    PROTOCOL,
    /** Another connection has taken the replica over. */
    SUPERSEDED,
    /** The call cannot be carried out in this state. */
    STATE;

    /** Says whether the same attempt may succeed later without anybody changing the spec. */
    public boolean isTransient() {
        return switch (this) {
            case UNKNOWN_REPLICA, STORAGE, PROTOCOL, SUPERSEDED -> true;
            case STALE_GENERATION, VERSION, MISMATCH, PROMOTED, STATE -> false;
        };
    }
}
