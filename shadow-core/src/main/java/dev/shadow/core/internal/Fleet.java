package dev.shadow.core.internal;

import dev.shadow.core.internal.document.ReplicaEntry;
import dev.shadow.spi.HostId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.failover.HostHealth.Verdict;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.InventoryException;
import dev.shadow.spi.placement.FleetSnapshot;
import dev.shadow.spi.placement.LicenseException;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.store.StoreException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The hosts as the inventory listed them last. Immutable. */
record Fleet(List<HostDescription> hosts) {
    Optional<HostDescription> host(HostId id) {
        return hosts.stream().filter(host -> host.id().equals(id)).findFirst();
    }

    /** What a selector is told, for shadows of a primary on {@code from}. */
    FleetSnapshot snapshot(Parts parts, Records records, HostId from) throws StoreException, LicenseException {
        Map<HostId, Resources> reserved = new HashMap<>();
        for (ReplicaEntry entry : records.replicas()) {
            if (entry.replica.state() != ReplicaState.ACTIVE) {
                reserved.merge(entry.replica.host(), entry.size, Resources::plus);
            }
        }
        Set<HostId> suspected = new HashSet<>();
        Map<HostId, Duration> latencies = new HashMap<>();
        for (HostDescription host : hosts) {
            Verdict verdict = parts.failureDetector().health(host.id()).verdict();
            if (verdict != Verdict.ALIVE) {
                suspected.add(host.id());
            }
            try {
                latencies.put(host.id(), parts.inventory().latency(from, host.id()));
            } catch (InventoryException e) {
                // Unknown latency: the host is out of reach, which the selector reports.
                latencies.remove(host.id());
            }
        }
        Map<String, Integer> licenses =
                parts.licenseLedger().free(parts.config().callTimeout());
        return new FleetSnapshot(hosts, reserved, suspected, licenses, latencies);
    }
}
