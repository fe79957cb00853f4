package dev.shadow.spi.profile;

/** On which side of its threshold a trigger fires. */
public enum Direction {
    /** At or above the threshold. */
    ABOVE,
    /** At or below the threshold. */
    BELOW
}
