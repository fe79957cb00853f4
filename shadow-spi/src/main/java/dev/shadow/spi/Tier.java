package dev.shadow.spi;

/**
 * A level of the failure domain, widest first. As a demand on a shadow it says what the primary and
 * the shadow must not have in common: {@code ZONE} asks for different zones.
 */
public enum Tier {
    /** A geographical region. */
    REGION,
    /** An availability zone of a region. */
    ZONE,
    /** A rack of a zone. */
    RACK,
    /** A single host. */
    HOST
}
