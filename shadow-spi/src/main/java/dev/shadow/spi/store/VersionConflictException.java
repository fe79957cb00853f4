package dev.shadow.spi.store;

import java.util.OptionalLong;

/** A compare-and-set found another version than expected; nothing was written. */
public final class VersionConflictException extends StoreException {
    private static final long serialVersionUID = 1L;

    /**
     * @param key the record
     * @param expected the version that the caller expected, 0 for none
     * @param found the version that is there, empty for none
     */
    public VersionConflictException(RecordKey key, long expected, OptionalLong found) {
        super(
                Retry.PERMANENT,
                "record " + key + " has " + (found.isPresent() ? "version " + found.getAsLong() : "no version")
                        + ", expected " + (expected == 0 ? "none" : Long.toString(expected))
                        + ": read it again and decide anew");
    }
}
