package dev.shadow.spi.profile;

/** What becomes of the old primary after a failover. */
public enum OldPrimary {
    /** It is left as it is, fenced. */
    KEEP,
    /** It is deprovisioned once its host answers again. */
    DEPROVISION
}
