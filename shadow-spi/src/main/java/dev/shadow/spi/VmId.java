package dev.shadow.spi;

import dev.shadow.spi.internal.Checks;

/**
 * Names a virtual machine for its whole life, whichever host it runs on.
 *
 * @param value 1 to 128 letters, digits, {@code .}, {@code _} or {@code -}, starting with a letter
 *     or a digit; safe as a file name
 */
public record VmId(String value) implements Comparable<VmId> {
    public VmId {
        Checks.identifier("vm", value);
    }

    /** Returns the identity with this text. */
    public static VmId of(String value) {
        return new VmId(value);
    }

    @Override
    public int compareTo(VmId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
