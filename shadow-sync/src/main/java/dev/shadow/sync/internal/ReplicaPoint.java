package dev.shadow.sync.internal;

/**
 * The point in a primary's history that a replica equals.
 *
 * @param epoch number of the committed epoch, 0 for none
 * @param lineage history that the number counts in
 * @param frozenAtMillis the primary's clock at the freeze
 * @param writeNumber the primary's write number at the freeze
 */
public record ReplicaPoint(long epoch, Lineage lineage, long frozenAtMillis, long writeNumber) {
    /** Nothing is committed yet. */
    public static final ReplicaPoint NONE = new ReplicaPoint(0, Lineage.NONE, 0, 0);

    /** Says whether anything is committed. */
    public boolean isCommitted() {
        return epoch > 0;
    }
}
