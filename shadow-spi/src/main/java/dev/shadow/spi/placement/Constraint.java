package dev.shadow.spi.placement;

/** A hard condition on a host. */
public enum Constraint {
    /** The host takes new instances. */
    SCHEDULABLE,
    /** Nothing says that the host is down. */
    HEALTHY,
    /** The host was not excluded by the request. */
    NOT_EXCLUDED,
    /** Processor, memory, disk and network that are free hold the instance. */
    CAPACITY,
    /** Host and primary, and host and other shadows, do not fail together at the asked tier. */
    FAILURE_DOMAIN,
    /** The latency to the primary is within the budget. */
    LATENCY,
    /** Every product that the virtual machine carries may run there and has units free. */
    LICENSE,
    /** The platform's own conditions hold. */
    PLATFORM
}
