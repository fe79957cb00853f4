package dev.shadow.core.placement.plan;

import dev.shadow.spi.InvalidValueException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Where the shadows of every machine are, in activation order. Immutable. */
public final class FleetPlan {
    private final int[][] shadows;

    private FleetPlan(int[][] shadows) {
        this.shadows = shadows;
    }

    /**
     * Returns a plan.
     *
     * @param shadows for each machine of the fleet the hosts of its shadows, first the one that is activated first
     */
    public static FleetPlan of(FleetInstance fleet, int[][] shadows) {
        if (shadows.length != fleet.vms) {
            throw new InvalidValueException(
                    "shadows", shadows.length + " lists", "have a list for each of the " + fleet.vms + " machines");
        }
        int[][] copy = new int[shadows.length][];
        for (int v = 0; v < copy.length; v++) {
            copy[v] = shadows[v].clone();
            for (int host : copy[v]) {
                Refusals.index("shadows[" + v + "]", host, fleet.hosts, "hosts");
            }
        }
        return new FleetPlan(copy);
    }

    static FleetPlan ofSlots(FleetInstance fleet, int[] hostOfSlot) {
        int[][] shadows = new int[fleet.vms][];
        for (int v = 0; v < fleet.vms; v++) {
            shadows[v] = Arrays.stream(hostOfSlot, fleet.slotStart[v], fleet.slotStart[v + 1])
                    .takeWhile(h -> h >= 0)
                    .toArray();
        }
        return new FleetPlan(shadows);
    }

    /** Number of machines. */
    public int vmCount() {
        return shadows.length;
    }

    /** Hosts of a machine's shadows in activation order. */
    public List<Integer> hostsOf(int vm) {
        int[] hosts = shadows[Objects.checkIndex(vm, shadows.length)];
        List<Integer> list = new ArrayList<>(hosts.length);
        for (int host : hosts) {
            list.add(host);
        }
        return List.copyOf(list);
    }

    int[] raw(int vm) {
        return shadows[vm];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FleetPlan plan && Arrays.deepEquals(shadows, plan.shadows);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(shadows);
    }
}
