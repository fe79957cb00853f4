package dev.shadow.core.placement.plan;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Draws hosts on which a shadow might be. A host is drawn the oftener the more shadows it has, because reserve is shared
 * best where many shadows are together; and for a licensed machine hosts that are licensed, or have its product, come first.
 */
final class HostChoice {
    private final FleetInstance fleet;
    private final int[][] byVm;
    private final int[][] licensed;
    private final int[][] slotsOfProduct;

    HostChoice(FleetInstance fleet) {
        this.fleet = fleet;
        Map<Integer, int[]> byMask = new HashMap<>();
        byVm = new int[fleet.vms][];
        for (int v = 0; v < fleet.vms; v++) {
            byVm[v] = byMask.computeIfAbsent(fleet.vmZones[v], this::hostsIn);
        }
        licensed = new int[fleet.licences.size()][];
        slotsOfProduct = new int[fleet.licences.size()][];
        for (int l = 0; l < licensed.length; l++) {
            int product = l;
            licensed[l] = fleet.licences.get(l).licensedHosts().stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
            slotsOfProduct[l] = IntStream.range(0, fleet.slotVm.length)
                    .filter(s -> fleet.vmLicence[fleet.slotVm[s]] == product)
                    .toArray();
        }
    }

    private int[] hostsIn(int zoneMask) {
        return IntStream.range(0, fleet.hosts)
                .filter(h -> (zoneMask >> fleet.hostZone[h] & 1) != 0)
                .toArray();
    }

    /** Hosts in the zones where the machine's shadows may be; not to be changed. */
    int[] all(int v) {
        return byVm[v];
    }

    /** Hosts licensed for a product before the plan; not to be changed. */
    int[] licensed(int product) {
        return licensed[product];
    }

    /** Shadows of the machines of a product; not to be changed. */
    int[] slotsOf(int product) {
        return slotsOfProduct[product];
    }

    /** Draws a host for the shadow's whole company to move to: often one with the shadow's licence. */
    int drawOther(int slot, SplittableRandom random) {
        int v = fleet.slotVm[slot];
        int l = fleet.vmLicence[v];
        if (l >= 0 && licensed[l].length > 0 && random.nextInt(4) > 0) {
            return licensed[l][random.nextInt(licensed[l].length)];
        }
        int[] hosts = byVm[v];
        return hosts[random.nextInt(hosts.length)];
    }

    /** Draws a host, or -1. */
    int draw(ReserveState state, int slot, SplittableRandom random) {
        int v = fleet.slotVm[slot];
        int kind = random.nextInt(16);
        int[] before = fleet.previous[v];
        if (kind == 0 && before.length > 0) {
            return before[random.nextInt(before.length)];
        }
        int l = fleet.vmLicence[v];
        if (l >= 0 && kind < 13) {
            if (kind < 7 && licensed[l].length > 0) {
                return licensed[l][random.nextInt(licensed[l].length)];
            }
            int[] peers = slotsOfProduct[l];
            return state.at[peers[random.nextInt(peers.length)]];
        }
        if (kind < 14) {
            int peer = state.at[random.nextInt(state.at.length)];
            if (peer >= 0 && (fleet.vmZones[v] >> fleet.hostZone[peer] & 1) != 0) {
                return peer;
            }
        }
        int[] hosts = byVm[v];
        return hosts.length == 0 ? -1 : hosts[random.nextInt(hosts.length)];
    }
}
