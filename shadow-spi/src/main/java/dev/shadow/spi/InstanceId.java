package dev.shadow.spi;

import dev.shadow.spi.internal.Checks;

/**
 * Names one instance of a virtual machine on one host: its primary, or one of its shadow replicas.
 *
 * @param value 1 to 128 letters, digits, {@code .}, {@code _} or {@code -}, starting with a letter
 *     or a digit; safe as a file name
 */
public record InstanceId(String value) implements Comparable<InstanceId> {
    public InstanceId {
        Checks.identifier("instance", value);
    }

    /** Returns the identity with this text. */
    public static InstanceId of(String value) {
        return new InstanceId(value);
    }

    @Override
    public int compareTo(InstanceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
