package dev.shadow.spi.inventory;

import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.HostId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.internal.Checks;
import java.util.Set;

/**
 * A host as the platform knows it.
 *
 * @param id the host
 * @param domain where it stands
 * @param capacity what it offers in all
 * @param used what runs on it takes now, without the shadows that the library placed; may exceed the
 *     capacity on an overcommitted host
 * @param schedulable whether new instances may be put on it
 * @param licensedProducts products that may run on it (dedicated hosts); identifiers. A product whose terms count
 *     cores or sockets is paid for there already
 * @param dataSets data sets that it holds or that are near it; identifiers
 * @param costPerHour cost of a whole host for an hour, in the platform's currency, at least 0
 * @param sockets processor sockets, 1 to 1024; what products licensed by socket are counted by
 */
public record HostDescription(
        HostId id,
        FailureDomain domain,
        Resources capacity,
        Resources used,
        boolean schedulable,
        Set<String> licensedProducts,
        Set<String> dataSets,
        double costPerHour,
        int sockets) {
    public HostDescription {
        Checks.present("id", id);
        Checks.present("domain", domain);
        Checks.present("capacity", capacity);
        Checks.present("used", used);
        licensedProducts = Set.copyOf(Checks.present("licensedProducts", licensedProducts));
        licensedProducts.forEach(p -> Checks.identifier("licensedProducts", p));
        dataSets = Set.copyOf(Checks.present("dataSets", dataSets));
        dataSets.forEach(d -> Checks.identifier("dataSets", d));
        Checks.range("costPerHour", costPerHour, 0, Double.MAX_VALUE);
        Checks.range("sockets", sockets, 1, 1024);
    }

    /** A host with one socket. */
    public HostDescription(
            HostId id,
            FailureDomain domain,
            Resources capacity,
            Resources used,
            boolean schedulable,
            Set<String> licensedProducts,
            Set<String> dataSets,
            double costPerHour) {
        this(id, domain, capacity, used, schedulable, licensedProducts, dataSets, costPerHour, 1);
    }

    /** What is left of the capacity, each resource at least 0. */
    public Resources free() {
        return capacity.minus(used);
    }
}
