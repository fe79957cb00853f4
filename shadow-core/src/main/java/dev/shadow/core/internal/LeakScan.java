package dev.shadow.core.internal;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.HostId;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.compute.HypervisorException;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.PowerState;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.failover.HostHealth.Verdict;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks through the hosts for instances with this manager's prefix that belong to nothing, and removes them.
 * Thread-safe.
 */
final class LeakScan {
    private static final Logger LOG = LoggerFactory.getLogger(LeakScan.class);

    private final Parts parts;
    private final Records records;
    private final EventHub hub;
    private final Map<HostId, Instant> scanned = new ConcurrentHashMap<>();

    LeakScan(Parts parts, Records records, EventHub hub) {
        this.parts = parts;
        this.records = records;
        this.hub = hub;
    }

    /** Looks at every host that is due and answers. */
    void scan(Fleet fleet, List<String> problems) {
        Instant now = parts.clock().instant();
        for (HostDescription host : fleet.hosts()) {
            boolean due = !scanned.getOrDefault(host.id(), Instant.MIN).isAfter(now);
            if (due && parts.failureDetector().health(host.id()).verdict() == Verdict.ALIVE) {
                scanned.put(host.id(), now.plus(parts.config().scanInterval()));
                try {
                    scan(host.id());
                } catch (HypervisorException | StoreException | StaleGenerationException e) {
                    problems.add("host " + host.id() + " cannot be looked through: " + e.getMessage());
                }
            }
        }
    }

    private void scan(HostId host) throws HypervisorException, StoreException {
        Duration timeout = parts.config().callTimeout();
        for (InstanceDescription found : parts.hypervisor().instances(host, timeout)) {
            boolean ours = found.id().value().startsWith(parts.config().instancePrefix() + ".");
            boolean idle = found.power() == PowerState.STANDBY || found.power() == PowerState.STOPPED;
            // The records are read after the host was asked: a replica is recorded before it is made.
            if (ours && idle && !isKnown(found)) {
                parts.hypervisor()
                        .deprovision(
                                found.id(), host, CallContext.of(found.id() + "/leak", found.generation(), timeout));
                LOG.warn("instance {} on host {} belongs to nothing and was removed", found.id(), host);
                hub.tell(new ShadowEvent.ProblemReported(
                        parts.clock().instant(),
                        found.vm(),
                        "instance " + found.id() + " on " + host + " belonged to nothing and was removed"));
            }
        }
    }

    private boolean isKnown(InstanceDescription found) throws StoreException {
        var state = records.vm(found.vm());
        boolean serves = state.primary.map(p -> p.instance().equals(found.id())).orElse(false);
        boolean stale = state.stale.keySet().stream().anyMatch(s -> s.instance().equals(found.id()));
        return serves || stale || records.isKnown(found.id());
    }
}
