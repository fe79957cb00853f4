package dev.shadow.spi.failover;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.VmId;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends the clients of a virtual machine to the instance that serves.
 *
 * <p>Called by the manager's failover, on its executor; calls for one virtual machine do not overlap. A
 * thrown {@link TrafficException} says nothing about the effect; the manager repeats the call. After a
 * crash half-way the route is the old one or the new one, never a mixture.
 */
public interface TrafficDirector {
    /**
     * Sends new traffic to {@code target}, and cuts connections that still lead elsewhere. A repeated call
     * changes nothing.
     *
     * @throws TrafficException if it cannot be done within the time-out
     * @throws dev.shadow.spi.StaleGenerationException if the present route has a newer generation; the
     *     route stays as it was
     */
    void redirect(VmId vm, Endpoint target, CallContext context) throws TrafficException;

    /**
     * The present route, or empty if the virtual machine has none.
     *
     * @param timeout the longest that the call may block
     */
    Optional<Route> route(VmId vm, Duration timeout) throws TrafficException;
}
