package dev.shadow.spi.failover;

import dev.shadow.spi.HostId;
import java.time.Duration;

/**
 * Asks a host for a sign of life; what the default failure detector is built on.
 *
 * <p>Called by the detector on its executor; calls for different hosts may overlap, calls for one host
 * do not. It changes nothing.
 */
public interface HostProbe {
    /**
     * Returns normally if the host answered within the time-out.
     *
     * @param timeout the longest that the call may block
     * @throws DetectionException if it did not, with what was seen: refused, reset, timed out
     */
    void probe(HostId host, Duration timeout) throws DetectionException;
}
