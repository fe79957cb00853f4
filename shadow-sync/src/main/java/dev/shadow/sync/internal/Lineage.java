package dev.shadow.sync.internal;

/**
 * Names the history that an epoch number counts in: drawn at random whenever a source starts from a full copy, so that
 * equal numbers of different histories are never taken for one another.
 */
public record Lineage(long high, long low) {
    /** No history yet. */
    public static final Lineage NONE = new Lineage(0, 0);
}
