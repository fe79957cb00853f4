package dev.shadow.spi.placement;

/** How ready a shadow is while it waits. */
public enum Standby {
    /** Switched off; only its data is kept. */
    COLD,
    /** Its system runs, the product on it does not serve. */
    PASSIVE,
    /** Everything runs. */
    HOT
}
