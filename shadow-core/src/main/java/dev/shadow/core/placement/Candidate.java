package dev.shadow.core.placement;

import dev.shadow.spi.HostId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.placement.FleetSnapshot;
import dev.shadow.spi.placement.SelectionRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One host looked at for one shadow.
 *
 * @param host the host
 * @param primary the primary's host
 * @param tier what the shadow must not share with the primary
 * @param shadows hosts of the virtual machine's other shadows, those chosen just before included
 * @param freeLicenses free units by product, less what shadows chosen just before take
 * @param request what is asked for
 * @param snapshot the fleet
 */
public record Candidate(
        HostDescription host,
        HostDescription primary,
        Tier tier,
        List<HostDescription> shadows,
        Map<String, Integer> freeLicenses,
        SelectionRequest request,
        FleetSnapshot snapshot) {
    public Candidate {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(primary, "primary");
        Objects.requireNonNull(tier, "tier");
        shadows = List.copyOf(shadows);
        freeLicenses = Map.copyOf(freeLicenses);
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(snapshot, "snapshot");
    }

    /** What is free on the host after the library's own shadows. */
    public Resources free() {
        return snapshot.free(host);
    }

    /** Latency from the primary's host; empty if the host is out of reach. */
    public Optional<Duration> latency() {
        return Optional.ofNullable(snapshot.latencies().get(host.id()));
    }

    /** Identity of the host. */
    public HostId id() {
        return host.id();
    }
}
