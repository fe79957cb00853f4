package dev.shadow.spi.metrics;

/** A measured quantity in percent of what the virtual machine was given, or the host offers. */
public enum Metric {
    /** Processor time used, 0 to 100. */
    CPU_PERCENT,
    /** Memory used, 0 to 100. */
    MEMORY_PERCENT,
    /** Network traffic, the greater of both directions, 0 to 100. */
    NETWORK_PERCENT
}
