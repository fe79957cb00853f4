package dev.shadow.spi.placement;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.internal.Checks;

/**
 * A shadow that has its host, and waits there to be activated.
 *
 * @param instance the shadow
 * @param host where it waits
 * @param primary the host of the primary that it follows
 * @param tier what it does not share with the primary, and the widest failure that activates it
 * @param waiting what it takes while it waits
 * @param active what it takes once it was activated
 */
public record StandingShadow(
        InstanceId instance, HostId host, HostId primary, Tier tier, Resources waiting, Resources active) {
    public StandingShadow {
        Checks.present("instance", instance);
        Checks.present("host", host);
        Checks.present("primary", primary);
        Checks.present("tier", tier);
        Checks.present("waiting", waiting);
        Checks.present("active", active);
    }

    /** The more of waiting and active, of each resource. */
    public Resources most() {
        return new Resources(
                Math.max(waiting.cpuMillis(), active.cpuMillis()),
                Math.max(waiting.memoryBytes(), active.memoryBytes()),
                Math.max(waiting.diskBytes(), active.diskBytes()),
                Math.max(waiting.networkBitsPerSecond(), active.networkBitsPerSecond()));
    }
}
