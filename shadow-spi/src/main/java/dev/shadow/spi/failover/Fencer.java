package dev.shadow.spi.failover;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;

/**
 * Makes sure that an instance can no longer write or serve: by power, by the storage, by the network.
 *
 * <p>Called by the manager's failover, on its executor; calls for one virtual machine do not overlap.
 * {@code CONFIRMED} must mean that the instance is off or cut off for good and stays so; when in doubt
 * the answer is {@code UNCONFIRMED}. A thrown {@link FenceException} counts as not confirmed and the
 * manager tries again. After a crash half-way a repeated call fences again or confirms what was done.
 */
public interface Fencer {
    /**
     * Fences one instance.
     *
     * @param vm the virtual machine
     * @param instance the instance to be cut off
     * @param host where it ran
     * @param context carries the generation that is about to take over
     * @throws FenceException if the device could not be asked within the time-out
     * @throws dev.shadow.spi.StaleGenerationException if the device knows a newer generation
     */
    FenceReport fence(VmId vm, InstanceId instance, HostId host, CallContext context) throws FenceException;
}
