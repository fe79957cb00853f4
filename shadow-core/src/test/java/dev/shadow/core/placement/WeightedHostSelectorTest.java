package dev.shadow.core.placement;

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
import dev.shadow.spi.placement.Rejection;
import dev.shadow.spi.placement.Selection;
import dev.shadow.spi.placement.SelectionRequest;
import dev.shadow.tck.property.SeededTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class WeightedHostSelectorTest {
    private static final WeightedHostSelector SELECTOR = WeightedHostSelector.standard();

    private record Case(SelectionRequest request, FleetSnapshot snapshot) {}

    private static Case anyCase(RandomGenerator random) {
        List<HostDescription> hosts = new ArrayList<>();
        Map<HostId, Duration> latencies = new HashMap<>();
        Map<HostId, Resources> reserved = new HashMap<>();
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
                reserved.put(id, new Resources(random.nextInt(3), 0, 0, 0));
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
                new FleetSnapshot(hosts, reserved, suspected, Map.of("db", random.nextInt(5)), latencies));
    }

    /** The conditions once more, written down without the selector's own code. */
    private static boolean mayHost(Case c, HostDescription host, Tier tier) {
        VmDescription vm = c.request.vm();
        HostDescription primary = c.snapshot.host(vm.host()).orElseThrow();
        Resources free =
                host.capacity().minus(host.used()).minus(c.snapshot.reserved().getOrDefault(host.id(), Resources.NONE));
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
        int byLicense = units == 0 ? 16 : c.snapshot.freeLicenses().getOrDefault("db", 0) / units;
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

    @SeededTest(runs = 2000)
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

    @SeededTest(runs = 500)
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
                larger,
                c.snapshot.reserved(),
                c.snapshot.suspected(),
                c.snapshot.freeLicenses(),
                c.snapshot.latencies());
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
                Map.of(),
                Set.of(small.id()),
                Map.of(),
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
        assertThat(selection.assessments().get(0).get(1).rejections())
                .extracting(Rejection::constraint)
                .containsExactly(
                        Constraint.HEALTHY,
                        Constraint.CAPACITY,
                        Constraint.FAILURE_DOMAIN,
                        Constraint.LATENCY,
                        Constraint.LICENSE);
        assertThat(selection.assessments().get(0).get(1).rejections().toString())
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
                Map.of(),
                Set.of(),
                Map.of(),
                Map.of(x.id(), Duration.ZERO, y.id(), Duration.ZERO));
        VmDescription vm =
                new VmDescription(VmId.of("vm"), InstanceId.of("i"), primary.id(), Resources.NONE, List.of(), Set.of());
        SelectionRequest request =
                new SelectionRequest(vm, List.of(Tier.ZONE), Set.of(), Set.of(), Duration.ofMillis(10));
        assertThat(SELECTOR.select(request, snapshot).choices().get(0).host()).isEqualTo(x.id());
        WeightedHostSelector likesY = WeightedHostSelector.builder()
                .score("name", 100, c -> c.id().equals(y.id()) ? 1 : 0)
                .build();
        assertThat(likesY.select(request, snapshot).choices().get(0).host()).isEqualTo(y.id());
        WeightedHostSelector refusesX = WeightedHostSelector.builder()
                .filter(c -> c.id().equals(x.id())
                        ? List.of(new Rejection(Constraint.SCHEDULABLE, "not on this one"))
                        : List.of())
                .build();
        assertThat(refusesX.select(request, snapshot).choices().get(0).host()).isEqualTo(y.id());
        assertThatThrownBy(() -> WeightedHostSelector.builder().weight("nonsense", 1))
                .isInstanceOf(InvalidValueException.class);
    }
}
