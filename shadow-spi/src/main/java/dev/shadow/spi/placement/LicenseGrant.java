package dev.shadow.spi.placement;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.internal.Checks;
import dev.shadow.spi.inventory.LicenseDemand;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Licences held for one instance.
 *
 * @param instance the instance
 * @param host where it is or will be
 * @param demands what is held
 * @param expiresAt when a reservation lapses by itself; empty once committed
 */
public record LicenseGrant(InstanceId instance, HostId host, List<LicenseDemand> demands, Optional<Instant> expiresAt) {
    public LicenseGrant {
        Checks.present("instance", instance);
        Checks.present("host", host);
        demands = Checks.list("demands", demands);
        Checks.present("expiresAt", expiresAt);
    }

    /** Says whether the grant holds until it is released. */
    public boolean isCommitted() {
        return expiresAt.isEmpty();
    }
}
