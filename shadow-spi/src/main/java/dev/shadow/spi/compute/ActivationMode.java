package dev.shadow.spi.compute;

/** What an activated shadow becomes. */
public enum ActivationMode {
    /** The primary of its virtual machine; the generation must be above the old primary's. */
    TAKE_OVER,
    /** An additional instance beside the primary, with an identity of its own; runs on a copy of the disk. */
    CLONE,
    /** An isolated copy for a test; replication into the shadow goes on untouched. */
    ISOLATED_TEST
}
