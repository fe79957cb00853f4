package dev.shadow.spi.placement;

import dev.shadow.spi.HostId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.internal.Checks;
import dev.shadow.spi.inventory.HostDescription;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The fleet at one instant, as a selector sees it. Immutable.
 *
 * @param hosts every host
 * @param reserved what the library's own shadows take on a host, beyond {@code HostDescription.used};
 *     a host that is not in it has none
 * @param suspected hosts that the failure detector does not hold for alive
 * @param freeLicenses free units by product; a product that is not in it has none
 * @param latencies latency from the primary's host to each host; a host that is not in it is out of reach
 */
public record FleetSnapshot(
        List<HostDescription> hosts,
        Map<HostId, Resources> reserved,
        Set<HostId> suspected,
        Map<String, Integer> freeLicenses,
        Map<HostId, Duration> latencies) {
    public FleetSnapshot {
        hosts = Checks.list("hosts", hosts);
        reserved = copy("reserved", reserved);
        suspected = Set.copyOf(Checks.present("suspected", suspected));
        freeLicenses = copy("freeLicenses", freeLicenses);
        freeLicenses.forEach((product, units) -> Checks.range("freeLicenses." + product, units, 0, Integer.MAX_VALUE));
        latencies = copy("latencies", latencies);
        latencies.forEach((host, latency) -> Checks.notNegative("latencies." + host, latency));
    }

    private static <K, V> Map<K, V> copy(String field, Map<K, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(Checks.present(field, map)));
    }

    /** Returns the host with this identity, if the snapshot has it. */
    public Optional<HostDescription> host(HostId id) {
        return hosts.stream().filter(h -> h.id().equals(id)).findFirst();
    }

    /** What is free on a host after the library's own shadows, each resource at least 0. */
    public Resources free(HostDescription host) {
        return host.free().minus(reserved.getOrDefault(host.id(), Resources.NONE));
    }
}
