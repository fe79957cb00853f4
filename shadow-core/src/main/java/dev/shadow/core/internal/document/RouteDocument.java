package dev.shadow.core.internal.document;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import dev.shadow.spi.failover.Route;

/** A route as JSON. */
public final class RouteDocument {
    private RouteDocument() {}

    /** Returns the route as text. */
    public static String write(Route route) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("address", route.target().address());
        node.put("port", route.target().port());
        node.put("generation", route.generation().value());
        return node.toString();
    }

    /** Reads a route. */
    public static Route read(String json) {
        return Documents.read(
                "route",
                json,
                fields -> new Route(
                        new Endpoint(fields.text("address"), fields.requiredNumber("port")),
                        Generation.of(fields.requiredLong("generation"))));
    }
}
