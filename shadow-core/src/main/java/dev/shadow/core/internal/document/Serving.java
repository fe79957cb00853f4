package dev.shadow.core.internal.document;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;

/** An instance and where it is. */
public record Serving(InstanceId instance, HostId host) {
    ObjectNode write() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("instance", instance.value())
                .put("host", host.value());
    }

    static Serving read(Fields fields) {
        return new Serving(
                fields.identity("instance", InstanceId.of("instance"), InstanceId::of),
                fields.identity("host", HostId.of("host"), HostId::of));
    }

    @Override
    public String toString() {
        return instance + " on " + host;
    }
}
