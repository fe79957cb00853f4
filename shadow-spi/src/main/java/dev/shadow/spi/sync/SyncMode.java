package dev.shadow.spi.sync;

/** When a write of the guest is acknowledged. */
public enum SyncMode {
    /** When it is on the primary's disk; the replica follows, one committed epoch after another. */
    ASYNCHRONOUS,
    /** When it is durable on the replica too. */
    SYNCHRONOUS
}
