package dev.shadow.tck.contract;

import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.placement.FleetSnapshot;
import dev.shadow.spi.placement.HostAssessment;
import dev.shadow.spi.placement.HostSelector;
import dev.shadow.spi.placement.LicenseStock;
import dev.shadow.spi.placement.Selection;
import dev.shadow.spi.placement.SelectionRequest;
import dev.shadow.tck.contract.Mutant.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** A wrong selector for every rule. */
final class HostSelectorMutants {
    private static final HostId HOME = HostId.of("home");

    private HostSelectorMutants() {}

    private static Selection select(Call call) throws Throwable {
        return (Selection) Objects.requireNonNull(call.proceed());
    }

    /** Overlooks something in the request. */
    private static Mutant request(String rule, UnaryOperator<SelectionRequest> change) {
        return Mutant.of(
                rule,
                HostSelector.class,
                "select",
                call -> call.with(0, change.apply(call.arg(0, SelectionRequest.class))));
    }

    /** Overlooks something in the snapshot. */
    private static Mutant snapshot(String rule, UnaryOperator<FleetSnapshot> change) {
        return Mutant.of(
                rule,
                HostSelector.class,
                "select",
                call -> call.with(1, change.apply(call.arg(1, FleetSnapshot.class))));
    }

    /** Answers something else. */
    private static Mutant answer(String rule, BiFunction<Call, Selection, Selection> change) {
        return Mutant.of(rule, HostSelector.class, "select", call -> change.apply(call, select(call)));
    }

    private static FleetSnapshot hosts(FleetSnapshot it, UnaryOperator<HostDescription> change) {
        return new FleetSnapshot(
                it.hosts().stream().map(change).toList(), it.shadows(), it.suspected(), it.licenses(), it.latencies());
    }

    private static HostDescription like(
            HostDescription it, FailureDomain domain, Resources capacity, boolean schedulable, Set<String> products) {
        return new HostDescription(
                it.id(), domain, capacity, it.used(), schedulable, products, it.dataSets(), it.costPerHour());
    }

    private static HostDescription inZone(HostDescription it, String zone) {
        FailureDomain old = it.domain();
        FailureDomain domain = new FailureDomain(old.region(), zone, old.rack(), old.host());
        return like(it, domain, it.capacity(), it.schedulable(), it.licensedProducts());
    }

    private static FleetSnapshot with(FleetSnapshot it, LicenseStock licenses) {
        return new FleetSnapshot(it.hosts(), it.shadows(), it.suspected(), licenses, it.latencies());
    }

    private static Selection with(Selection it, HostId more) {
        List<Selection.Choice> choices = new ArrayList<>(it.choices());
        choices.add(new Selection.Choice(choices.size(), more, Tier.HOST));
        return new Selection(choices, it.assessments());
    }

    private static FleetSnapshot apartFromEachOther(FleetSnapshot it) {
        if (it.host(HOME).isEmpty()) {
            return it;
        }
        String home = it.host(HOME).orElseThrow().domain().zone();
        return hosts(
                it,
                host -> host.domain().zone().equals(home)
                        ? host
                        : inZone(host, host.domain().zone() + host.id()));
    }

    static List<Mutant> all() {
        return List.of(
                answer(
                        "choosesAHostForEveryWantedShadowInOrder",
                        (call, it) -> new Selection(
                                it.choices().stream()
                                        .map(c -> new Selection.Choice(c.order(), c.host(), Tier.REGION))
                                        .toList(),
                                it.assessments())),
                answer("neverChoosesOneHostTwice", (call, it) -> {
                    SelectionRequest request = call.arg(0, SelectionRequest.class);
                    boolean lacks = it.choices().size() < request.tiers().size()
                            && !it.choices().isEmpty()
                            && request.vm().licenses().isEmpty();
                    return lacks ? with(it, it.choices().get(0).host()) : it;
                }),
                answer("neverChoosesThePrimarysHost", (call, it) -> it.choices().isEmpty() ? with(it, HOME) : it),
                request(
                        "neverChoosesAnOccupiedHost",
                        it -> new SelectionRequest(it.vm(), it.tiers(), Set.of(), it.excluded(), it.latencyBudget())),
                request(
                        "rejectsAnExcludedHost",
                        it -> new SelectionRequest(it.vm(), it.tiers(), it.occupied(), Set.of(), it.latencyBudget())),
                snapshot(
                        "rejectsAHostThatTakesNoNewInstances",
                        it -> hosts(it, h -> like(h, h.domain(), h.capacity(), true, h.licensedProducts()))),
                snapshot(
                        "rejectsASuspectedHost",
                        it -> new FleetSnapshot(it.hosts(), it.shadows(), Set.of(), it.licenses(), it.latencies())),
                snapshot(
                        "rejectsAHostThatIsTooSmall",
                        it -> it.shadows().isEmpty()
                                ? hosts(
                                        it,
                                        h -> like(
                                                h,
                                                h.domain(),
                                                new Resources(1L << 60, 1L << 60, 1L << 60, 1L << 60),
                                                h.schedulable(),
                                                h.licensedProducts()))
                                : it),
                snapshot(
                        "countsWhatOtherShadowsReserved",
                        it -> new FleetSnapshot(it.hosts(), List.of(), it.suspected(), it.licenses(), it.latencies())),
                snapshot(
                        "rejectsAHostThatFailsTogetherWithThePrimary",
                        it -> hosts(it, h -> h.id().equals(HOME) ? inZone(h, "elsewhere") : h)),
                snapshot("rejectsAHostThatFailsTogetherWithAnotherShadow", HostSelectorMutants::apartFromEachOther),
                request(
                        "rejectsAHostBeyondTheLatencyBudget",
                        it -> new SelectionRequest(
                                it.vm(), it.tiers(), it.occupied(), it.excluded(), Duration.ofDays(1))),
                snapshot("rejectsAHostOutOfReach", it -> {
                    Map<HostId, Duration> latencies = new HashMap<>(it.latencies());
                    it.hosts().forEach(host -> latencies.putIfAbsent(host.id(), Duration.ZERO));
                    return new FleetSnapshot(it.hosts(), it.shadows(), it.suspected(), it.licenses(), latencies);
                }),
                snapshot(
                        "rejectsAHostWhereALicensedProductMayNotRun",
                        it -> !it.licenses().terms().isEmpty()
                                ? it
                                : hosts(
                                        it,
                                        h -> like(
                                                h,
                                                h.domain(),
                                                h.capacity(),
                                                h.schedulable(),
                                                it.licenses().free().keySet()))),
                snapshot("placesNoMoreThanTheLicencesAllow", it -> {
                    Map<String, Integer> licenses = new HashMap<>(it.licenses().free());
                    licenses.replaceAll((product, units) -> units * 100);
                    return it.licenses().terms().isEmpty() ? with(it, LicenseStock.of(licenses)) : it;
                }),
                snapshot(
                        "opensNoHostThatThePoolIsTooSmallFor",
                        it -> it.licenses().terms().isEmpty()
                                ? it
                                : with(
                                        it,
                                        new LicenseStock(
                                                Map.of("database", 1000),
                                                it.licenses().terms(),
                                                Map.of()))),
                answer(
                        "assessesEveryHostForEveryWantedShadow",
                        (call, it) -> new Selection(
                                it.choices(),
                                it.assessments().stream()
                                        .map(round -> round.stream()
                                                .filter(a -> !a.host().equals(HOME))
                                                .toList())
                                        .toList())),
                answer("givesEqualAnswersForEqualArguments", (call, it) -> {
                    double total = 1.0 / call.count();
                    return new Selection(
                            it.choices(),
                            it.assessments().stream()
                                    .map(round -> round.stream()
                                            .map(a -> new HostAssessment(a.host(), a.rejections(), a.scores(), total))
                                            .toList())
                                    .toList());
                }),
                Mutant.of("snapshotWithoutThePrimarysHostIsRefused", HostSelector.class, "select", call -> {
                    try {
                        return call.proceed();
                    } catch (InvalidValueException e) {
                        return new Selection(List.of(), List.of());
                    }
                }));
    }
}
