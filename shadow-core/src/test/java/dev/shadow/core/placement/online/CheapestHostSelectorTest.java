package dev.shadow.core.placement.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.VmId;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.inventory.VmDescription;
import dev.shadow.spi.placement.Constraint;
import dev.shadow.spi.placement.FleetSnapshot;
import dev.shadow.spi.placement.HostAssessment;
import dev.shadow.spi.placement.LicenseStock;
import dev.shadow.spi.placement.Rejection;
import dev.shadow.spi.placement.Selection;
import dev.shadow.spi.placement.SelectionRequest;
import dev.shadow.spi.placement.StandingShadow;
import dev.shadow.tck.property.SeededTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CheapestHostSelectorTest {
    private static final CheapestHostSelector SELECTOR = CheapestHostSelector.standard();

    private record Case(SelectionRequest request, FleetSnapshot snapshot) {}

    private static Case anyCase(RandomGenerator random) {
        List<HostDescription> hosts = new ArrayList<>();
        Map<HostId, Duration> latencies = new HashMap<>();
        List<StandingShadow> shadows = new ArrayList<>();
        Set<HostId> suspected = new HashSet<>();
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            HostId id = HostId.of("h" + i);
            hosts.add(new HostDescription(
                    id,
                    new FailureDomain(
                            "r" + random.nextInt(2), "z" + random.nextInt(2), "k" + random.nextInt(2), "h" + i),
                    new Resources(random.nextInt(5), random.nextInt(5), 9, 9),
                    new Resources(random.nextInt(2), 0, 0, 0),
                    random.nextInt(6) > 0,
                    random.nextBoolean() ? Set.of("db") : Set.of(),
                    random.nextBoolean() ? Set.of("set") : Set.of(),
                    random.nextInt(5)));
            if (random.nextInt(8) > 0) {
                latencies.put(id, Duration.ofMillis(random.nextInt(20)));
            }
            if (random.nextInt(3) == 0) {
                shadows.add(new StandingShadow(
                        InstanceId.of("other-" + i),
                        id,
                        HostId.of("gone"),
                        Tier.HOST,
                        Resources.NONE,
                        new Resources(random.nextInt(3), 0, 0, 0)));
            }
            if (random.nextInt(8) == 0) {
                suspected.add(id);
            }
        }
        List<Tier> tiers = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            tiers.add(List.of(Tier.REGION, Tier.ZONE, Tier.RACK, Tier.HOST).get(random.nextInt(4)));
        }
        VmDescription vm = new VmDescription(
                VmId.of("vm"),
                InstanceId.of("i"),
                HostId.of("h0"),
                new Resources(random.nextInt(3), random.nextInt(3), 1, 1),
                random.nextInt(3) == 0 ? List.of(new LicenseDemand("db", 1 + random.nextInt(2))) : List.of(),
                Set.of("set"));
        Set<HostId> occupied = random.nextInt(3) == 0 ? Set.of(HostId.of("h" + random.nextInt(count))) : Set.of();
        Set<HostId> excluded = random.nextInt(3) == 0 ? Set.of(HostId.of("h" + random.nextInt(count))) : Set.of();
        return new Case(
                new SelectionRequest(vm, tiers, occupied, excluded, Duration.ofMillis(10)),
                new FleetSnapshot(
                        hosts, shadows, suspected, LicenseStock.of(Map.of("db", random.nextInt(5))), latencies));
    }

    /** The conditions once more, written down without the selector's own code. */
    private static boolean mayHost(Case c, HostDescription host, Tier tier) {
        VmDescription vm = c.request.vm();
        HostDescription primary = c.snapshot.host(vm.host()).orElseThrow();
        Resources free = host.capacity().minus(host.used());
        for (StandingShadow shadow : c.snapshot.shadows()) {
            free = shadow.host().equals(host.id()) ? free.minus(shadow.active()) : free;
        }
        Duration latency = c.snapshot.latencies().get(host.id());
        return host.schedulable()
                && !c.snapshot.suspected().contains(host.id())
                && !c.request.excluded().contains(host.id())
                && !c.request.occupied().contains(host.id())
                && !host.id().equals(primary.id())
                && vm.size().fitsIn(free)
                && !host.domain().failsTogetherWith(primary.domain(), tier)
                && latency != null
                && latency.compareTo(c.request.latencyBudget()) <= 0
                && vm.licenses().stream().allMatch(l -> host.licensedProducts().contains(l.product()));
    }

    private static int placeable(Case c) {
        int units = c.request.vm().licenses().stream()
                .mapToInt(LicenseDemand::units)
                .sum();
        int byLicense = units == 0 ? 16 : c.snapshot.licenses().free().getOrDefault("db", 0) / units;
        return Math.min(byLicense, most(c, 0, new HashSet<>(), byLicense));
    }

    /** The most shadows that can be placed, by trying everything. */
    private static int most(Case c, int order, Set<HostId> taken, int left) {
        if (order == c.request.tiers().size() || left == 0) {
            return 0;
        }
        int best = most(c, order + 1, taken, left);
        for (HostDescription host : c.snapshot.hosts()) {
            if (!taken.contains(host.id()) && mayHost(c, host, c.request.tiers().get(order))) {
                taken.add(host.id());
                best = Math.max(best, 1 + most(c, order + 1, taken, left - 1));
                taken.remove(host.id());
            }
        }
        return best;
    }

    @SeededTest(runs = 1000)
    void breaksNoConditionAndPlacesAsManyAsCanBe(RandomGenerator random) {
        Case c = anyCase(random);
        Selection selection = SELECTOR.select(c.request, c.snapshot);
        assertThat(selection.choices()).extracting(Selection.Choice::host).doesNotHaveDuplicates();
        for (Selection.Choice choice : selection.choices()) {
            HostDescription host = c.snapshot.host(choice.host()).orElseThrow();
            assertThat(mayHost(c, host, c.request.tiers().get(choice.order()))).isTrue();
        }
        assertThat(selection.choices()).hasSize(placeable(c));
        assertThat(SELECTOR.select(c.request, c.snapshot)).isEqualTo(selection);
        for (List<HostAssessment> ofShadow : selection.assessments()) {
            assertThat(ofShadow).hasSameSizeAs(c.snapshot.hosts());
        }
    }

    @SeededTest(runs = 300)
    void placesNoFewerWhenThereIsMoreRoom(RandomGenerator random) {
        Case c = anyCase(random);
        List<HostDescription> larger = new ArrayList<>(c.snapshot.hosts());
        int at = random.nextInt(larger.size());
        HostDescription h = larger.get(at);
        larger.set(
                at,
                new HostDescription(
                        h.id(),
                        h.domain(),
                        h.capacity().plus(new Resources(random.nextInt(4), random.nextInt(4), 1, 1)),
                        h.used(),
                        h.schedulable(),
                        h.licensedProducts(),
                        h.dataSets(),
                        h.costPerHour()));
        FleetSnapshot more = new FleetSnapshot(
                larger, c.snapshot.shadows(), c.snapshot.suspected(), c.snapshot.licenses(), c.snapshot.latencies());
        assertThat(SELECTOR.select(c.request, more).choices())
                .hasSizeGreaterThanOrEqualTo(
                        SELECTOR.select(c.request, c.snapshot).choices().size());
    }

    @Test
    void saysEverythingThatSpeaksAgainstAHostWithNumbers() {
        HostDescription primary = host("p", "z1", 10);
        HostDescription small = host("s", "z1", 1);
        FleetSnapshot snapshot = new FleetSnapshot(
                List.of(primary, small),
                List.of(),
                Set.of(small.id()),
                LicenseStock.NONE,
                Map.of(small.id(), Duration.ofMillis(25)));
        VmDescription vm = new VmDescription(
                VmId.of("vm"),
                InstanceId.of("i"),
                primary.id(),
                new Resources(4, 0, 0, 0),
                List.of(new LicenseDemand("db", 2)),
                Set.of());
        Selection selection = SELECTOR.select(
                new SelectionRequest(vm, List.of(Tier.ZONE), Set.of(), Set.of(), Duration.ofMillis(10)), snapshot);
        assertThat(selection.choices()).isEmpty();
        List<Rejection> rejections = selection.assessments().get(0).stream()
                .filter(of -> of.host().equals(small.id()))
                .findFirst()
                .orElseThrow()
                .rejections();
        assertThat(rejections)
                .extracting(Rejection::constraint)
                .containsExactly(
                        Constraint.HEALTHY,
                        Constraint.CAPACITY,
                        Constraint.FAILURE_DOMAIN,
                        Constraint.LATENCY,
                        Constraint.LICENSE);
        assertThat(rejections.toString())
                .contains("needs 4, 1 free")
                .contains("25.0 ms")
                .contains("needs 2 units, 0 free");
    }

    private static HostDescription host(String name, String zone, int cpu) {
        return new HostDescription(
                HostId.of(name),
                new FailureDomain("r", zone, "k", name),
                new Resources(cpu, 1, 1, 1),
                Resources.NONE,
                true,
                Set.of(),
                Set.of(),
                1);
    }

    @Test
    void takesConditionsAndScoresOfThePlatform() {
        HostDescription primary = host("p", "z1", 10);
        HostDescription x = host("x", "z2", 10);
        HostDescription y = host("y", "z2", 10);
        FleetSnapshot snapshot = new FleetSnapshot(
                List.of(primary, x, y),
                List.of(),
                Set.of(),
                LicenseStock.NONE,
                Map.of(x.id(), Duration.ZERO, y.id(), Duration.ZERO));
        VmDescription vm =
                new VmDescription(VmId.of("vm"), InstanceId.of("i"), primary.id(), Resources.NONE, List.of(), Set.of());
        SelectionRequest request =
                new SelectionRequest(vm, List.of(Tier.ZONE), Set.of(), Set.of(), Duration.ofMillis(10));
        assertThat(SELECTOR.select(request, snapshot).choices().get(0).host()).isEqualTo(x.id());
        CheapestHostSelector likesY = CheapestHostSelector.builder()
                .score("name", 100, c -> c.host().id().equals(y.id()) ? 0 : 1)
                .build();
        assertThat(likesY.select(request, snapshot).choices().get(0).host()).isEqualTo(y.id());
        CheapestHostSelector refusesX = CheapestHostSelector.builder()
                .filter(c -> c.host().id().equals(x.id()) ? Optional.of("not on this one") : Optional.empty())
                .build();
        Selection selection = refusesX.select(request, snapshot);
        assertThat(selection.choices().get(0).host()).isEqualTo(y.id());
        assertThat(selection.assessments().get(0))
                .anySatisfy(of -> assertThat(of.rejections())
                        .containsExactly(new Rejection(Constraint.PLATFORM, "not on this one")));
        assertThatThrownBy(() -> CheapestHostSelector.builder().score("nonsense", Double.NaN, c -> 0))
                .isInstanceOf(InvalidValueException.class);
    }

    @SeededTest(runs = 100)
    void answersAsAFreshOneWhateverItWasAskedBefore(RandomGenerator random) {
        CheapestHostSelector worn = CheapestHostSelector.standard();
        for (int i = 0; i < 5; i++) {
            Case c = anyCase(random);
            assertThat(worn.select(c.request, c.snapshot))
                    .isEqualTo(CheapestHostSelector.standard().select(c.request, c.snapshot));
            Case changed = new Case(c.request, used(c.snapshot, random));
            assertThat(worn.select(changed.request, changed.snapshot))
                    .isEqualTo(CheapestHostSelector.standard().select(changed.request, changed.snapshot));
        }
    }

    /** The same hosts, used otherwise, with other shadows. */
    private static FleetSnapshot used(FleetSnapshot old, RandomGenerator random) {
        List<HostDescription> hosts = old.hosts().stream()
                .map(h -> new HostDescription(
                        h.id(),
                        h.domain(),
                        h.capacity(),
                        new Resources(random.nextInt(3), 0, 0, 0),
                        random.nextInt(5) > 0,
                        h.licensedProducts(),
                        h.dataSets(),
                        h.costPerHour()))
                .toList();
        List<StandingShadow> shadows = old.shadows().stream()
                .filter(s -> random.nextBoolean())
                .map(s -> new StandingShadow(
                        s.instance(), s.host(), HostId.of("h0"), s.tier(), s.waiting(), new Resources(1, 1, 0, 0)))
                .toList();
        return new FleetSnapshot(hosts, shadows, Set.of(), old.licenses(), old.latencies());
    }

    @Test
    void sharesReserveBetweenShadowsWhosePrimariesCannotFailTogether() {
        HostDescription p = host("p", "z1", 4);
        HostDescription q = host("q", "z2", 4);
        HostDescription x = host("x", "z3", 4);
        StandingShadow other = new StandingShadow(
                InstanceId.of("s"), x.id(), q.id(), Tier.ZONE, Resources.NONE, new Resources(4, 0, 0, 0));
        FleetSnapshot snapshot = new FleetSnapshot(
                List.of(p, q, x),
                List.of(other),
                Set.of(q.id()),
                LicenseStock.NONE,
                Map.of(x.id(), Duration.ZERO, q.id(), Duration.ZERO, p.id(), Duration.ZERO));
        VmDescription vm = new VmDescription(
                VmId.of("vm"), InstanceId.of("i"), p.id(), new Resources(4, 0, 0, 0), List.of(), Set.of());
        SelectionRequest request =
                new SelectionRequest(vm, List.of(Tier.ZONE), Set.of(), Set.of(), Duration.ofMillis(10));
        assertThat(SELECTOR.select(request, snapshot).choices())
                .extracting(Selection.Choice::host)
                .containsExactly(x.id());
        VmDescription together = new VmDescription(
                VmId.of("vm"), InstanceId.of("i"), q.id(), new Resources(4, 0, 0, 0), List.of(), Set.of());
        assertThat(SELECTOR.select(
                                new SelectionRequest(
                                        together, List.of(Tier.ZONE), Set.of(), Set.of(p.id()), Duration.ofMillis(10)),
                                snapshot)
                        .choices())
                .isEmpty();
    }
}
