package dev.shadow.spi.compute;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Creates, activates, pauses and removes instances of virtual machines.
 *
 * <p>Called by the manager, on its executor. Calls for different virtual machines may overlap; calls
 * for one virtual machine do not, except {@link #describe} and {@link #instances}. A thrown {@link
 * HypervisorException} says nothing about the effect: the manager repeats the call with the same key
 * or asks {@link #describe}. After a crash half-way, a repeated call completes what was begun; an
 * instance is never made twice.
 */
public interface Hypervisor {
    /**
     * Creates a standby instance with an empty disk of the given size that a synchronisation session can
     * write to. If the instance exists already with the same spec, returns it as it is.
     *
     * @throws HypervisorException permanent if the host is unknown, lacks space, or the instance exists
     *     with another spec; transient if the host cannot be reached
     * @throws dev.shadow.spi.StaleGenerationException if the host has seen a newer generation of the
     *     virtual machine
     */
    InstanceDescription create(InstanceSpec spec, CallContext context) throws HypervisorException;

    /**
     * Activates a standby instance and returns once its service answers. In mode {@code TAKE_OVER} the
     * instance then is the primary under the context's generation. An instance that already runs in that
     * generation is returned as it is.
     *
     * @throws HypervisorException permanent if there is no such instance or its state forbids it, or the
     *     mode is not supported; transient if its host cannot be reached
     * @throws dev.shadow.spi.StaleGenerationException if the host has seen a newer generation
     */
    InstanceDescription activate(InstanceId instance, HostId host, ActivationMode mode, CallContext context)
            throws HypervisorException;

    /**
     * Holds a running instance: when it returns, the instance serves nothing and writes nothing. Pausing
     * an instance that does not run changes nothing.
     *
     * @throws HypervisorException permanent if there is no such instance; transient if its host cannot be
     *     reached
     * @throws dev.shadow.spi.StaleGenerationException if the host has seen a newer generation
     */
    void pause(InstanceId instance, HostId host, CallContext context) throws HypervisorException;

    /**
     * Removes an instance and its disk. If there is no such instance, the call succeeds.
     *
     * @throws HypervisorException transient if its host cannot be reached
     * @throws dev.shadow.spi.StaleGenerationException if the host has seen a newer generation
     */
    void deprovision(InstanceId instance, HostId host, CallContext context) throws HypervisorException;

    /**
     * Describes one instance, or returns empty if its host says that there is none.
     *
     * @param timeout the longest that the call may block
     * @throws HypervisorException transient if its host cannot be reached
     */
    Optional<InstanceDescription> describe(InstanceId instance, HostId host, Duration timeout)
            throws HypervisorException;

    /**
     * Lists every instance on a host, primaries and shadows, also those that the manager never asked for.
     *
     * @param timeout the longest that the call may block
     * @throws HypervisorException permanent if the host is unknown; transient if it cannot be reached
     */
    List<InstanceDescription> instances(HostId host, Duration timeout) throws HypervisorException;
}
