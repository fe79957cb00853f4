package dev.shadow.core.placement.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.tck.property.SeededTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

final class FleetPlannerTest {
    private static final long STEPS = 20_000;

    @SeededTest(runs = 60)
    void everyPlanSurvivesEveryEventAndCostsWhatItSays(RandomGenerator random) {
        FleetInstance fleet = RandomFleets.any(random);

        PlanResult result = FleetPlanner.of(fleet).plan(PlannerOptions.ofSteps(STEPS, 5));

        EveryEvent events = new EveryEvent(fleet, result.plan());
        assertThat(result.audit().reserveCost()).isEqualTo(events.reserveCost());
        if (result.audit().feasible()) {
            assertThat(events.survived()).isTrue();
        }
        assertThat(result.audit().violations().keySet())
                .as(result.audit().reasons().toString())
                .isSubsetOf(AuditReport.Constraint.COUNT);
    }

    @SeededTest(runs = 40)
    void anAuditFindsWhatEveryEventFinds(RandomGenerator random) {
        FleetInstance fleet = RandomFleets.any(random);
        int[][] shadows = new int[fleet.vmCount()][];
        for (int v = 0; v < shadows.length; v++) {
            shadows[v] = random.ints(0, fleet.hostCount())
                    .filter(h -> h != 0)
                    .distinct()
                    .limit(fleet.vm(v).shadows())
                    .toArray();
            for (int i = 0; i < shadows[v].length; i++) {
                shadows[v][i] = shadows[v][i] == fleet.vm(v).host() ? 0 : shadows[v][i];
            }
        }
        FleetPlan plan = FleetPlan.of(fleet, shadows);

        AuditReport audit = PlanAudit.of(fleet).audit(plan);

        EveryEvent events = new EveryEvent(fleet, plan);
        assertThat(audit.reserveCost()).isEqualTo(events.reserveCost());
        assertThat(events.survived())
                .isEqualTo(!audit.violations().containsKey(AuditReport.Constraint.CPU)
                        && !audit.violations().containsKey(AuditReport.Constraint.MEMORY)
                        && !audit.violations().containsKey(AuditReport.Constraint.DISK));
    }

    @SeededTest(runs = 10)
    void theSameSeedGivesTheSamePlanWithAnyThreads(RandomGenerator random) {
        FleetInstance fleet = RandomFleets.any(random);
        PlannerOptions options =
                PlannerOptions.ofSteps(STEPS, random.nextLong()).withWorkers(3);

        PlanResult once = FleetPlanner.of(fleet).plan(options);
        PlanResult again = FleetPlanner.of(fleet).plan(options);

        assertThat(again.plan()).isEqualTo(once.plan());
        assertThat(again.audit()).isEqualTo(once.audit());
    }

    @SeededTest(runs = 30)
    void whatIsPlacedOnSmallHostsIsPlacedOnLargeOnes(long seed) {
        FleetInstance small = RandomFleets.any(new SplittableRandom(seed), 2, 1);
        FleetInstance large = RandomFleets.any(new SplittableRandom(seed), 2, 3);

        PlanResult onSmall = FleetPlanner.of(small).planAfresh(PlannerOptions.ofSteps(0, 1));
        PlanResult onLarge = FleetPlanner.of(large).planAfresh(PlannerOptions.ofSteps(0, 1));

        assertThat(onLarge.audit().shadows())
                .isGreaterThanOrEqualTo(onSmall.audit().shadows());
        assertThat(PlanAudit.of(large).audit(onSmall.plan()).violations().keySet())
                .isSubsetOf(onSmall.audit().violations().keySet());
    }

    @SeededTest(runs = 20)
    void aSettledFleetMovesLittleWhenAHostIsLost(RandomGenerator random) {
        FleetInstance fleet = RandomFleets.any(random, 1, 3);
        PlanResult before = FleetPlanner.of(fleet).planAfresh(PlannerOptions.ofSteps(STEPS, 1));
        int lost = leastUsedHost(fleet, before.plan());
        FleetInstance after = without(fleet.after(before.plan()), lost);

        PlanResult replanned = FleetPlanner.of(after).plan(PlannerOptions.ofSteps(STEPS, 1));

        int forced = 0;
        for (int v = 0; v < fleet.vmCount(); v++) {
            forced += before.plan().hostsOf(v).contains(lost) ? 1 : 0;
        }
        assertThat(replanned.incremental()).isTrue();
        assertThat(replanned.audit().moved()).isBetween(forced, forced + forced / 5 + 1);
    }

    private static int leastUsedHost(FleetInstance fleet, FleetPlan plan) {
        Map<Integer, Integer> uses = new TreeMap<>();
        for (int v = 0; v < fleet.vmCount(); v++) {
            plan.hostsOf(v).forEach(h -> uses.merge(h, 1, Integer::sum));
        }
        return Collections.min(uses.entrySet(), Map.Entry.comparingByValue()).getKey();
    }

    /** The fleet as it is when the host takes no shadow any more: nobody's shadows were there. */
    private static FleetInstance without(FleetInstance fleet, int lost) {
        List<ProtectedVm> vms = new ArrayList<>();
        for (int v = 0; v < fleet.vmCount(); v++) {
            ProtectedVm m = fleet.vm(v);
            List<Integer> previous =
                    m.previous().stream().filter(h -> h != lost).toList();
            vms.add(new ProtectedVm(
                    m.host(),
                    m.tier(),
                    m.shadows(),
                    m.cpu(),
                    m.memory(),
                    m.disk(),
                    m.profile(),
                    m.standbyCpu(),
                    m.standbyMemory(),
                    m.licence(),
                    m.latencyBudgetMicros(),
                    m.peerZone(),
                    m.group(),
                    m.dataZones(),
                    m.dirty(),
                    previous));
        }
        return fleet.withVms(vms);
    }
}
