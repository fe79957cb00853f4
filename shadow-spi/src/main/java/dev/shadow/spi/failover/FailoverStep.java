package dev.shadow.spi.failover;

/** The steps of a failover, in their order. */
public enum FailoverStep {
    /** Make sure that the old primary can no longer write or serve. */
    FENCE,
    /** Make the replica's last committed epoch its content, under a new generation. */
    PROMOTE,
    /** Start the shadow on it. */
    ACTIVATE,
    /** Move the traffic. */
    REDIRECT,
    /** Remove the old primary, if the profile asks for it and its host answers. */
    DEPROVISION
}
