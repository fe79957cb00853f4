package dev.shadow.core.internal.document;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.LicenseGrant;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The licences that are held, as JSON.
 *
 * @param grants what instances hold
 * @param openings hosts that hold units of a product for all that runs on them
 */
public record GrantDocument(List<LicenseGrant> grants, List<Opening> openings) {
    /** Nothing is held. */
    public static final GrantDocument EMPTY = new GrantDocument(List.of(), List.of());

    public GrantDocument {
        grants = List.copyOf(grants);
        openings = List.copyOf(openings);
    }

    /**
     * A host that holds units of a product.
     *
     * @param product the product
     * @param host the host
     * @param units units that it took when it was opened
     * @param closesAt when it gives them back, unless something runs there again; empty while something does
     */
    public record Opening(String product, HostId host, int units, Optional<Instant> closesAt) {
        /** The same with another end. */
        public Opening closing(Optional<Instant> at) {
            return new Opening(product, host, units, at);
        }
    }

    /** Returns the document as text. */
    public String write() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ArrayNode list = node.putArray("grants");
        for (LicenseGrant grant : grants) {
            ObjectNode entry = list.addObject();
            entry.put("instance", grant.instance().value());
            entry.put("host", grant.host().value());
            ArrayNode demands = entry.putArray("demands");
            for (LicenseDemand demand : grant.demands()) {
                demands.addObject().put("product", demand.product()).put("units", demand.units());
            }
            grant.expiresAt().ifPresent(at -> entry.put("expiresAt", at.toString()));
        }
        if (!openings.isEmpty()) {
            ArrayNode opened = node.putArray("openings");
            for (Opening opening : openings) {
                ObjectNode entry = opened.addObject();
                entry.put("product", opening.product());
                entry.put("host", opening.host().value());
                entry.put("units", opening.units());
                opening.closesAt().ifPresent(at -> entry.put("closesAt", at.toString()));
            }
        }
        return node.toString();
    }

    /** Reads a document. */
    public static GrantDocument read(String json) {
        return Documents.read(
                "licence grants",
                json,
                fields -> new GrantDocument(
                        fields.objects("grants", GrantDocument::readGrant),
                        fields.objects("openings", GrantDocument::readOpening)));
    }

    private static Opening readOpening(Fields fields) {
        return new Opening(
                fields.text("product"),
                fields.identity("host", HostId.of("host"), HostId::of),
                fields.requiredNumber("units"),
                fields.optionalInstant("closesAt"));
    }

    private static LicenseGrant readGrant(Fields fields) {
        return new LicenseGrant(
                fields.identity("instance", InstanceId.of("instance"), InstanceId::of),
                fields.identity("host", HostId.of("host"), HostId::of),
                fields.objects(
                        "demands", demand -> new LicenseDemand(demand.text("product"), demand.requiredNumber("units"))),
                fields.optionalInstant("expiresAt"));
    }
}
