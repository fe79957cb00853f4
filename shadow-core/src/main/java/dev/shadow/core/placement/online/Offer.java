package dev.shadow.core.placement.online;

import dev.shadow.spi.HostId;
import java.util.Objects;

/**
 * The cheapest host for a shadow, as the fleet was when it was looked at. Holds nothing.
 *
 * @param demand what was asked for
 * @param host the host
 * @param version the host's version then; an offer for a host that has changed since is refused
 * @param licenseVersion the version of the licence pools then; 0 if the shadow carries no product
 * @param costPerHour what placing the shadow there adds, in the platform's currency
 */
public record Offer(ShadowDemand demand, HostId host, long version, long licenseVersion, double costPerHour) {
    public Offer {
        Objects.requireNonNull(demand, "demand");
        Objects.requireNonNull(host, "host");
    }
}
