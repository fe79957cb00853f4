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
 * @param shadows the library's own shadows that wait on hosts, beyond {@code HostDescription.used}
 * @param suspected hosts that the failure detector does not hold for alive
 * @param licenses what is left of the licences
 * @param latencies latency from the primary's host to each host; a host that is not in it is out of reach
 */
public record FleetSnapshot(
        List<HostDescription> hosts,
        List<StandingShadow> shadows,
        Set<HostId> suspected,
        LicenseStock licenses,
        Map<HostId, Duration> latencies) {
    public FleetSnapshot {
        hosts = Checks.list("hosts", hosts);
        shadows = Checks.list("shadows", shadows);
        suspected = Set.copyOf(Checks.present("suspected", suspected));
        Checks.present("licenses", licenses);
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

    /**
     * What is free on a host after the library's own shadows, each resource at least 0, as if all of them were
     * activated at once.
     */
    public Resources free(HostDescription host) {
        Resources free = host.free();
        for (StandingShadow shadow : shadows) {
            if (shadow.host().equals(host.id())) {
                free = free.minus(shadow.most());
            }
        }
        return free;
    }
}
