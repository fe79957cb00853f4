package dev.shadow.core.placement.online;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.placement.FleetSnapshot;
import dev.shadow.spi.placement.LicenseStock;
import dev.shadow.spi.placement.LicenseTerms;
import dev.shadow.spi.placement.Standby;
import dev.shadow.spi.placement.StandingShadow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A fleet that stands as a snapshot says. Following a newer snapshot changes what differs; a fleet with other
 * hosts, prices or products is built anew. Guarded by the selector's lock.
 */
final class SnapshotFleet {
    /** Nothing that is placed here lapses. */
    static final InstantSource NO_TIME = () -> Instant.EPOCH;

    static final SnapshotFleet NONE = new SnapshotFleet(null, List.of(), Set.of(), true);

    private final @Nullable OnlineFleet fleet;
    private final Map<HostId, HostDescription> hosts = new HashMap<>();
    private final List<LicenseTerms> terms;
    private final Set<String> products;
    private final boolean priced;
    private final Map<InstanceId, StandingShadow> standing = new HashMap<>();

    private SnapshotFleet(@Nullable OnlineFleet fleet, List<LicenseTerms> terms, Set<String> products, boolean priced) {
        this.priced = priced;
        this.fleet = fleet;
        this.terms = terms;
        this.products = products;
    }

    OnlineFleet fleet() {
        if (fleet == null) {
            throw new IllegalStateException("no snapshot was followed yet");
        }
        return fleet;
    }

    /** Returns a fleet that stands as the snapshot says: this one, changed, or a new one. */
    SnapshotFleet follow(FleetSnapshot snapshot, DoubleFunction<OnlineFleet.Builder> builder) {
        SnapshotFleet followed = fits(snapshot) ? this : build(snapshot, builder);
        followed.bringUpTo(snapshot);
        return followed;
    }

    private boolean fits(FleetSnapshot snapshot) {
        if (snapshot.hosts().size() != hosts.size()
                || !terms.equals(snapshot.licenses().terms())
                || !products.equals(snapshot.licenses().free().keySet())) {
            return false;
        }
        for (HostDescription host : snapshot.hosts()) {
            HostDescription known = hosts.get(host.id());
            if (known == null || !OnlineFleet.sameButForUse(known, host)) {
                return false;
            }
        }
        return true;
    }

    private static SnapshotFleet build(FleetSnapshot snapshot, DoubleFunction<OnlineFleet.Builder> builder) {
        double sum = snapshot.hosts().stream()
                .mapToDouble(HostDescription::costPerHour)
                .sum();
        OnlineFleet.Builder fresh =
                builder.apply(sum > 0 ? sum / snapshot.hosts().size() : 1);
        LicenseStock stock = snapshot.licenses();
        Set<String> withTerms = new HashSet<>();
        for (LicenseTerms of : stock.terms()) {
            withTerms.add(of.product());
            fresh.license(withoutAffinity(of));
        }
        stock.free().keySet().stream()
                .filter(product -> !withTerms.contains(product))
                .forEach(fresh::licenseWithoutTerms);
        boolean priced = sum > 0;
        snapshot.hosts().forEach(host -> fresh.host(priced(host, priced)));
        SnapshotFleet built =
                new SnapshotFleet(fresh.build(), stock.terms(), stock.free().keySet(), priced);
        snapshot.hosts().forEach(host -> built.hosts.put(host.id(), host));
        return built;
    }

    /** A fleet without prices is priced alike, so that less reserve is better there too. */
    private static HostDescription priced(HostDescription host, boolean priced) {
        return priced
                ? host
                : new HostDescription(
                        host.id(),
                        host.domain(),
                        host.capacity(),
                        host.used(),
                        host.schedulable(),
                        host.licensedProducts(),
                        host.dataSets(),
                        1,
                        host.sockets());
    }

    /** The ledger knows which hosts stay open; what is tried here leaves nothing behind. */
    private static LicenseTerms withoutAffinity(LicenseTerms of) {
        return new LicenseTerms(
                of.product(),
                of.metric(),
                of.minimumUnits(),
                of.poolUnits(),
                of.unitPricePerHour(),
                Duration.ZERO,
                of.zones(),
                of.freeStandby());
    }

    private void bringUpTo(FleetSnapshot snapshot) {
        for (HostDescription host : snapshot.hosts()) {
            if (!host.equals(hosts.get(host.id()))) {
                fleet().update(priced(host, priced));
                hosts.put(host.id(), host);
            }
        }
        fleet().suspectOnly(snapshot.suspected());
        Map<InstanceId, StandingShadow> then = new HashMap<>();
        snapshot.shadows().forEach(shadow -> then.put(shadow.instance(), shadow));
        standing.values().removeIf(shadow -> {
            boolean gone = !shadow.equals(then.get(shadow.instance()));
            if (gone) {
                fleet().release(shadow.instance());
            }
            return gone;
        });
        for (StandingShadow shadow : then.values()) {
            if (!standing.containsKey(shadow.instance()) && hosts.containsKey(shadow.host())) {
                fleet().adopt(demand(shadow), shadow.host());
                standing.put(shadow.instance(), shadow);
            }
        }
        fleet().take(snapshot.licenses());
    }

    /** Without a known host of its primary a shadow holds all that it may need, as if that had failed. */
    private ShadowDemand demand(StandingShadow shadow) {
        boolean known = hosts.containsKey(shadow.primary());
        return new ShadowDemand(
                shadow.instance(),
                known ? shadow.primary() : shadow.host(),
                shadow.tier(),
                known ? shadow.waiting() : shadow.most(),
                known ? shadow.active() : Resources.NONE,
                List.of(1000),
                Standby.COLD,
                List.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                Duration.ofNanos(1));
    }
}
