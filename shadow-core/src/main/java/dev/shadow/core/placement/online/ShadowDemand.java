package dev.shadow.core.placement.online;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.Standby;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * One shadow to be placed.
 *
 * @param instance the shadow's instance; the key of its reservation
 * @param primary the host of the primary
 * @param tier what the shadow must not share with the primary, and the widest failure that activates it
 * @param waiting what it takes while it waits
 * @param active what it takes at its peak when it was activated; its disk is held all the time
 * @param profile thousandths of the peak processor demand by period of the day; as many as the fleet has periods
 * @param standby how it waits, for licences
 * @param licenses products that it carries; the units are its virtual processors where those are counted
 * @param occupied hosts of the virtual machine's other instances
 * @param excluded hosts that must not be used
 * @param dataSets data sets that the virtual machine reads
 * @param latencyBudget greatest latency from the primary, more than zero
 */
public record ShadowDemand(
        InstanceId instance,
        HostId primary,
        Tier tier,
        Resources waiting,
        Resources active,
        List<Integer> profile,
        Standby standby,
        List<LicenseDemand> licenses,
        Set<HostId> occupied,
        Set<HostId> excluded,
        Set<String> dataSets,
        Duration latencyBudget) {
    private static final int WHOLE = 1000;

    public ShadowDemand {
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(primary, "primary");
        Objects.requireNonNull(tier, "tier");
        Objects.requireNonNull(waiting, "waiting");
        Objects.requireNonNull(active, "active");
        profile = List.copyOf(profile);
        for (int t = 0; t < profile.size(); t++) {
            if (profile.get(t) < 0 || profile.get(t) > WHOLE) {
                throw new InvalidValueException(
                        "profile[" + t + "]", profile.get(t).toString(), "be from 0 to " + WHOLE);
            }
        }
        bounded("waiting", waiting);
        bounded("active", active);
        Objects.requireNonNull(standby, "standby");
        licenses = List.copyOf(licenses);
        if (licenses.stream().map(LicenseDemand::product).distinct().count() < licenses.size()) {
            throw new InvalidValueException("licenses", licenses.toString(), "name every product once");
        }
        occupied = Set.copyOf(occupied);
        excluded = Set.copyOf(excluded);
        dataSets = Set.copyOf(dataSets);
        if (latencyBudget.isNegative() || latencyBudget.isZero()) {
            throw new InvalidValueException("latencyBudget", latencyBudget.toString(), "be more than zero");
        }
    }

    /** Processor demand is multiplied by thousandths, and amounts are added up; beyond this they could overflow. */
    static final long MOST = 1L << 50;

    private static void bounded(String field, Resources amount) {
        if (Math.max(
                        Math.max(amount.cpuMillis(), amount.memoryBytes()),
                        Math.max(amount.diskBytes(), amount.networkBitsPerSecond()))
                > MOST) {
            throw new InvalidValueException(field, amount.toString(), "have no amount above " + MOST);
        }
    }

    /** Thousandths of a core that activation adds in a period, rounded up. */
    long extraCpu(int period) {
        long demand = (active.cpuMillis() * profile.get(period) + WHOLE - 1) / WHOLE;
        return Math.max(0, demand - waiting.cpuMillis());
    }
}
