package dev.shadow.core.internal.document;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.LicenseGrant;
import java.util.List;

/** The licences that are held, as JSON. */
public final class GrantDocument {
    private GrantDocument() {}

    /** Returns the grants as text. */
    public static String write(List<LicenseGrant> grants) {
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
        return node.toString();
    }

    /** Reads grants. */
    public static List<LicenseGrant> read(String json) {
        return Documents.read("licence grants", json, fields -> fields.objects("grants", GrantDocument::readGrant));
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
