package dev.shadow.core.placement.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.Constraint;
import dev.shadow.spi.placement.LicenseMetric;
import dev.shadow.spi.placement.LicenseTerms;
import dev.shadow.spi.placement.Relaxation;
import dev.shadow.spi.placement.WhyNot;
import dev.shadow.tck.property.SeededTest;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class OnlineFleetTest {
    private static final Duration TTL = Duration.ofMinutes(1);
    private static final HostId H0 = HostId.of("h0");

    private final VirtualTime time = VirtualTime.create();

    private OnlineFleet fleet(List<HostDescription> hosts, int hostFailures, LicenseTerms... terms) {
        OnlineFleet.Builder builder = OnlineFleet.builder(time)
                .periods(2)
                .hostFailures(hostFailures)
                .latency((from, to) -> from.zone().equals(to.zone()) ? Duration.ZERO : Duration.ofNanos(900_000));
        hosts.forEach(builder::host);
        for (LicenseTerms of : terms) {
            builder.license(of);
        }
        return builder.build();
    }

    @SeededTest(runs = 20)
    void survivesEverySingleFailure(RandomGenerator random) {
        int hostFailures = 1 + random.nextInt(2);
        List<HostDescription> hosts = SmallFleets.hosts(9, 3, 12);
        OnlineFleet fleet = fleet(hosts, hostFailures, LicenseTerms.of("db", LicenseMetric.PER_INSTANCE, 3, 1));
        Map<InstanceId, Reservation> standing = new HashMap<>();
        for (int i = 0; i < 120; i++) {
            if (!standing.isEmpty() && random.nextInt(4) == 0) {
                InstanceId gone =
                        standing.keySet().stream().sorted().findFirst().orElseThrow();
                fleet.release(gone);
                assertThat(standing.remove(gone)).isNotNull();
            } else {
                ShadowDemand demand = random.nextBoolean()
                        ? SmallFleets.any(random, i, hosts.size())
                        : SmallFleets.picky(random, i, hosts.size());
                fleet.place(demand, TTL)
                        .ifPresent(made -> standing.put(made.demand().instance(), made));
            }
            EveryFailure.check(hosts, standing.values(), hostFailures);
            assertThat(standing.values().stream()
                            .filter(made -> !made.demand().licenses().isEmpty()))
                    .hasSizeLessThanOrEqualTo(3);
        }
        assertThat(standing).isNotEmpty();
    }

    @SeededTest(runs = 8)
    void offersTheCheapestOfAllHosts(RandomGenerator random) {
        List<HostDescription> hosts = SmallFleets.hosts(70, 2, 6);
        OnlineFleet fleet = fleet(hosts, 1);
        Map<HostId, List<Reservation>> standing = new HashMap<>();
        for (int i = 0; i < 90; i++) {
            ShadowDemand demand = SmallFleets.any(random, i, hosts.size());
            Optional<Offer> offer = fleet.select(demand);
            double least = Double.POSITIVE_INFINITY;
            for (HostDescription host : hosts) {
                least = Math.min(
                        least, EveryFailure.costOf(demand, host, hosts, standing.getOrDefault(host.id(), List.of())));
            }
            if (offer.isEmpty()) {
                assertThat(least).isInfinite();
                continue;
            }
            assertThat(offer.get().costPerHour()).isCloseTo(least, within(1e-9));
            Reservation made = fleet.reserve(offer.get(), TTL).orElseThrow();
            standing.computeIfAbsent(made.host(), h -> new ArrayList<>()).add(made);
        }
    }

    @SeededTest(runs = 60)
    void moreCapacityNeverMakesAFeasibleRequestInfeasible(RandomGenerator random) {
        List<HostDescription> hosts = SmallFleets.hosts(9, 3, 8);
        OnlineFleet before = fleet(hosts, 1);
        List<HostDescription> grown = new ArrayList<>(hosts);
        grown.add(SmallFleets.host(99, random.nextInt(3), 1, 8));
        int larger = random.nextInt(hosts.size());
        HostDescription old = hosts.get(larger);
        grown.set(larger, SmallFleets.larger(old, new Resources(1000, 4, 100, 10)));
        OnlineFleet after = fleet(grown, 1);
        for (int i = 0; i < 60; i++) {
            ShadowDemand demand = SmallFleets.any(random, i, hosts.size());
            boolean feasible = before.select(demand).isPresent();
            assertThat(!feasible || after.select(demand).isPresent()).isTrue();
            before.place(demand, TTL).ifPresent(made -> after.adopt(demand, made.host()));
        }
    }

    @Test
    void sharesReserveBetweenPrimariesThatCannotFailTogether() {
        List<HostDescription> hosts =
                List.of(SmallFleets.host(0, 0, 0, 8), SmallFleets.host(1, 1, 0, 8), SmallFleets.host(2, 2, 0, 8));
        OnlineFleet fleet = fleet(hosts, 1);
        ShadowDemand first = SmallFleets.cpuOnly(1, H0, 4);
        assertThat(fleet.place(first, TTL).orElseThrow().host()).isEqualTo(HostId.of("h1"));
        Offer together = fleet.select(SmallFleets.cpuOnly(2, H0, 4)).orElseThrow();
        assertThat(together.costPerHour()).isEqualTo(2.0 / 4 * 4 / 8);
        Offer apart = fleet.select(SmallFleets.cpuOnly(3, HostId.of("h2"), 4)).orElseThrow();
        assertThat(apart.host()).isEqualTo(HostId.of("h1"));
        assertThat(apart.costPerHour()).isZero();
    }

    @Test
    void aStaleOfferIsRefusedAndAFreshOneTaken() {
        OnlineFleet fleet = fleet(SmallFleets.hosts(2, 2, 8), 1);
        Offer first = fleet.select(SmallFleets.demand(1, H0, Tier.HOST, 2)).orElseThrow();
        Offer second = fleet.select(SmallFleets.demand(2, H0, Tier.HOST, 2)).orElseThrow();
        assertThat(second.host()).isEqualTo(first.host());
        assertThat(fleet.reserve(first, TTL)).isPresent();
        assertThat(fleet.reserve(second, TTL)).isEmpty();
        assertThat(fleet.place(second.demand(), TTL)).isPresent();
    }

    @Test
    void anOfferOlderThanTheHostsDescriptionIsRefused() {
        List<HostDescription> hosts = SmallFleets.hosts(2, 2, 8);
        OnlineFleet fleet = fleet(hosts, 1);
        Offer offer = fleet.select(SmallFleets.demand(1, H0, Tier.HOST, 2)).orElseThrow();
        HostDescription old = hosts.get(1);
        fleet.update(SmallFleets.schedulable(old, false));
        assertThat(fleet.reserve(offer, TTL)).isEmpty();
        assertThat(fleet.place(offer.demand(), TTL)).isEmpty();
    }

    @Test
    void aReservationLapsesUnlessItIsCommitted() {
        OnlineFleet fleet = fleet(SmallFleets.hosts(2, 2, 8), 1);
        ShadowDemand first = SmallFleets.demand(1, H0, Tier.HOST, 4);
        ShadowDemand second = SmallFleets.demand(2, H0, Tier.HOST, 4);
        assertThat(fleet.place(first, TTL)).isPresent();
        assertThat(fleet.place(second, TTL)).isPresent();
        assertThat(fleet.place(SmallFleets.demand(3, H0, Tier.HOST, 4), TTL)).isEmpty();
        assertThat(fleet.commit(first.instance())).isPresent();
        time.advance(TTL);
        assertThat(fleet.select(SmallFleets.demand(3, H0, Tier.HOST, 4))).isPresent();
        assertThat(fleet.commit(second.instance())).isEmpty();
        assertThat(fleet.commit(first.instance())).isPresent();
        assertThat(fleet.place(SmallFleets.demand(3, H0, Tier.HOST, 4), TTL)).isPresent();
    }

    @Test
    void aHostThatWasOpenedTakesFurtherInstancesForNothingAndStaysForItsAffinity() {
        LicenseTerms terms =
                new LicenseTerms("db", LicenseMetric.PER_CORE, 1, 8, 1, Duration.ofDays(30), Set.of(), Set.of());
        OnlineFleet fleet = fleet(SmallFleets.hosts(3, 3, 8), 1, terms);
        LicenseDemand db = new LicenseDemand("db", 1);
        Reservation first =
                fleet.place(SmallFleets.demand(1, H0, Tier.HOST, 1, db), TTL).orElseThrow();
        assertThat(fleet.freeLicenses()).containsEntry("db", 0);
        Reservation second =
                fleet.place(SmallFleets.demand(2, H0, Tier.HOST, 1, db), TTL).orElseThrow();
        assertThat(second.host()).isEqualTo(first.host());
        fleet.release(first.demand().instance());
        fleet.release(second.demand().instance());
        assertThat(fleet.freeLicenses()).containsEntry("db", 0);
        time.advance(Duration.ofDays(30));
        assertThat(fleet.freeLicenses()).containsEntry("db", 8);
    }

    @Test
    void saysAllThatIsWrongAndTheCheapestChange() {
        OnlineFleet fleet = fleet(SmallFleets.hosts(3, 3, 8), 1);
        ShadowDemand plain = SmallFleets.demand(1, H0, Tier.ZONE, 2);
        ShadowDemand tight = new ShadowDemand(
                plain.instance(),
                H0,
                Tier.ZONE,
                plain.waiting(),
                plain.active(),
                plain.profile(),
                plain.standby(),
                List.of(),
                Set.of(),
                Set.of(HostId.of("h2")),
                Set.of(),
                Duration.ofNanos(800_000));
        WhyNot why = fleet.whyNot(tight);
        assertThat(why.groups())
                .contains(
                        new WhyNot.Group(Set.of(Constraint.LATENCY), List.of(HostId.of("h1"))),
                        new WhyNot.Group(
                                Set.of(Constraint.LATENCY, Constraint.NOT_EXCLUDED), List.of(HostId.of("h2"))));
        assertThat(why.cheapest().orElseThrow().advice()).isEqualTo("raise the latency budget to 900 us");
    }

    @Test
    void namesTheLicencesToFreeAndTheTierToAccept() {
        LicenseTerms terms = LicenseTerms.of("P2", LicenseMetric.PER_INSTANCE, 0, 1);
        OnlineFleet fleet = fleet(SmallFleets.hosts(3, 3, 8), 1, terms);
        WhyNot license = fleet.whyNot(SmallFleets.demand(1, H0, Tier.ZONE, 2, new LicenseDemand("P2", 1)));
        assertThat(license.cheapest().orElseThrow().advice()).isEqualTo("free 1 licence of P2");
        OnlineFleet oneZone = fleet(SmallFleets.hosts(3, 1, 8), 1);
        WhyNot tier = oneZone.whyNot(SmallFleets.demand(1, H0, Tier.ZONE, 2));
        assertThat(tier.cheapest()).containsInstanceOf(Relaxation.AcceptTier.class);
        assertThat(tier.cheapest().orElseThrow().advice()).isEqualTo("accept rack tier");
    }

    @SeededTest(runs = 150)
    void theChangeThatIsNamedYieldsItsHost(RandomGenerator random) {
        List<HostDescription> hosts = new ArrayList<>(SmallFleets.hosts(6, 2, 6));
        hosts.set(5, SmallFleets.schedulable(hosts.get(5), false));
        LicenseTerms terms = LicenseTerms.of("db", LicenseMetric.PER_INSTANCE, 1, 1);
        OnlineFleet fleet = fleet(hosts, 1, terms);
        List<Reservation> standing = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            ShadowDemand demand = SmallFleets.picky(random, i, hosts.size());
            Optional<Reservation> made = fleet.place(demand, TTL);
            if (made.isPresent()) {
                standing.add(made.get());
                continue;
            }
            WhyNot why = fleet.whyNot(demand);
            assertThat(why.groups().stream().flatMap(g -> g.hosts().stream()))
                    .containsExactlyInAnyOrderElementsOf(
                            hosts.stream().map(HostDescription::id).toList());
            why.cheapest()
                    .ifPresent(change -> assertThat(usableAfter(change, demand, hosts, standing, terms))
                            .as(change.advice())
                            .isTrue());
        }
    }

    /** Makes the change on a fleet of its own, and says whether the host that it names takes the shadow. */
    private boolean usableAfter(
            Relaxation change,
            ShadowDemand demand,
            List<HostDescription> hosts,
            List<Reservation> standing,
            LicenseTerms terms) {
        List<HostDescription> then = new ArrayList<>(hosts);
        ShadowDemand asked = demand;
        LicenseTerms pool = terms;
        if (change instanceof Relaxation.RaiseLatencyBudget raise) {
            asked = SmallFleets.with(demand, demand.tier(), raise.to());
        } else if (change instanceof Relaxation.AcceptTier accept) {
            asked = SmallFleets.with(demand, accept.tier(), demand.latencyBudget());
        } else if (change instanceof Relaxation.FreeCapacity free) {
            then.replaceAll(h -> h.id().equals(free.host()) ? SmallFleets.larger(h, free.missing()) : h);
        } else if (change instanceof Relaxation.MakeSchedulable open) {
            then.replaceAll(h -> h.id().equals(open.host()) ? SmallFleets.schedulable(h, true) : h);
        } else if (change instanceof Relaxation.FreeLicense free) {
            pool = LicenseTerms.of("db", LicenseMetric.PER_INSTANCE, terms.poolUnits() + free.units(), 1);
        }
        OnlineFleet changed = fleet(then, 1, pool);
        standing.forEach(made -> changed.adopt(made.demand(), made.host()));
        return changed.whyNot(asked).groups().stream()
                .noneMatch(group -> group.hosts().contains(change.host()));
    }

    @Test
    void racingReservationsNeverOversubscribe() throws Exception {
        race(20_000);
    }

    @Test
    @Tag("slow")
    void aMillionRacingReservationsNeverOversubscribe() throws Exception {
        race(1_000_000);
    }

    private void race(int reservations) throws Exception {
        List<HostDescription> hosts = SmallFleets.hosts(12, 3, 12);
        OnlineFleet fleet = fleet(hosts, 1, LicenseTerms.of("db", LicenseMetric.PER_INSTANCE, 5, 0));
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<List<Reservation>>> racers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int first = t * (reservations / threads);
                racers.add(() -> placeAndDrop(fleet, first, reservations / threads));
            }
            List<Reservation> standing = new ArrayList<>();
            for (Future<List<Reservation>> racer : pool.invokeAll(racers)) {
                standing.addAll(racer.get());
            }
            EveryFailure.check(hosts, standing, 1);
            long licensed = standing.stream()
                    .filter(made -> !made.demand().licenses().isEmpty())
                    .count();
            assertThat(licensed).isLessThanOrEqualTo(5);
            assertThat(fleet.freeLicenses()).containsEntry("db", (int) (5 - licensed));
            assertThat(standing).isNotEmpty();
        } finally {
            pool.shutdown();
        }
    }

    private static List<Reservation> placeAndDrop(OnlineFleet fleet, int first, int count) {
        List<Reservation> standing = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            LicenseDemand[] licenses =
                    i % 3 == 0 ? new LicenseDemand[] {new LicenseDemand("db", 1)} : new LicenseDemand[0];
            Tier tier = List.of(Tier.ZONE, Tier.RACK, Tier.HOST).get(i % 3);
            ShadowDemand demand = SmallFleets.demand(i, HostId.of("h" + i % 12), tier, 1 + i % 3, licenses);
            fleet.place(demand, TTL).ifPresent(standing::add);
            if (standing.size() > 10) {
                fleet.release(standing.remove(0).demand().instance());
            }
        }
        return standing;
    }

    @Test
    void refusesNonsenseInOneLine() {
        OnlineFleet fleet = fleet(SmallFleets.hosts(2, 2, 8), 1);
        assertThatThrownBy(() -> fleet.select(SmallFleets.demand(1, HostId.of("nowhere"), Tier.HOST, 1)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("primary must be a host of the fleet, was nowhere");
        assertThatThrownBy(() -> OnlineFleet.builder(time).periods(0))
                .hasMessage("periods must be from 1 to 96, was 0");
        assertThatThrownBy(() -> OnlineFleet.builder(time).build())
                .hasMessage("hosts must name at least one host, was none");
        assertThatThrownBy(() -> LicenseTerms.of("db", LicenseMetric.PER_CORE, 1, Double.NaN))
                .hasMessageContaining("unitPricePerHour")
                .hasMessageContaining("NaN");
    }
}
