package dev.shadow.spi.sync;

/** What is compared and copied to keep a replica in step. */
public enum SyncMethod {
    /** Blocks of a disk, found by a dirty bitmap. */
    BLOCK,
    /** Files of a directory tree. */
    FILE,
    /** Committed changes of a database, read from its change stream. */
    CHANGE_STREAM
}
