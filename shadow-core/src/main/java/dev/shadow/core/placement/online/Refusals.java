package dev.shadow.core.placement.online;

import dev.shadow.spi.HostId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.Constraint;
import dev.shadow.spi.placement.Rejection;
import dev.shadow.spi.placement.Relaxation;
import dev.shadow.spi.placement.WhyNot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tries every condition on every host. The cheapest change is the one that is smallest in proportion: excess
 * latency to the budget, missing units to the units needed, missing capacity to what the shadow takes there;
 * a level of distance given up, and a host made schedulable, each count as one whole.
 */
final class Refusals {
    /** What a set of failed conditions is made of: condition {@code i} is bit {@code i}. */
    private static final List<Constraint> ALL = List.of(Constraint.values());

    private static final List<Tier> TIERS = List.of(Tier.values());
    private static final int SCHEDULABLE = bit(Constraint.SCHEDULABLE);
    private static final int HEALTHY = bit(Constraint.HEALTHY);
    private static final int NOT_EXCLUDED = bit(Constraint.NOT_EXCLUDED);
    private static final int FAILURE_DOMAIN = bit(Constraint.FAILURE_DOMAIN);
    private static final int LATENCY = bit(Constraint.LATENCY);
    private static final int CAPACITY = bit(Constraint.CAPACITY);
    private static final int LICENSE = bit(Constraint.LICENSE);
    private static final int PLATFORM = bit(Constraint.PLATFORM);

    private final FleetColumns columns;
    private final LicenseColumns licenses;
    private final Ask ask;
    private final OfferSearch search;
    private final long[] after;
    private @Nullable Relaxation cheapest;
    private double effort = Double.POSITIVE_INFINITY;

    Refusals(FleetColumns columns, LicenseColumns licenses, Ask ask, OfferSearch search) {
        this.columns = columns;
        this.licenses = licenses;
        this.ask = ask;
        this.search = search;
        this.after = new long[columns.slots];
    }

    WhyNot explain() {
        List<List<HostId>> byMask = new ArrayList<>();
        for (int mask = 0; mask < 1 << ALL.size(); mask++) {
            byMask.add(List.of());
        }
        for (int h = 0; h < columns.hosts.length; h++) {
            int mask = failed(h);
            if (mask != 0) {
                if (byMask.get(mask).isEmpty()) {
                    byMask.set(mask, new ArrayList<>());
                }
                byMask.get(mask).add(columns.hosts[h].id());
                if (Integer.bitCount(mask) == 1) {
                    consider(ALL.get(Integer.numberOfTrailingZeros(mask)), h);
                }
            }
        }
        List<WhyNot.Group> groups = new ArrayList<>();
        for (int mask = 1; mask < byMask.size(); mask++) {
            if (!byMask.get(mask).isEmpty()) {
                groups.add(new WhyNot.Group(constraints(mask), byMask.get(mask)));
            }
        }
        groups.sort(Comparator.comparingInt((WhyNot.Group g) -> -g.hosts().size()));
        return new WhyNot(groups, Optional.ofNullable(cheapest));
    }

    private static Set<Constraint> constraints(int mask) {
        Set<Constraint> failed = EnumSet.noneOf(Constraint.class);
        for (Constraint constraint : ALL) {
            if ((mask & bit(constraint)) != 0) {
                failed.add(constraint);
            }
        }
        return failed;
    }

    private static int bit(Constraint constraint) {
        return 1 << ALL.indexOf(constraint);
    }

    private int failed(int h) {
        int mask = 0;
        if (!columns.hosts[h].schedulable()) {
            mask |= SCHEDULABLE;
        }
        if (columns.suspected[h]) {
            mask |= HEALTHY;
        }
        if (ask.closes(h)) {
            mask |= NOT_EXCLUDED;
        }
        if (!search.domainFits(h)) {
            mask |= FAILURE_DOMAIN;
        }
        if (!search.latencyFits(h)) {
            mask |= LATENCY;
        }
        if (!fits(h)) {
            mask |= CAPACITY;
        }
        if (!ask.demand.licenses().isEmpty() && licenses.costPerHour(ask.demand, h) == Double.POSITIVE_INFINITY) {
            mask |= LICENSE;
        }
        if (search.refusal(h).isPresent()) {
            mask |= PLATFORM;
        }
        return mask;
    }

    /** Decides by bounds on the reserve's growth where they suffice, exactly in between. */
    private boolean fits(int h) {
        long cpu = ask.held.cpuMillis();
        long memory = ask.held.memoryBytes();
        long network = ask.held.networkBitsPerSecond();
        boolean least = OfferSearch.fits(cpu, columns.room[0][h])
                && OfferSearch.fits(memory, columns.room[1][h])
                && OfferSearch.fits(ask.held.diskBytes(), columns.room[2][h])
                && OfferSearch.fits(network, columns.room[3][h]);
        if (!least) {
            return false;
        }
        boolean most = cpu + ask.peakExtraCpu <= columns.room[0][h]
                && memory + ask.extra[columns.periods] <= columns.room[1][h]
                && network + ask.extra[columns.periods + 1] <= columns.room[3][h];
        return most || search.capacityCost(h) < Double.POSITIVE_INFINITY;
    }

    private void consider(Constraint constraint, int h) {
        HostId id = columns.hosts[h].id();
        switch (constraint) {
            case LATENCY -> {
                long nanos = ask.latencyNanos(h, columns);
                if (nanos != Ask.UNREACHED) {
                    offer(
                            (double) (nanos - ask.budgetNanos) / ask.budgetNanos,
                            () -> new Relaxation.RaiseLatencyBudget(id, Duration.ofNanos(nanos)));
                }
            }
            case LICENSE -> freeLicense(h, id);
            case FAILURE_DOMAIN -> acceptTier(h, id);
            case CAPACITY -> freeCapacity(h, id);
            case SCHEDULABLE -> offer(1, () -> new Relaxation.MakeSchedulable(id));
            case HEALTHY, NOT_EXCLUDED, PLATFORM -> {
                // nobody wants these relaxed
            }
        }
    }

    private void freeLicense(int h, HostId id) {
        String shortOf = null;
        int missing = 0;
        int needed = 1;
        for (LicenseDemand asked : ask.demand.licenses()) {
            int units = licenses.units(asked, ask.demand, h);
            int lacking = units - licenses.free(asked.product());
            if (lacking > 0) {
                if (shortOf != null) {
                    return;
                }
                shortOf = asked.product();
                missing = lacking;
                needed = units;
            }
        }
        if (shortOf != null && licenses.allows(ask.demand, h)) {
            String product = shortOf;
            int units = missing;
            offer((double) missing / needed, () -> new Relaxation.FreeLicense(id, product, units));
        }
    }

    private void acceptTier(int h, HostId id) {
        if (ask.sharesPlace(h, columns)) {
            return;
        }
        int asked = TIERS.indexOf(ask.demand.tier());
        for (int level = asked + 1; level < TIERS.size(); level++) {
            Tier tier = TIERS.get(level);
            if (!columns.together(h, ask.primary, tier)) {
                offer(level - asked, () -> new Relaxation.AcceptTier(id, tier));
                return;
            }
        }
    }

    private void freeCapacity(int h, HostId id) {
        Resources needed = needed(h);
        Resources missing = missing(h, needed);
        double worst = Math.max(
                Math.max(
                        share(missing.cpuMillis(), needed.cpuMillis()),
                        share(missing.memoryBytes(), needed.memoryBytes())),
                Math.max(
                        share(missing.diskBytes(), needed.diskBytes()),
                        share(missing.networkBitsPerSecond(), needed.networkBitsPerSecond())));
        offer(worst, () -> new Relaxation.FreeCapacity(id, missing));
    }

    /** What the host would have to hold more than it does: what waits there, and reserve that grows. */
    private Resources needed(int h) {
        EventLoads loads = columns.loads[h];
        loads.peakWith(ask.events, ask.extra, after);
        long reserve = 0;
        for (int t = 0; t < columns.periods; t++) {
            reserve = Math.max(reserve, after[t]);
        }
        int memorySlot = columns.periods;
        long cpu = ask.held.cpuMillis() + reserve - loads.peakBefore(columns.periods);
        long memory = ask.held.memoryBytes() + after[memorySlot] - loads.peak(memorySlot);
        long network = ask.held.networkBitsPerSecond() + after[memorySlot + 1] - loads.peak(memorySlot + 1);
        return new Resources(cpu, memory, ask.held.diskBytes(), network);
    }

    private Resources missing(int h, Resources needed) {
        return new Resources(
                missing(needed.cpuMillis(), columns.room[0][h]),
                missing(needed.memoryBytes(), columns.room[1][h]),
                missing(needed.diskBytes(), columns.room[2][h]),
                missing(needed.networkBitsPerSecond(), columns.room[3][h]));
    }

    private static long missing(long needed, long room) {
        return OfferSearch.fits(needed, room) ? 0 : needed - room;
    }

    private static double share(long missing, long asked) {
        return missing == 0 ? 0 : (double) missing / Math.max(1, asked);
    }

    private void offer(double byEffort, Supplier<Relaxation> change) {
        if (byEffort < effort) {
            effort = byEffort;
            cheapest = change.get();
        }
    }

    /** All that speaks against one host, in words with numbers; empty if it can be used. */
    List<Rejection> rejections(int h) {
        int mask = failed(h);
        List<Rejection> found = new ArrayList<>();
        for (Constraint constraint : ALL) {
            if ((mask & bit(constraint)) != 0) {
                String text = words(constraint, h);
                found.add(new Rejection(constraint, text.length() > 500 ? text.substring(0, 497) + "..." : text));
            }
        }
        return found;
    }

    private String words(Constraint constraint, int h) {
        HostId id = columns.hosts[h].id();
        return switch (constraint) {
            case SCHEDULABLE -> "the inventory marks " + id + " as not schedulable";
            case HEALTHY -> "the failure detector does not hold " + id + " for alive";
            case NOT_EXCLUDED ->
                ask.demand.excluded().contains(id)
                        ? id + " was excluded by the request"
                        : id + " holds an instance of the virtual machine already";
            case CAPACITY -> capacityWords(h);
            case FAILURE_DOMAIN ->
                ask.sharesPlace(h, columns)
                        ? "stands in the same place as another shadow: " + columns.hosts[h].domain()
                        : "must not share its " + ask.demand.tier() + " with the primary: " + columns.hosts[h].domain()
                                + " and " + columns.hosts[ask.primary].domain();
            case LATENCY -> latencyWords(h);
            case LICENSE -> licenseWords(h);
            case PLATFORM -> search.refusal(h).orElse("refused");
        };
    }

    private String capacityWords(int h) {
        Resources needed = needed(h);
        List<String> words = new ArrayList<>();
        compare(words, "cpuMillis", needed.cpuMillis(), columns.room[0][h]);
        compare(words, "memoryBytes", needed.memoryBytes(), columns.room[1][h]);
        compare(words, "diskBytes", needed.diskBytes(), columns.room[2][h]);
        compare(words, "networkBitsPerSecond", needed.networkBitsPerSecond(), columns.room[3][h]);
        return String.join(", ", words);
    }

    private static void compare(List<String> words, String resource, long needed, long room) {
        if (!OfferSearch.fits(needed, room)) {
            words.add(resource + ": needs " + needed + ", " + Math.max(0, room) + " free");
        }
    }

    private String latencyWords(int h) {
        long nanos = ask.latencyNanos(h, columns);
        return nanos == Ask.UNREACHED
                ? "no latency is known from " + ask.demand.primary() + " to " + columns.hosts[h].id()
                : "latency to the primary's host is " + nanos / 1e6 + " ms, the budget " + ask.budgetNanos / 1e6
                        + " ms";
    }

    private String licenseWords(int h) {
        List<String> words = new ArrayList<>();
        for (LicenseDemand asked : ask.demand.licenses()) {
            String product = asked.product();
            if (!licenses.allows(product, h)) {
                words.add(product + " may not run there");
            }
            int units = Math.max(licenses.units(asked, ask.demand, h), licenses.knows(product) ? 0 : asked.units());
            if (units > licenses.free(product)) {
                words.add(product + " needs " + units + " units, " + licenses.free(product) + " free");
            }
        }
        return String.join(", ", words);
    }
}
