package dev.shadow.core.placement.online;

import dev.shadow.spi.inventory.HostDescription;

/**
 * A platform's own hard condition on a host. Asked for the few hosts that come into question, under the
 * fleet's lock: must decide from its arguments alone and at once. May be shared between threads.
 */
@FunctionalInterface
public interface OnlineFilter {
    /** Says whether the shadow may be placed on the host. */
    boolean admits(ShadowDemand demand, HostDescription host);
}
