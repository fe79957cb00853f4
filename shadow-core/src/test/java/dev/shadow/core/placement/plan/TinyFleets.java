package dev.shadow.core.placement.plan;

import dev.shadow.core.placement.plan.LicenceProduct.Model;
import dev.shadow.core.placement.plan.ProtectedVm.Tier;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** Fleets so small that every plan can be looked at. */
final class TinyFleets {
    private static final int HOSTS = 6;
    private static final int VMS = 5;

    private TinyFleets() {}

    static FleetInstance any(RandomGenerator random) {
        FleetInstanceBuilder fleet = FleetInstance.builder()
                .periods(2)
                .hostFailures(1 + random.nextInt(2))
                .weights(24, 30)
                .zones(new int[][] {{1, 5, 9}, {5, 1, 5}, {9, 5, 1}}, new int[][] {{1, 20, 40}, {20, 1, 20}, {40, 20, 1}
                })
                .hostType(new HostType(1500, 3000, 500, 8, 2, 20, 3, 2))
                .hostType(new HostType(1200, 2500, 600, 12, 1, 25, 2, 2))
                .licence(new LicenceProduct("db", Model.HOST_CORE, 8, 500, List.of(0, 1, 2), List.of(5), 40))
                .profile(1000, 1000)
                .profile(200, 1000);
        for (int r = 0; r < HOSTS; r++) {
            fleet.rack(r % 3).host(r, random.nextInt(2));
        }
        for (int v = 0; v < VMS; v++) {
            int memory = 100 * (1 + random.nextInt(8));
            fleet.vm(new ProtectedVm(
                    random.nextInt(HOSTS),
                    random.nextInt(4) == 0 ? Tier.HOST : Tier.ZONE,
                    v == 0 ? 2 : 1,
                    50 * (1 + random.nextInt(8)),
                    memory,
                    10 * random.nextInt(8),
                    random.nextInt(2),
                    random.nextInt(3) * 10,
                    random.nextInt(3) * memory / 4,
                    random.nextInt(3) == 0 ? 0 : -1,
                    random.nextInt(5) == 0 ? 5 : 100,
                    random.nextInt(3),
                    -1,
                    1 + random.nextInt(7),
                    random.nextInt(4),
                    random.nextBoolean() ? List.of(random.nextInt(HOSTS)) : List.of()));
        }
        return fleet.build();
    }

    /** Cost of the cheapest of all plans that survive every event; empty if none does. */
    static OptionalLong cheapest(FleetInstance fleet) {
        PlanAudit audit = PlanAudit.of(fleet);
        int slots = fleet.shadowCount();
        long best = Long.MAX_VALUE;
        for (int plan = 0; plan < Math.pow(HOSTS, slots); plan++) {
            AuditReport report = audit.audit(FleetPlan.of(fleet, shadows(fleet, plan)));
            best = report.feasible() ? Math.min(best, report.objective()) : best;
        }
        return best == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(best);
    }

    private static int[][] shadows(FleetInstance fleet, int plan) {
        int rest = plan;
        int[][] shadows = new int[fleet.vmCount()][];
        for (int v = 0; v < shadows.length; v++) {
            shadows[v] = new int[fleet.vm(v).shadows()];
            for (int i = 0; i < shadows[v].length; i++) {
                shadows[v][i] = rest % HOSTS;
                rest /= HOSTS;
            }
        }
        return shadows;
    }
}
