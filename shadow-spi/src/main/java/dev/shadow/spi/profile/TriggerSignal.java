package dev.shadow.spi.profile;

/** The measured quantity that a trigger watches; each in percent of what the virtual machine was given. */
public enum TriggerSignal {
    /** Processor time used. */
    CPU,
    /** Memory used. */
    MEMORY,
    /** Network traffic, the greater of both directions. */
    NETWORK_IO
}
