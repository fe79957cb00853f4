package dev.shadow.spi.profile;

/** Who starts a failover. */
public enum FailoverStart {
    /** The manager, when the primary's host is found dead. */
    AUTOMATIC,
    /** A person or the platform, by a call. */
    ON_ORDER
}
