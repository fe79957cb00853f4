package dev.shadow.spi.store;

import dev.shadow.spi.internal.Checks;

/**
 * Names one record of the control plane.
 *
 * @param kind what the record is about, an identifier such as {@code profile} or {@code replica}
 * @param id which one, an identifier
 */
public record RecordKey(String kind, String id) implements Comparable<RecordKey> {
    public RecordKey {
        Checks.identifier("kind", kind);
        Checks.identifier("id", id);
    }

    @Override
    public int compareTo(RecordKey other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return kind + "/" + id;
    }
}
