package dev.shadow.core.placement.plan;

import java.util.List;
import java.util.Objects;

/**
 * A product that licenses whole hosts.
 *
 * @param name for messages
 * @param model what is counted on a host
 * @param minUnits least units of a host, at least 0
 * @param unitPrice micro-credits per unit and hour, 0 to 2^30
 * @param allowedZones zones where it may be used
 * @param licensedHosts hosts that carry it already and cost nothing more
 * @param poolUnits units that are still free, at least 0
 */
public record LicenceProduct(
        String name,
        Model model,
        int minUnits,
        int unitPrice,
        List<Integer> allowedZones,
        List<Integer> licensedHosts,
        int poolUnits) {
    /** What a licence counts. */
    public enum Model {
        /** The cores of the host. */
        HOST_CORE,
        /** The sockets of the host. */
        SOCKET
    }

    /** Refuses negative values. */
    public LicenceProduct {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(model, "model");
        Refusals.quantity("minUnits", minUnits);
        Refusals.price("unitPrice", unitPrice);
        Refusals.inRange("poolUnits", poolUnits, 0, Integer.MAX_VALUE);
        allowedZones = List.copyOf(allowedZones);
        licensedHosts = List.copyOf(licensedHosts);
    }

    /** Returns the units that a host of the type needs. */
    public int units(HostType type) {
        return Math.max(minUnits, model == Model.HOST_CORE ? type.cores() : type.sockets());
    }
}
