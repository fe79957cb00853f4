package dev.shadow.core.placement.plan;

import dev.shadow.core.placement.plan.LicenceProduct.Model;
import dev.shadow.core.placement.plan.ProtectedVm.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Small fleets with everything in them: three zones, licences, groups, latency budgets, machines with two shadows. */
final class RandomFleets {
    private RandomFleets() {}

    static FleetInstance any(RandomGenerator random) {
        return any(random, 1 + random.nextInt(2), 1);
    }

    /** A fleet whose hosts are {@code scale} times as large. */
    static FleetInstance any(RandomGenerator random, int hostFailures, int scale) {
        int racks = 6 + random.nextInt(4);
        int hosts = 2 * racks + random.nextInt(8);
        FleetInstanceBuilder fleet = FleetInstance.builder()
                .periods(3)
                .hostFailures(hostFailures)
                .weights(24, 50)
                .zones(new int[][] {{1, 5, 9}, {5, 1, 5}, {9, 5, 1}}, new int[][] {{1, 20, 40}, {20, 1, 20}, {40, 20, 1}
                })
                .hostType(new HostType(2400 * scale, 9000 * scale, 4000 * scale, 24, 2, 20, 3, 2))
                .hostType(new HostType(3200 * scale, 8000 * scale, 5000 * scale, 32, 2, 18, 4, 2))
                .licence(new LicenceProduct("db", Model.HOST_CORE, 16, 90, List.of(0, 1, 2), List.of(0, 5, 9), 400))
                .licence(new LicenceProduct("os", Model.SOCKET, 1, 900, List.of(0, 2), List.of(1, 2, 8), 30))
                .profile(1000, 1000, 1000)
                .profile(200, 1000, 500)
                .profile(1000, 150, 333);
        for (int r = 0; r < racks; r++) {
            fleet.rack(r % 3);
        }
        for (int h = 0; h < hosts; h++) {
            fleet.host(h % racks, random.nextInt(2));
        }
        int[] lastOfGroup = new int[3];
        for (int v = 0; v < 2 * hosts; v++) {
            fleet.vm(vm(random, v % hosts, hosts, lastOfGroup));
        }
        return fleet.build();
    }

    private static ProtectedVm vm(RandomGenerator random, int host, int hosts, int[] lastOfGroup) {
        int tier = random.nextInt(4);
        int shadows = tier == 0 ? 0 : 1 + random.nextInt(6) / 4;
        int memory = 100 * (1 + random.nextInt(12));
        int group = random.nextInt(12);
        boolean grouped = group < 3 && lastOfGroup[group] <= host;
        if (grouped) {
            lastOfGroup[group] = host + 1;
        }
        List<Integer> previous = new ArrayList<>();
        if (random.nextBoolean()) {
            previous.add(random.nextInt(hosts));
        }
        int licence = random.nextInt(8) - 6;
        return new ProtectedVm(
                host,
                List.of(Tier.values()).get(tier),
                shadows,
                50 * (1 + random.nextInt(12)),
                memory,
                10 * random.nextInt(20),
                random.nextInt(3),
                random.nextInt(3) * 10,
                random.nextInt(3) * memory / 4,
                Math.max(-1, licence),
                random.nextInt(5) == 0 ? 5 : 100,
                random.nextInt(3),
                grouped ? group : -1,
                1 + random.nextInt(7),
                random.nextInt(8),
                previous);
    }
}
