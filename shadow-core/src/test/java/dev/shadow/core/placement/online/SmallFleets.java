package dev.shadow.core.placement.online;

import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.Standby;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Fleets that can be checked by trying everything. */
final class SmallFleets {
    private SmallFleets() {}

    static HostDescription host(int number, int zone, int rack, long cores) {
        return new HostDescription(
                HostId.of("h" + number),
                new FailureDomain("r", "z" + zone, "k" + rack, "h" + number),
                new Resources(cores * 1000, cores * 4, cores * 100, cores * 10),
                Resources.NONE,
                true,
                Set.of(),
                Set.of(),
                1 + zone);
    }

    static List<HostDescription> hosts(int count, int zones, long cores) {
        List<HostDescription> hosts = new ArrayList<>();
        for (int h = 0; h < count; h++) {
            hosts.add(host(h, h % zones, (h / zones) % 3, cores));
        }
        return hosts;
    }

    static ShadowDemand demand(int number, HostId primary, Tier tier, long cores, LicenseDemand... licenses) {
        return new ShadowDemand(
                InstanceId.of("i" + number),
                primary,
                tier,
                new Resources(0, cores, 0, 0),
                new Resources(cores * 1000, cores * 4, cores * 20, cores),
                List.of(1000, 500),
                Standby.HOT,
                List.of(licenses),
                Set.of(),
                Set.of(),
                Set.of(),
                Duration.ofMillis(1));
    }

    static ShadowDemand any(RandomGenerator random, int number, int hosts) {
        ShadowDemand plain = demand(
                number,
                HostId.of("h" + random.nextInt(hosts)),
                List.of(Tier.ZONE, Tier.RACK, Tier.HOST).get(random.nextInt(3)),
                1 + random.nextInt(4));
        return new ShadowDemand(
                plain.instance(),
                plain.primary(),
                plain.tier(),
                plain.waiting(),
                plain.active(),
                List.of(random.nextInt(1001), random.nextInt(1001)),
                plain.standby(),
                plain.licenses(),
                Set.of(),
                Set.of(HostId.of("h" + random.nextInt(hosts))),
                Set.of(),
                plain.latencyBudget());
    }

    /** A demand that often cannot be met, for one reason or several. */
    static ShadowDemand picky(RandomGenerator random, int number, int hosts) {
        ShadowDemand plain = demand(
                number,
                HostId.of("h" + random.nextInt(hosts)),
                List.of(Tier.REGION, Tier.ZONE, Tier.RACK, Tier.HOST).get(random.nextInt(4)),
                1 + random.nextInt(4),
                random.nextInt(3) == 0 ? new LicenseDemand[] {new LicenseDemand("db", 1)} : new LicenseDemand[0]);
        return with(plain, plain.tier(), Duration.ofNanos(random.nextBoolean() ? 800_000 : 1_000_000));
    }

    static ShadowDemand cpuOnly(int number, HostId primary, long cores) {
        ShadowDemand plain = demand(number, primary, Tier.ZONE, cores);
        return new ShadowDemand(
                plain.instance(),
                primary,
                plain.tier(),
                Resources.NONE,
                new Resources(cores * 1000, 0, 0, 0),
                plain.profile(),
                plain.standby(),
                List.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                plain.latencyBudget());
    }

    static ShadowDemand with(ShadowDemand old, Tier tier, Duration latencyBudget) {
        return new ShadowDemand(
                old.instance(),
                old.primary(),
                tier,
                old.waiting(),
                old.active(),
                old.profile(),
                old.standby(),
                old.licenses(),
                old.occupied(),
                old.excluded(),
                old.dataSets(),
                latencyBudget);
    }

    static HostDescription schedulable(HostDescription old, boolean schedulable) {
        return new HostDescription(
                old.id(),
                old.domain(),
                old.capacity(),
                old.used(),
                schedulable,
                old.licensedProducts(),
                old.dataSets(),
                old.costPerHour());
    }

    static HostDescription larger(HostDescription old, Resources by) {
        return new HostDescription(
                old.id(),
                old.domain(),
                old.capacity().plus(by),
                old.used(),
                old.schedulable(),
                old.licensedProducts(),
                old.dataSets(),
                old.costPerHour());
    }
}
