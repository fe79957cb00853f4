package dev.shadow.core.placement.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.placement.Constraint;
import dev.shadow.tck.property.SeededTest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class PlanExplainerTest {
    private static FleetPlan planned(FleetInstance fleet) {
        return FleetPlanner.of(fleet)
                .planAfresh(PlannerOptions.ofSteps(2_000, 1))
                .plan();
    }

    private static FleetPlan with(FleetInstance fleet, FleetPlan plan, int vm, int rank, int host) {
        int[][] shadows = new int[fleet.vmCount()][];
        for (int v = 0; v < shadows.length; v++) {
            shadows[v] = plan.raw(v).clone();
        }
        shadows[vm][rank] = host;
        return FleetPlan.of(fleet, shadows);
    }

    @SeededTest(runs = 15)
    void anotherHostCostsMoreByWhatAnAuditOfTheChangedPlanSays(RandomGenerator random) {
        FleetInstance fleet = RandomFleets.any(random);
        FleetPlan plan = planned(fleet);
        PlanExplainer explainer = PlanExplainer.of(fleet, plan);
        PlanAudit audit = PlanAudit.of(fleet);
        long objective = audit.audit(plan).objective();

        for (int v = 0; v < fleet.vmCount(); v++) {
            for (ShadowExplanation shadow : explainer.explain(v, 100)) {
                if (shadow.chosen().isEmpty()) {
                    continue;
                }
                long here = shadow.chosen().get().cost().total();
                for (ShadowExplanation.Option other : shadow.others()) {
                    FleetPlan changed = with(fleet, plan, v, shadow.rank(), other.host());
                    assertThat(audit.audit(changed).objective() - objective)
                            .isEqualTo(other.cost().total() - here);
                }
            }
        }
    }

    @SeededTest(runs = 15)
    void aHostIsRefusedForTheConstraintsThatAnAuditOfTheChangedPlanFinds(RandomGenerator random) {
        FleetInstance fleet = RandomFleets.any(random);
        FleetPlan plan = planned(fleet);
        PlanAudit audit = PlanAudit.of(fleet);
        Map<AuditReport.Constraint, Integer> before = audit.audit(plan).violations();

        for (int v = 0; v < fleet.vmCount(); v++) {
            for (ShadowExplanation shadow : PlanExplainer.of(fleet, plan).explain(v, 100)) {
                if (shadow.chosen().isEmpty()) {
                    continue;
                }
                Map<Set<Constraint>, Integer> found = new HashMap<>();
                for (int h = 0; h < fleet.hostCount(); h++) {
                    AuditReport changed = audit.audit(with(fleet, plan, v, shadow.rank(), h));
                    Set<Constraint> failed = EnumSet.noneOf(Constraint.class);
                    changed.violations().forEach((constraint, count) -> {
                        if (count > before.getOrDefault(constraint, 0)) {
                            failed.add(spoken(constraint));
                        }
                    });
                    if (h != plan.raw(v)[shadow.rank()] && !failed.isEmpty()) {
                        found.merge(failed, 1, Integer::sum);
                    }
                }
                Map<Set<Constraint>, Integer> told = new HashMap<>();
                shadow.refused().forEach(group -> told.put(group.constraints(), group.hosts()));
                assertThat(told).isEqualTo(found);
                assertThat(shadow.usable())
                        .isEqualTo(fleet.hostCount()
                                - 1
                                - found.values().stream()
                                        .mapToInt(Integer::intValue)
                                        .sum());
            }
        }
    }

    private static Constraint spoken(AuditReport.Constraint constraint) {
        return switch (constraint) {
            case DOMAIN, SPREAD, GROUP -> Constraint.FAILURE_DOMAIN;
            case LATENCY -> Constraint.LATENCY;
            case LICENCE_ZONE, LICENCE_POOL -> Constraint.LICENSE;
            case CPU, MEMORY, DISK, COUNT -> Constraint.CAPACITY;
        };
    }

    @SeededTest(runs = 15)
    void theNamedEventBringsWhatNoOtherExceeds(RandomGenerator random) {
        FleetInstance fleet = RandomFleets.any(random);
        FleetPlan plan = planned(fleet);
        EveryEvent events = new EveryEvent(fleet, plan);

        for (int v = 0; v < fleet.vmCount(); v++) {
            for (ShadowExplanation shadow : PlanExplainer.of(fleet, plan).explain(v, 0)) {
                shadow.chosen().ifPresent(option -> {
                    long peak = 0;
                    for (int t = 0; t < fleet.periods(); t++) {
                        peak = Math.max(peak, events.worst(option.host(), t));
                    }
                    assertThat(option.cpuHeldFor().map(BindingLoad::load).orElse(0L))
                            .isEqualTo(peak);
                    assertThat(option.memoryHeldFor().map(BindingLoad::load).orElse(0L))
                            .isEqualTo(events.worst(option.host(), fleet.periods()));
                });
            }
        }
    }

    @Test
    void explainingChangesNothing() {
        FleetInstance fleet = RandomFleets.any(new SplittableRandom(7), 2, 2);
        PlanExplainer explainer = PlanExplainer.of(fleet, planned(fleet));
        List<List<ShadowExplanation>> once = new ArrayList<>();
        List<List<ShadowExplanation>> again = new ArrayList<>();

        for (int v = 0; v < fleet.vmCount(); v++) {
            once.add(explainer.explain(v, 3));
        }
        for (int v = 0; v < fleet.vmCount(); v++) {
            again.add(explainer.explain(v, 3));
        }

        assertThat(again).isEqualTo(once);
    }

    @Test
    void aShadowWithoutAHostHasTheReasonsOfAllHosts() {
        FleetInstance fleet = RandomFleets.any(new SplittableRandom(7), 1, 1);
        int vm = 0;
        while (fleet.vm(vm).shadows() == 0) {
            vm++;
        }
        FleetPlan nothing = FleetPlan.of(fleet, new int[fleet.vmCount()][0]);

        ShadowExplanation shadow =
                PlanExplainer.of(fleet, nothing).explain(vm, 2).get(0);

        assertThat(shadow.chosen()).isEmpty();
        assertThat(shadow.usable()
                        + shadow.refused().stream()
                                .mapToInt(ShadowExplanation.Refused::hosts)
                                .sum())
                .isEqualTo(fleet.hostCount());
    }

    @Test
    void anUnknownMachineIsRefused() {
        FleetInstance fleet = RandomFleets.any(new SplittableRandom(7), 1, 1);
        PlanExplainer explainer = PlanExplainer.of(fleet, FleetPlan.of(fleet, new int[fleet.vmCount()][0]));

        assertThatThrownBy(() -> explainer.explain(fleet.vmCount(), 1))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("vm must name one of the " + fleet.vmCount() + " machines");
    }
}
