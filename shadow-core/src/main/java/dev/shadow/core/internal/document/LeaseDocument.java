package dev.shadow.core.internal.document;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shadow.spi.store.Lease;

/** A lease as JSON. */
public final class LeaseDocument {
    private LeaseDocument() {}

    /** Returns the lease as text. */
    public static String write(Lease lease) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("resource", lease.resource());
        node.put("owner", lease.owner());
        node.put("token", lease.token());
        node.put("expiresAt", lease.expiresAt().toString());
        return node.toString();
    }

    /** Reads a lease. */
    public static Lease read(String json) {
        return Documents.read("lease", json, LeaseDocument::read);
    }

    private static Lease read(Fields fields) {
        return new Lease(
                fields.text("resource"),
                fields.text("owner"),
                Math.max(1, fields.requiredLong("token")),
                fields.requiredInstant("expiresAt"));
    }
}
