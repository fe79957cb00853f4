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
        hosts.forEach(host -> builder.host(host, 2));
        for (LicenseTerms of : terms) {
            builder.license(of);
        }
        return builder.build();
    }

    @SeededTest(runs = 60)
    void survivesEverySingleFailure(RandomGenerator random) {
        int hostFailures = 1 + random.nextInt(2);
        List<HostDescription> hosts = SmallFleets.hosts(9, 3, 12);
        OnlineFleet fleet = fleet(hosts, hostFailures);
        Map<InstanceId, Reservation> standing = new HashMap<>();
        for (int i = 0; i < 120; i++) {
            if (!standing.isEmpty() && random.nextInt(4) == 0) {
                InstanceId gone =
                        standing.keySet().stream().sorted().findFirst().orElseThrow();
                fleet.release(gone);
                assertThat(standing.remove(gone)).isNotNull();
            } else {
                fleet.place(SmallFleets.any(random, i, hosts.size()), TTL)
                        .ifPresent(made -> standing.put(made.demand().instance(), made));
            }
            EveryFailure.check(hosts, standing.values(), hostFailures);
        }
        assertThat(standing).isNotEmpty();
    }

    @SeededTest(runs = 60)
    void offersTheCheapestOfAllHosts(RandomGenerator random) {
        List<HostDescription> hosts = SmallFleets.hosts(70, 2, 12);
        OnlineFleet fleet = fleet(hosts, 1);
        Map<HostId, List<Reservation>> standing = new HashMap<>();
        for (int i = 0; i < 150; i++) {
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
        grown.set(
                larger,
                new HostDescription(
                        old.id(),
                        old.domain(),
                        old.capacity().plus(new Resources(1000, 4, 100, 10)),
                        old.used(),
                        true,
                        Set.of(),
                        Set.of(),
                        old.costPerHour()));
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
        assertThat(fleet.place(SmallFleets.demand(1, H0, Tier.ZONE, 4), TTL)).isPresent();
        Offer second = fleet.select(SmallFleets.demand(2, H0, Tier.ZONE, 4)).orElseThrow();
        Offer shared = fleet.select(SmallFleets.demand(3, HostId.of("h2"), Tier.ZONE, 4))
                .orElseThrow();
        assertThat(shared.host()).isIn(H0, HostId.of("h1"));
        assertThat(second.costPerHour()).isPositive();
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
        fleet.update(new HostDescription(
                old.id(),
                old.domain(),
                old.capacity(),
                old.used(),
                false,
                old.licensedProducts(),
                old.dataSets(),
                old.costPerHour()));
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
        assertThat(tier.cheapest().orElseThrow().advice()).isEqualTo("accept host tier");
    }

    @SeededTest(runs = 40)
    void theCheapestChangeOfCapacityIsEnough(RandomGenerator random) {
        List<HostDescription> hosts = SmallFleets.hosts(6, 3, 8);
        OnlineFleet fleet = fleet(hosts, 1);
        for (int i = 0; i < 100; i++) {
            ShadowDemand demand = SmallFleets.any(random, i, hosts.size());
            boolean placed = fleet.place(demand, TTL).isPresent();
            WhyNot why = fleet.whyNot(SmallFleets.any(random, 1000 + i, hosts.size()));
            assertThat(why.groups().stream().mapToInt(g -> g.hosts().size()).sum())
                    .isLessThanOrEqualTo(hosts.size());
            if (!placed) {
                assertThat(fleet.whyNot(demand).groups().stream()
                                .mapToInt(g -> g.hosts().size())
                                .sum())
                        .isEqualTo(hosts.size());
            }
        }
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
            ShadowDemand demand =
                    SmallFleets.demand(i, HostId.of("h" + i % 12), Tier.values()[1 + i % 3], 1 + i % 3, licenses);
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
