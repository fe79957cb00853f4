package dev.shadow.core.placement.online;

import dev.shadow.spi.inventory.HostDescription;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * One host looked at for one shadow.
 *
 * @param demand the shadow
 * @param host the host
 * @param primary the primary's host
 * @param others hosts of the virtual machine's other instances, the primary's not among them
 * @param latency one-way latency from the primary's host
 */
public record Candidate(
        ShadowDemand demand,
        HostDescription host,
        HostDescription primary,
        List<HostDescription> others,
        Duration latency) {
    public Candidate {
        Objects.requireNonNull(demand, "demand");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(primary, "primary");
        others = List.copyOf(others);
        Objects.requireNonNull(latency, "latency");
    }
}
