package dev.shadow.spi;

import dev.shadow.spi.internal.Checks;

/**
 * Fencing number of the write history of one virtual machine. Raised by one at every activation that
 * takes over; storage, hypervisor and traffic director refuse a number below the highest they saw.
 *
 * @param value 0 for a virtual machine that was never failed over, at most 2^62
 */
public record Generation(long value) implements Comparable<Generation> {
    /** The generation of a virtual machine that was never failed over. */
    public static final Generation INITIAL = new Generation(0);

    public Generation {
        Checks.range("generation", value, 0, 1L << 62);
    }

    /** Returns the generation with this number. */
    public static Generation of(long value) {
        return new Generation(value);
    }

    /** Returns the generation that the next activation gets. */
    public Generation next() {
        return new Generation(value + 1);
    }

    /** Says whether this generation must be refused by somebody who has seen {@code highestSeen}. */
    public boolean isOlderThan(Generation highestSeen) {
        return value < highestSeen.value;
    }

    @Override
    public int compareTo(Generation other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
