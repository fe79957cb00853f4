package dev.shadow.spi.inventory;

import dev.shadow.spi.HostId;
import dev.shadow.spi.VmId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The fleet as the platform knows it. Read only; the library never writes to it.
 *
 * <p>Called by the manager's reconcile pass, on its executor; calls may overlap. A thrown {@link
 * InventoryException} makes the pass skip what it needed; nothing is concluded from it.
 */
public interface Inventory {
    /**
     * Lists every host, in a stable order.
     *
     * @param timeout the longest that the call may block
     */
    List<HostDescription> hosts(Duration timeout) throws InventoryException;

    /**
     * Describes a virtual machine, or returns empty if the platform does not know it.
     *
     * @param timeout the longest that the call may block
     */
    Optional<VmDescription> vm(VmId vm, Duration timeout) throws InventoryException;

    /**
     * One-way network latency between two hosts, at least zero; zero for a host and itself.
     *
     * @throws InventoryException permanent if one of them is unknown
     */
    Duration latency(HostId from, HostId to) throws InventoryException;
}
