package dev.shadow.core.placement;

import dev.shadow.core.internal.document.GrantDocument;
import dev.shadow.core.internal.document.GrantDocument.Opening;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.LicenseGrant;
import dev.shadow.spi.placement.LicenseTerms;
import dev.shadow.spi.placement.Standby;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Grants and opened hosts as they stand at one time, and how they change. What stands follows from the recorded
 * document and the time alone, so that a lapse needs no write. Owned by one call.
 */
final class LicenseBook {
    private static final int CORE_MILLIS = 1000;

    private final Map<String, Integer> pools;
    private final Map<String, LicenseTerms> terms;
    private final List<LicenseGrant> grants;
    private final List<Opening> openings;

    LicenseBook(GrantDocument document, Map<String, Integer> pools, Map<String, LicenseTerms> terms, Instant now) {
        this.pools = pools;
        this.terms = terms;
        this.grants = new ArrayList<>(document.grants());
        this.openings = new ArrayList<>(document.openings());
        grants.stream()
                .filter(grant -> !lapse(grant).isAfter(now))
                .sorted(Comparator.comparing(LicenseBook::lapse))
                .forEach(grant -> remove(grant, lapse(grant)));
        openings.removeIf(
                opening -> opening.closesAt().map(at -> !at.isAfter(now)).orElse(false));
    }

    private static Instant lapse(LicenseGrant grant) {
        return grant.expiresAt().orElse(Instant.MAX);
    }

    GrantDocument document() {
        return new GrantDocument(grants, openings);
    }

    Optional<LicenseGrant> find(InstanceId instance) {
        return grants.stream()
                .filter(grant -> grant.instance().equals(instance))
                .findFirst();
    }

    void replace(LicenseGrant old, LicenseGrant by) {
        grants.set(grants.indexOf(old), by);
    }

    /** Takes the grant away; its host stays open for the affinity after the last instance. */
    void remove(LicenseGrant grant, Instant at) {
        grants.remove(grant);
        for (LicenseDemand demand : grant.demands()) {
            LicenseTerms of = terms.get(demand.product());
            if (of != null && !isUsed(demand.product(), grant.host())) {
                openings.replaceAll(opening -> is(opening, demand.product(), grant.host())
                        ? opening.closing(Optional.of(at.plus(of.affinity())))
                        : opening);
                openings.removeIf(opening -> opening.closesAt().equals(Optional.of(at)));
            }
        }
    }

    private boolean isUsed(String product, HostId host) {
        return grants.stream()
                .anyMatch(grant -> grant.host().equals(host)
                        && grant.demands().stream()
                                .anyMatch(demand -> demand.product().equals(product)));
    }

    private static boolean is(Opening opening, String product, HostId host) {
        return opening.product().equals(product) && opening.host().equals(host);
    }

    /**
     * Adds the grant if every pool has the units and every product may run there.
     *
     * @param host what the directory says of the host; asked for only where terms need it
     */
    boolean add(LicenseGrant grant, Optional<HostDescription> host) {
        Map<String, Long> wanted = new HashMap<>();
        Set<String> opened = new HashSet<>();
        for (LicenseDemand demand : grant.demands()) {
            String product = demand.product();
            LicenseTerms of = terms.get(product);
            boolean refused =
                    of != null && !host.map(h -> of.allows(h.domain())).orElse(false);
            if (refused) {
                return false;
            }
            boolean hosts = of != null && of.metric().licensesHosts();
            boolean counted = !hosts || (!isOpen(product, grant.host(), host) && opened.add(product));
            wanted.merge(product, counted ? units(demand, host) : 0L, Long::sum);
        }
        Map<String, Long> free = free();
        if (!wanted.entrySet().stream().allMatch(e -> free.getOrDefault(e.getKey(), -1L) >= e.getValue())) {
            return false;
        }
        opened.forEach(product -> openings.add(
                new Opening(product, grant.host(), (int) (long) wanted.getOrDefault(product, 0L), Optional.empty())));
        grant.demands()
                .forEach(demand -> openings.replaceAll(opening ->
                        is(opening, demand.product(), grant.host()) ? opening.closing(Optional.empty()) : opening));
        grants.add(grant);
        return true;
    }

    private boolean isOpen(String product, HostId id, Optional<HostDescription> host) {
        return host.map(h -> h.licensedProducts().contains(product)).orElse(false)
                || openings.stream().anyMatch(opening -> is(opening, product, id));
    }

    private long units(LicenseDemand demand, Optional<HostDescription> host) {
        LicenseTerms of = terms.get(demand.product());
        if (of == null) {
            return demand.units();
        }
        long cores = host.map(h -> (h.capacity().cpuMillis() + CORE_MILLIS - 1) / CORE_MILLIS)
                .orElse(0L);
        return of.metric().licensesHosts()
                ? of.unitsPerHost(
                        (int) Math.min(Integer.MAX_VALUE, cores),
                        host.map(HostDescription::sockets).orElse(1))
                : of.unitsPerInstance(demand.units(), Standby.HOT);
    }

    /** Free units by product; below zero if a pool was made smaller than what is held. */
    Map<String, Long> free() {
        Map<String, Long> free = new HashMap<>();
        pools.forEach((product, units) -> free.put(product, (long) units));
        terms.forEach((product, of) -> free.put(product, (long) of.poolUnits()));
        for (LicenseGrant grant : grants) {
            for (LicenseDemand demand : grant.demands()) {
                LicenseTerms of = terms.get(demand.product());
                if (of == null || !of.metric().licensesHosts()) {
                    free.computeIfPresent(demand.product(), (p, units) -> units - units(demand, Optional.empty()));
                }
            }
        }
        openings.forEach(opening -> free.computeIfPresent(opening.product(), (p, units) -> units - opening.units()));
        return free;
    }

    /** Hosts that hold units, by product. */
    Map<String, Set<HostId>> opened() {
        Map<String, Set<HostId>> opened = new HashMap<>();
        for (Opening opening : openings) {
            opened.computeIfAbsent(opening.product(), p -> new HashSet<>()).add(opening.host());
        }
        return opened;
    }
}
