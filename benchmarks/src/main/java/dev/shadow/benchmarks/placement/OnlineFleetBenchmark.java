package dev.shadow.benchmarks.placement;

import dev.shadow.core.placement.online.OnlineFleet;
import dev.shadow.core.placement.online.Reservation;
import dev.shadow.core.placement.online.ShadowDemand;
import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.LicenseMetric;
import dev.shadow.spi.placement.LicenseTerms;
import dev.shadow.spi.placement.Standby;
import dev.shadow.spi.placement.WhyNot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many decisions a second one thread makes on a fleet in four zones that holds five shadows for every host: a
 * decision alone; a decision with its reservation, commit and the release of an older shadow; and all reasons for all
 * hosts. Every eighth shadow carries a product that is licensed by core.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class OnlineFleetBenchmark {
    private static final int ZONES = 4;
    private static final int HOSTS_PER_RACK = 20;
    private static final int PERIODS = 4;
    private static final Duration TTL = Duration.ofMinutes(1);
    private static final long GIB = 1L << 30;

    /** Hosts of the fleet. */
    @Param({"1000", "10000"})
    int hosts = 1000;

    /** Percent of the hosts' capacity that is used before a shadow is placed, at least and at most. */
    @Param({"30-70", "80-98"})
    String used = "30-70";

    private final SplittableRandom random = new SplittableRandom(1);
    private ShadowDemand[] standing = new ShadowDemand[0];
    private OnlineFleet fleet = empty(1, 0, 1);
    private int next;

    private OnlineFleet empty(int hosts, int least, int most) {
        OnlineFleet.Builder builder = OnlineFleet.builder(() -> Instant.EPOCH)
                .periods(PERIODS)
                .latency((from, to) -> Duration.ofNanos(from.zone().equals(to.zone()) ? 100_000 : 700_000))
                .license(new LicenseTerms(
                        "db", LicenseMetric.PER_CORE, 8, 8 * hosts, 0.01, Duration.ofDays(30), Set.of(), Set.of()));
        for (int h = 0; h < hosts; h++) {
            builder.host(host(h, random.nextInt(least, most + 1)));
        }
        return builder.build();
    }

    private static HostDescription host(int h, int percentUsed) {
        long cores = 32L << h % 3;
        FailureDomain domain = new FailureDomain("r", "z" + h % ZONES, "k" + h / ZONES / HOSTS_PER_RACK, "h" + h);
        return new HostDescription(
                HostId.of("h" + h),
                domain,
                percent(100, cores),
                percent(percentUsed, cores),
                true,
                Set.of(),
                Set.of(),
                cores * 0.05,
                2);
    }

    private static Resources percent(int percent, long cores) {
        return new Resources(
                percent * cores * 10, percent * cores * 8 * GIB / 100, percent * cores * GIB, percent * 100_000_000L);
    }

    /** Fills the fleet. */
    @Setup
    public void fill() {
        int dash = used.indexOf('-');
        fleet = empty(hosts, Integer.parseInt(used.substring(0, dash)), Integer.parseInt(used.substring(dash + 1)));
        standing = new ShadowDemand[5 * hosts];
        for (int i = 0; i < standing.length; i++) {
            standing[i] = replace(i);
        }
    }

    private ShadowDemand replace(int slot) {
        ShadowDemand demand = demand();
        Optional<Reservation> made = fleet.place(demand, TTL);
        if (made.isEmpty() || fleet.commit(demand.instance()).isEmpty()) {
            throw new IllegalStateException("slot " + slot + " found no host");
        }
        return demand;
    }

    private ShadowDemand demand() {
        long cores = 1L << random.nextInt(4);
        List<Integer> profile = random.ints(PERIODS, 300, 1001).boxed().toList();
        return new ShadowDemand(
                InstanceId.of("i" + next++),
                HostId.of("h" + random.nextInt(hosts)),
                List.of(Tier.ZONE, Tier.RACK, Tier.HOST).get(random.nextInt(3)),
                new Resources(0, cores * GIB, 0, 0),
                new Resources(cores * 1000, cores * 4 * GIB, cores * 20 * GIB, 100_000_000),
                profile,
                Standby.HOT,
                random.nextInt(8) == 0 ? List.of(new LicenseDemand("db", (int) cores)) : List.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                Duration.ofMillis(1));
    }

    /** Looks for the cheapest host. */
    @Benchmark
    public boolean decide() {
        return fleet.select(demand()).isPresent();
    }

    /** Decides, reserves and commits, and releases an older shadow. */
    @Benchmark
    public ShadowDemand place() {
        int slot = random.nextInt(standing.length);
        fleet.release(standing[slot].instance());
        standing[slot] = replace(slot);
        return standing[slot];
    }

    /** Says for every host all that speaks against it. */
    @Benchmark
    public WhyNot giveReasons() {
        return fleet.whyNot(demand());
    }
}
