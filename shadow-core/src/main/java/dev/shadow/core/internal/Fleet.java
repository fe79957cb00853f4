package dev.shadow.core.internal;

import dev.shadow.core.internal.document.ReplicaEntry;
import dev.shadow.spi.HostId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.failover.HostHealth.Verdict;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.InventoryException;
import dev.shadow.spi.placement.FleetSnapshot;
import dev.shadow.spi.placement.LicenseException;
import dev.shadow.spi.placement.LicenseStock;
import dev.shadow.spi.placement.StandingShadow;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
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
        List<StandingShadow> shadows = new ArrayList<>();
        for (ReplicaEntry entry : records.replicas()) {
            if (entry.replica.state() != ReplicaState.ACTIVE) {
                shadows.add(standing(entry));
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
        LicenseStock licenses = parts.licenseLedger().stock(parts.config().callTimeout());
        return new FleetSnapshot(hosts, shadows, suspected, licenses, latencies);
    }

    /** A standby instance takes its disk, and all the rest once it was activated. */
    private static StandingShadow standing(ReplicaEntry entry) {
        return new StandingShadow(
                entry.replica.id(),
                entry.replica.host(),
                entry.source.host(),
                entry.replica.tier(),
                new Resources(0, 0, entry.size.diskBytes(), 0),
                entry.size);
    }
}
