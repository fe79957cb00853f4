package dev.shadow.core.placement.online;

import dev.shadow.spi.inventory.HostDescription;

/**
 * A platform's own cost of placing a shadow on a host, added to the marginal cost. Asked under the fleet's
 * lock: must decide from its arguments alone and at once. May be shared between threads.
 */
@FunctionalInterface
public interface OnlineScore {
    /** Returns a cost per hour in the platform's currency, at least 0; infinity rules the host out. */
    double costPerHour(ShadowDemand demand, HostDescription host);
}
