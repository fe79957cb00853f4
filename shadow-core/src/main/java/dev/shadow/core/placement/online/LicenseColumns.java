package dev.shadow.core.placement.online;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.LicenseStock;
import dev.shadow.spi.placement.LicenseTerms;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/** Licence pools, and the hosts that are opened for each product. Guarded by the fleet's lock. */
final class LicenseColumns {
    private static final int CORE_MILLIS = 1000;

    private final FleetColumns columns;
    private final Map<String, Integer> indexOf = new HashMap<>();
    private final LicenseTerms[] terms;
    private final int[] free;
    /** Instances on a host that hold it open; {@link #UNOPENED} if it takes no units. */
    private final int[][] users;

    /** Hosts opened in each node of the index, and the least units that opening one there takes. */
    private final int[][] openIn;

    private final int[][] leastUnits;
    private final Map<Opened, Instant> closesAt = new HashMap<>();
    private final NavigableSet<Closing> closings =
            new TreeSet<>(Comparator.comparing(Closing::at).thenComparing(Closing::opened));
    private long version;

    private static final int UNOPENED = -1;

    /** Products without terms of their own: they run where a host lists them. */
    private final boolean[] listedOnly;

    LicenseColumns(Collection<LicenseTerms> products, Set<String> withoutTerms, FleetColumns columns) {
        this.columns = columns;
        terms = products.toArray(LicenseTerms[]::new);
        free = new int[terms.length];
        listedOnly = new boolean[terms.length];
        users = new int[terms.length][columns.hosts.length];
        openIn = new int[terms.length][columns.index.nodes];
        leastUnits = new int[terms.length][columns.index.nodes];
        for (int p = 0; p < terms.length; p++) {
            if (indexOf.put(terms[p].product(), p) != null) {
                throw new InvalidValueException("licenses", terms[p].product(), "name every product once");
            }
            free[p] = terms[p].poolUnits();
            listedOnly[p] = withoutTerms.contains(terms[p].product());
            for (int h = 0; h < users[p].length; h++) {
                boolean sunk = sunk(p, h);
                users[p][h] = sunk ? 0 : UNOPENED;
            }
        }
        count();
    }

    /** Counts anew what stands in each node of the index. */
    void count() {
        for (int p = 0; p < terms.length; p++) {
            Arrays.fill(openIn[p], 0);
            Arrays.fill(leastUnits[p], Integer.MAX_VALUE);
            for (int h = 0; h < users[p].length; h++) {
                countOpen(p, h, users[p][h] == UNOPENED ? 0 : 1);
                int block = columns.index.block(h);
                int units = terms[p].unitsPerHost(cores(h), columns.hosts[h].sockets());
                leastUnits[p][block] = Math.min(leastUnits[p][block], units);
                int group = columns.index.group(block);
                leastUnits[p][group] = Math.min(leastUnits[p][group], units);
            }
        }
    }

    long version() {
        return version;
    }

    Map<String, Integer> free() {
        Map<String, Integer> units = new HashMap<>();
        for (int p = 0; p < terms.length; p++) {
            units.put(terms[p].product(), free[p]);
        }
        return units;
    }

    int free(String product) {
        Integer p = indexOf.get(product);
        return p == null ? 0 : free[p];
    }

    boolean knows(String product) {
        return indexOf.containsKey(product);
    }

    /** Says whether the product may run on the host. */
    boolean allows(String product, int h) {
        Integer p = indexOf.get(product);
        return p != null && mayRun(p, h);
    }

    /** Says whether every product may run on the host. */
    boolean allows(ShadowDemand demand, int h) {
        return demand.licenses().stream().allMatch(asked -> allows(asked.product(), h));
    }

    private boolean mayRun(int p, int h) {
        return terms[p].allows(columns.hosts[h].domain()) && (!listedOnly[p] || sunk(p, h));
    }

    /** Takes what a ledger has left, which knows more than what was placed here. */
    void take(LicenseStock stock) {
        version++;
        closings.clear();
        closesAt.clear();
        for (int p = 0; p < terms.length; p++) {
            String product = terms[p].product();
            free[p] = stock.free().getOrDefault(product, 0);
            Set<HostId> opened = stock.opened().getOrDefault(product, Set.of());
            for (int h = 0; h < users[p].length; h++) {
                boolean open = sunk(p, h) || opened.contains(columns.hosts[h].id());
                users[p][h] = open ? 0 : UNOPENED;
            }
        }
        count();
    }

    /** Units of the pool that the shadow would take there; a product without terms takes none. */
    int units(LicenseDemand asked, ShadowDemand demand, int h) {
        Integer index = indexOf.get(asked.product());
        if (index == null) {
            return 0;
        }
        LicenseTerms of = terms[index];
        if (of.freeStandby().contains(demand.standby())) {
            return 0;
        }
        if (!of.metric().licensesHosts()) {
            return of.unitsPerInstance(asked.units(), demand.standby());
        }
        return users[index][h] == UNOPENED ? of.unitsPerHost(cores(h), columns.hosts[h].sockets()) : 0;
    }

    private int cores(int h) {
        long cores = (columns.hosts[h].capacity().cpuMillis() + CORE_MILLIS - 1) / CORE_MILLIS;
        return (int) Math.min(Integer.MAX_VALUE, cores);
    }

    /** Cost of the units per hour; infinity if the product may not run there or the pool is short. */
    double costPerHour(ShadowDemand demand, int h) {
        double cost = 0;
        for (LicenseDemand asked : demand.licenses()) {
            Integer p = indexOf.get(asked.product());
            int units = units(asked, demand, h);
            if (p == null || units > free[p] || !mayRun(p, h)) {
                return Double.POSITIVE_INFINITY;
            }
            cost += units * terms[p].unitPricePerHour();
        }
        return cost;
    }

    /** The least that {@link #costPerHour} returns in a node of the index. */
    double bound(ShadowDemand demand, int node) {
        double bound = 0;
        for (LicenseDemand asked : demand.licenses()) {
            Integer p = indexOf.get(asked.product());
            if (p == null || !terms[p].allows(columns.hosts[columns.index.anyHost(node)].domain())) {
                return Double.POSITIVE_INFINITY;
            }
            LicenseTerms of = terms[p];
            boolean counted = !of.freeStandby().contains(demand.standby());
            if (counted && of.metric().licensesHosts() && openIn[p][node] == 0) {
                int units = leastUnits[p][node];
                bound += units > free[p] ? Double.POSITIVE_INFINITY : units * of.unitPricePerHour();
            }
        }
        return bound;
    }

    void add(ShadowDemand demand, int h) {
        for (LicenseDemand asked : demand.licenses()) {
            Integer p = indexOf.get(asked.product());
            if (p == null || terms[p].freeStandby().contains(demand.standby())) {
                continue;
            }
            free[p] -= units(asked, demand, h);
            if (terms[p].metric().licensesHosts()) {
                if (users[p][h] == UNOPENED) {
                    users[p][h] = 0;
                    countOpen(p, h, 1);
                }
                users[p][h]++;
                keepOpen(new Opened(p, h));
            }
            version++;
        }
    }

    void remove(ShadowDemand demand, int h, Instant now) {
        for (LicenseDemand asked : demand.licenses()) {
            Integer p = indexOf.get(asked.product());
            if (p == null || terms[p].freeStandby().contains(demand.standby())) {
                continue;
            }
            version++;
            if (!terms[p].metric().licensesHosts()) {
                free[p] += terms[p].unitsPerInstance(asked.units(), demand.standby());
            } else if (--users[p][h] == 0 && !sunk(p, h)) {
                Opened opened = new Opened(p, h);
                Instant at = now.plus(terms[p].affinity());
                closesAt.put(opened, at);
                closings.add(new Closing(at, opened));
            }
        }
        settle(now);
    }

    private void keepOpen(Opened opened) {
        Instant at = closesAt.remove(opened);
        if (at != null) {
            closings.remove(new Closing(at, opened));
        }
    }

    private void countOpen(int p, int h, int by) {
        int block = columns.index.block(h);
        openIn[p][block] += by;
        openIn[p][columns.index.group(block)] += by;
    }

    private boolean sunk(int p, int h) {
        return columns.hosts[h].licensedProducts().contains(terms[p].product());
    }

    boolean isDue(Instant now) {
        return !closings.isEmpty() && !closings.first().at().isAfter(now);
    }

    /** Closes hosts whose affinity has passed with nothing running there. */
    void settle(Instant now) {
        while (isDue(now)) {
            Opened opened = closings.first().opened();
            keepOpen(opened);
            int p = opened.product();
            int h = opened.host();
            users[p][h] = UNOPENED;
            countOpen(p, h, -1);
            free[p] += terms[p].unitsPerHost(cores(h), columns.hosts[h].sockets());
            version++;
        }
    }

    /** A product on a host. */
    private record Opened(int product, int host) implements Comparable<Opened> {
        @Override
        public int compareTo(Opened other) {
            return product != other.product
                    ? Integer.compare(product, other.product)
                    : Integer.compare(host, other.host);
        }
    }

    /** When a host that nothing uses any more is closed. */
    private record Closing(Instant at, Opened opened) {}
}
