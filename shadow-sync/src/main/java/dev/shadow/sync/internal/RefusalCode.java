package dev.shadow.sync.internal;

/** Why a peer refuses to go on. The numbers are part of the wire format. */
public enum RefusalCode {
    /** A newer generation has taken over. */
    STALE_GENERATION(0),
    /** No common protocol version. */
    VERSION(1),
    /** The replica does not exist. */
    UNKNOWN_REPLICA(2),
    /** The replica has another virtual machine or geometry. */
    MISMATCH(3),
    /** The replica was promoted and serves by itself. */
    PROMOTED(4),
    /** The target cannot store: full, or a failed write. */
    STORAGE(5),
    /** A frame was corrupted, out of order, or not understood. */
    PROTOCOL(6),
    /** Another connection has taken the replica over. */
    SUPERSEDED(7),
    /** The call cannot be carried out in this state. */
    STATE(8);

    private final byte number;

    RefusalCode(int number) {
        this.number = (byte) number;
    }

    /** The number on the wire. */
    public byte number() {
        return number;
    }

    /** Says whether the same attempt may succeed later without anybody changing the spec. */
    public boolean isTransient() {
        return switch (this) {
            case UNKNOWN_REPLICA, STORAGE, PROTOCOL, SUPERSEDED -> true;
            case STALE_GENERATION, VERSION, MISMATCH, PROMOTED, STATE -> false;
        };
    }
}
