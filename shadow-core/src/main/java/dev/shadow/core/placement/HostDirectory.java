package dev.shadow.core.placement;

import dev.shadow.spi.HostId;
import dev.shadow.spi.SpiException;
import dev.shadow.spi.inventory.HostDescription;
import java.util.Optional;

/** Where a ledger looks up what a host has that licences are counted by. Must be thread-safe. */
@FunctionalInterface
public interface HostDirectory {
    /** Describes the host; empty if it is unknown. */
    Optional<HostDescription> host(HostId host) throws SpiException;
}
