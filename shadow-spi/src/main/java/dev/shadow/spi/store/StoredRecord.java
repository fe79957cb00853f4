package dev.shadow.spi.store;

import dev.shadow.spi.internal.Checks;

/**
 * A record as it stands in the store.
 *
 * @param key names it
 * @param version raised by one at every write of the record, at least 1
 * @param document content, JSON text of at most 1 MiB; the store does not look into it
 */
public record StoredRecord(RecordKey key, long version, String document) {
    /** The most characters of a document. */
    public static final int MAX_DOCUMENT = 1 << 20;

    public StoredRecord {
        Checks.present("key", key);
        Checks.range("version", version, 1, Long.MAX_VALUE);
        Checks.text("document", document, MAX_DOCUMENT);
    }
}
