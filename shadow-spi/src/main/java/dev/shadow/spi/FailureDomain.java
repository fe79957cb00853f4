package dev.shadow.spi;

import dev.shadow.spi.internal.Checks;

/**
 * Where a host stands: a path from region to host. Names are unique below their parent only, so two
 * places are compared from the region downwards.
 *
 * @param region region, an identifier
 * @param zone availability zone within the region, an identifier
 * @param rack rack within the zone, an identifier
 * @param host host within the rack, an identifier
 */
public record FailureDomain(String region, String zone, String rack, String host) {
    public FailureDomain {
        Checks.identifier("region", region);
        Checks.identifier("zone", zone);
        Checks.identifier("rack", rack);
        Checks.identifier("host", host);
    }

    /** Says whether one failure at this level takes both places down. */
    public boolean failsTogetherWith(FailureDomain other, Tier level) {
        return switch (level) {
            case REGION -> region.equals(other.region);
            case ZONE -> zone.equals(other.zone) && failsTogetherWith(other, Tier.REGION);
            case RACK -> rack.equals(other.rack) && failsTogetherWith(other, Tier.ZONE);
            case HOST -> host.equals(other.host) && failsTogetherWith(other, Tier.RACK);
        };
    }

    @Override
    public String toString() {
        return region + "/" + zone + "/" + rack + "/" + host;
    }
}
