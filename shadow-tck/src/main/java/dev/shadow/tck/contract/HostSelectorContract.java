package dev.shadow.tck.contract;

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
import dev.shadow.spi.placement.HostSelector;
import dev.shadow.spi.placement.LicenseMetric;
import dev.shadow.spi.placement.LicenseStock;
import dev.shadow.spi.placement.LicenseTerms;
import dev.shadow.spi.placement.Rejection;
import dev.shadow.spi.placement.Selection;
import dev.shadow.spi.placement.SelectionRequest;
import dev.shadow.spi.placement.StandingShadow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The promises of {@link HostSelector}. Every test asks about a small fleet of its own. */
public abstract class HostSelectorContract extends SpiContract {
    /** The selector under test. */
    protected abstract HostSelector selector();

    private static final Resources SIZE = new Resources(1000, 1L << 30, 1L << 33, 1_000_000);
    private static final Resources ROOM = new Resources(8000, 16L << 30, 1L << 40, 1_000_000_000);

    private final List<HostDescription> hosts = new ArrayList<>();
    private final List<StandingShadow> shadows = new ArrayList<>();
    private final Map<HostId, Duration> latencies = new HashMap<>();
    private final Set<HostId> suspected = new java.util.HashSet<>();
    private final Map<String, Integer> licenses = new HashMap<>();
    private List<LicenseTerms> terms = List.of();
    private Map<String, Set<HostId>> opened = Map.of();
    private List<LicenseDemand> demands = List.of();
    private Set<HostId> occupied = Set.of();
    private Set<HostId> excluded = Set.of();

    private HostId host(String name, String zone) {
        return host(name, zone, ROOM, true, Set.of());
    }

    private HostId host(String name, String zone, Resources capacity, boolean schedulable, Set<String> products) {
        HostId id = HostId.of(name);
        FailureDomain domain = new FailureDomain("region", zone, "rack-" + name, name);
        hosts.add(new HostDescription(id, domain, capacity, Resources.NONE, schedulable, products, Set.of(), 1));
        latencies.put(id, Duration.ofMillis(1));
        return id;
    }

    private Selection select(Tier... tiers) {
        VmDescription vm =
                new VmDescription(VmId.of("vm"), InstanceId.of("primary"), HostId.of("home"), SIZE, demands, Set.of());
        return selector()
                .select(
                        new SelectionRequest(vm, List.of(tiers), occupied, excluded, Duration.ofMillis(10)),
                        new FleetSnapshot(
                                hosts, shadows, suspected, new LicenseStock(licenses, terms, opened), latencies));
    }

    private static List<HostId> chosen(Selection selection) {
        return selection.choices().stream().map(Selection.Choice::host).toList();
    }

    /** {@code good} is chosen; {@code bad} is rejected, with this constraint among the reasons. */
    private static void assertRejects(Selection selection, HostId bad, Constraint constraint, HostId good) {
        assertThat(chosen(selection)).containsExactly(good);
        HostAssessment assessment = selection.assessments().get(0).stream()
                .filter(found -> found.host().equals(bad))
                .findFirst()
                .orElseThrow();
        assertThat(assessment.rejections()).extracting(Rejection::constraint).contains(constraint);
    }

    @Test
    void choosesAHostForEveryWantedShadowInOrder() {
        host("home", "zone-1");
        host("b", "zone-2");
        host("c", "zone-3");
        Selection selection = select(Tier.ZONE, Tier.HOST);
        assertThat(selection.choices()).extracting(Selection.Choice::order).containsExactly(0, 1);
        assertThat(selection.choices()).extracting(Selection.Choice::tier).containsExactly(Tier.ZONE, Tier.HOST);
    }

    @Test
    void neverChoosesOneHostTwice() {
        host("home", "zone-1");
        host("b", "zone-2");
        assertThat(chosen(select(Tier.HOST, Tier.HOST))).doesNotHaveDuplicates();
    }

    @Test
    void neverChoosesThePrimarysHost() {
        host("home", "zone-1");
        assertThat(chosen(select(Tier.HOST))).isEmpty();
    }

    @Test
    void neverChoosesAnOccupiedHost() {
        host("home", "zone-1");
        HostId bad = host("a", "zone-2");
        HostId good = host("b", "zone-3");
        occupied = Set.of(bad);
        assertThat(chosen(select(Tier.HOST))).containsExactly(good);
    }

    @Test
    void rejectsAnExcludedHost() {
        host("home", "zone-1");
        HostId bad = host("a", "zone-2");
        HostId good = host("b", "zone-3");
        excluded = Set.of(bad);
        assertRejects(select(Tier.HOST), bad, Constraint.NOT_EXCLUDED, good);
    }

    @Test
    void rejectsAHostThatTakesNoNewInstances() {
        host("home", "zone-1");
        HostId bad = host("a", "zone-2", ROOM, false, Set.of());
        HostId good = host("b", "zone-3");
        assertRejects(select(Tier.HOST), bad, Constraint.SCHEDULABLE, good);
    }

    @Test
    void rejectsASuspectedHost() {
        host("home", "zone-1");
        HostId bad = host("a", "zone-2");
        HostId good = host("b", "zone-3");
        suspected.add(bad);
        assertRejects(select(Tier.HOST), bad, Constraint.HEALTHY, good);
    }

    @Test
    void rejectsAHostThatIsTooSmall() {
        host("home", "zone-1");
        HostId bad = host("a", "zone-2", new Resources(999, 1L << 40, 1L << 50, 1L << 40), true, Set.of());
        HostId good = host("b", "zone-3");
        assertRejects(select(Tier.HOST), bad, Constraint.CAPACITY, good);
    }

    @Test
    void opensNoHostThatThePoolIsTooSmallFor() {
        demands = List.of(new LicenseDemand("database", 1));
        licenses.put("database", 4);
        terms = List.of(LicenseTerms.of("database", LicenseMetric.PER_CORE, 4, 0));
        host("home", "zone-1");
        HostId bad = host("a", "zone-2");
        HostId good = host("b", "zone-3");
        opened = Map.of("database", Set.of(good));
        assertRejects(select(Tier.HOST), bad, Constraint.LICENSE, good);
    }

    @Test
    void countsWhatOtherShadowsReserved() {
        host("home", "zone-1");
        HostId bad = host("a", "zone-2");
        HostId good = host("b", "zone-3");
        shadows.add(
                new StandingShadow(InstanceId.of("other"), bad, HostId.of("home"), Tier.HOST, Resources.NONE, ROOM));
        assertRejects(select(Tier.HOST), bad, Constraint.CAPACITY, good);
    }

    @Test
    void rejectsAHostThatFailsTogetherWithThePrimary() {
        host("home", "zone-1");
        HostId bad = host("a", "zone-1");
        HostId good = host("b", "zone-2");
        assertRejects(select(Tier.ZONE), bad, Constraint.FAILURE_DOMAIN, good);
    }

    @Test
    void rejectsAHostThatFailsTogetherWithAnotherShadow() {
        host("home", "zone-1");
        HostId first = host("a", "zone-2");
        HostId same = host("b", "zone-2");
        HostId other = host("c", "zone-3");
        assertThat(chosen(select(Tier.ZONE, Tier.ZONE)))
                .contains(other)
                .containsAnyOf(first, same)
                .hasSize(2);
    }

    @Test
    void rejectsAHostBeyondTheLatencyBudget() {
        host("home", "zone-1");
        HostId bad = host("a", "zone-2");
        HostId good = host("b", "zone-3");
        latencies.put(bad, Duration.ofMillis(11));
        assertRejects(select(Tier.HOST), bad, Constraint.LATENCY, good);
    }

    @Test
    void rejectsAHostOutOfReach() {
        host("home", "zone-1");
        HostId bad = host("a", "zone-2");
        HostId good = host("b", "zone-3");
        latencies.remove(bad);
        assertRejects(select(Tier.HOST), bad, Constraint.LATENCY, good);
    }

    @Test
    void rejectsAHostWhereALicensedProductMayNotRun() {
        demands = List.of(new LicenseDemand("database", 2));
        licenses.put("database", 2);
        host("home", "zone-1");
        HostId bad = host("a", "zone-2");
        HostId good = host("b", "zone-3", ROOM, true, Set.of("database"));
        assertRejects(select(Tier.HOST), bad, Constraint.LICENSE, good);
    }

    @Test
    void placesNoMoreThanTheLicencesAllow() {
        demands = List.of(new LicenseDemand("database", 2));
        licenses.put("database", 3);
        host("home", "zone-1");
        host("a", "zone-2", ROOM, true, Set.of("database"));
        host("b", "zone-3", ROOM, true, Set.of("database"));
        assertThat(chosen(select(Tier.HOST, Tier.HOST))).hasSize(1);
    }

    @Test
    void assessesEveryHostForEveryWantedShadow() {
        HostId home = host("home", "zone-1");
        HostId a = host("a", "zone-2");
        HostId b = host("b", "zone-3");
        assertThat(select(Tier.HOST, Tier.HOST).assessments())
                .hasSize(2)
                .allSatisfy(round ->
                        assertThat(round).extracting(HostAssessment::host).containsExactlyInAnyOrder(home, a, b));
    }

    @Test
    void givesEqualAnswersForEqualArguments() {
        host("home", "zone-1");
        host("a", "zone-2");
        host("b", "zone-3");
        assertThat(select(Tier.HOST)).isEqualTo(select(Tier.HOST));
    }

    @Test
    void snapshotWithoutThePrimarysHostIsRefused() {
        host("a", "zone-2");
        assertThatThrownBy(() -> select(Tier.HOST)).isInstanceOf(InvalidValueException.class);
    }
}
