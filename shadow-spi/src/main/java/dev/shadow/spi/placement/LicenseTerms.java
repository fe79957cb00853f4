package dev.shadow.spi.placement;

import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.internal.Checks;
import java.time.Duration;
import java.util.Set;

/**
 * The terms on which a product may run, and the pool of units bought.
 *
 * <p>A product counted by core or socket opens a host: the whole host takes its units with the first
 * instance, further ones are free, and the host keeps them for the affinity after the last one left. A
 * product counted by virtual processor or instance takes units for every instance.
 *
 * @param product the product, an identifier
 * @param metric what is counted
 * @param minimumUnits least units per opened host, or per instance; at least 1
 * @param poolUnits units of the pool, at least 0
 * @param unitPricePerHour price of a unit for an hour, in the platform's currency, at least 0
 * @param affinity how long a host that was opened keeps its units when nothing runs there any more; at least zero
 * @param zones territories where it may run, each {@code region/zone}; empty for everywhere
 * @param freeStandby states of waiting that take no units until the shadow is activated
 */
public record LicenseTerms(
        String product,
        LicenseMetric metric,
        int minimumUnits,
        int poolUnits,
        double unitPricePerHour,
        Duration affinity,
        Set<String> zones,
        Set<Standby> freeStandby) {
    public LicenseTerms {
        Checks.identifier("product", product);
        Checks.present("metric", metric);
        Checks.range("minimumUnits", minimumUnits, 1, 1_000_000);
        Checks.range("poolUnits", poolUnits, 0, Integer.MAX_VALUE);
        Checks.range("unitPricePerHour", unitPricePerHour, 0, Double.MAX_VALUE);
        Checks.notNegative("affinity", affinity);
        zones = Set.copyOf(Checks.present("zones", zones));
        freeStandby = Set.copyOf(Checks.present("freeStandby", freeStandby));
    }

    /** Returns the usual rights: everywhere, no affinity, free while cold or passive. */
    public static LicenseTerms of(String product, LicenseMetric metric, int poolUnits, double unitPricePerHour) {
        return new LicenseTerms(
                product,
                metric,
                1,
                poolUnits,
                unitPricePerHour,
                Duration.ZERO,
                Set.of(),
                Set.of(Standby.COLD, Standby.PASSIVE));
    }

    /** Says whether the product may run there. */
    public boolean allows(FailureDomain place) {
        return zones.isEmpty() || zones.contains(place.region() + "/" + place.zone());
    }

    /**
     * Units that opening a host takes; 0 if hosts are not what is counted.
     *
     * @param cores cores of the host
     * @param sockets sockets of the host
     */
    public int unitsPerHost(int cores, int sockets) {
        return switch (metric) {
            case PER_CORE -> Math.max(minimumUnits, cores);
            case PER_SOCKET -> Math.max(minimumUnits, sockets);
            case PER_VCPU, PER_INSTANCE -> 0;
        };
    }

    /**
     * Units that an instance takes; 0 if hosts are counted, or the state of waiting is free.
     *
     * @param virtualProcessors virtual processors of the instance
     */
    public int unitsPerInstance(int virtualProcessors, Standby standby) {
        if (freeStandby.contains(standby)) {
            return 0;
        }
        return switch (metric) {
            case PER_CORE, PER_SOCKET -> 0;
            case PER_VCPU -> Math.max(minimumUnits, virtualProcessors);
            case PER_INSTANCE -> minimumUnits;
        };
    }
}
