package dev.shadow.spi;

import dev.shadow.spi.internal.Checks;

/**
 * Names a host of the fleet.
 *
 * @param value 1 to 128 letters, digits, {@code .}, {@code _} or {@code -}, starting with a letter
 *     or a digit; safe as a file name
 */
public record HostId(String value) implements Comparable<HostId> {
    public HostId {
        Checks.identifier("host", value);
    }

    /** Returns the identity with this text. */
    public static HostId of(String value) {
        return new HostId(value);
    }

    @Override
    public int compareTo(HostId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
