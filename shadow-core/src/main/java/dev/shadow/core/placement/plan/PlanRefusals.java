package dev.shadow.core.placement.plan;

import dev.shadow.spi.placement.Constraint;
import dev.shadow.spi.placement.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tries every constraint of a shadow that has no host on a host of a plan, and says what fails in words. */
final class PlanRefusals {
    private final ReserveState state;
    private final FleetInstance fleet;

    PlanRefusals(ReserveState state) {
        this.state = state;
        fleet = state.fleet;
    }

    /** All that speaks against the host; empty if it can be used. */
    List<Rejection> against(int slot, int h) {
        List<Rejection> found = new ArrayList<>();
        int v = fleet.slotVm[slot];
        capacity(found, slot, h);
        domain(found, slot, h);
        group(found, v, h);
        latency(found, v, h);
        licence(found, v, h);
        return found;
    }

    private void domain(List<Rejection> found, int slot, int h) {
        int v = fleet.slotVm[slot];
        int home = fleet.vmHost[v];
        if (h == home) {
            found.add(new Rejection(Constraint.FAILURE_DOMAIN, "is the primary's own host"));
        } else if (fleet.vmTier[v] >= 2 && fleet.hostRack[h] == fleet.hostRack[home]) {
            found.add(new Rejection(
                    Constraint.FAILURE_DOMAIN,
                    "must not share its rack with the primary: both are in rack " + fleet.hostRack[h]));
        } else if (fleet.vmTier[v] >= 3 && fleet.hostZone[h] == fleet.hostZone[home]) {
            found.add(new Rejection(
                    Constraint.FAILURE_DOMAIN,
                    "must not share its zone with the primary: both are in zone " + fleet.hostZone[h]));
        }
        for (int s = fleet.slotStart[v]; s < fleet.slotStart[v + 1]; s++) {
            if (s != slot && state.at[s] >= 0 && fleet.hostRack[state.at[s]] == fleet.hostRack[h]) {
                found.add(new Rejection(
                        Constraint.FAILURE_DOMAIN,
                        "stands in the same place as another shadow: host " + state.at[s] + " is in rack "
                                + fleet.hostRack[h] + " too"));
                return;
            }
        }
    }

    private void group(List<Rejection> found, int v, int h) {
        if (fleet.vmGroup[v] < 0) {
            return;
        }
        for (int other : fleet.groupMembers[fleet.vmGroup[v]]) {
            if (other == v) {
                continue;
            }
            boolean there = fleet.vmHost[other] == h;
            for (int s = fleet.slotStart[other]; s < fleet.slotStart[other + 1]; s++) {
                there |= state.at[s] == h;
            }
            if (there) {
                found.add(new Rejection(
                        Constraint.FAILURE_DOMAIN, "carries vm " + other + " of the same group, which is kept apart"));
                return;
            }
        }
    }

    private void latency(List<Rejection> found, int v, int h) {
        ProtectedVm vm = fleet.machines.get(v);
        int micros = fleet.latencyMicros[fleet.hostZone[h]][vm.peerZone()];
        if (micros > vm.latencyBudgetMicros()) {
            found.add(new Rejection(
                    Constraint.LATENCY,
                    "latency to the peer's zone is " + micros + " us, the budget " + vm.latencyBudgetMicros() + " us"));
        }
    }

    private void licence(List<Rejection> found, int v, int h) {
        int l = fleet.vmLicence[v];
        if (l < 0) {
            return;
        }
        LicenceProduct product = fleet.licences.get(l);
        if (!product.allowedZones().contains(fleet.hostZone[h])) {
            found.add(new Rejection(Constraint.LICENSE, product.name() + " may not run there"));
        }
        if (!state.licences.carries(l, h)) {
            int free = product.poolUnits() - state.licences.unitsUsed(l);
            if (fleet.licenceUnits[l][h] > free) {
                found.add(new Rejection(
                        Constraint.LICENSE,
                        product.name() + " needs " + fleet.licenceUnits[l][h] + " units, " + Math.max(0, free)
                                + " free"));
            }
        }
    }

    private void capacity(List<Rejection> found, int slot, int h) {
        int v = fleet.slotVm[slot];
        int dims = fleet.dimensions;
        int[] free = new int[dims];
        for (int d = 0; d < dims; d++) {
            free[d] = state.loads.room(h, d) - state.loads.worst(h, d);
        }
        int disk = state.diskRoom(h);
        state.attach(slot, h);
        List<String> words = new ArrayList<>();
        int tightest = -1;
        int missing = 0;
        for (int d = 0; d < dims - 1; d++) {
            int lacking = state.loads.worst(h, d) - state.loads.room(h, d);
            if (lacking > missing) {
                missing = lacking;
                tightest = d;
            }
        }
        if (tightest >= 0) {
            words.add(String.format(
                    Locale.ROOT,
                    "cpu in period %d: needs %.2f cores, %.2f free",
                    tightest,
                    (free[tightest] + missing) / 100.0,
                    Math.max(0, free[tightest]) / 100.0));
        }
        int lacking = state.loads.worst(h, dims - 1) - state.loads.room(h, dims - 1);
        if (lacking > 0) {
            words.add("memory" + compared("MiB", free[dims - 1] + lacking, free[dims - 1]));
        }
        if (disk < fleet.vmDisk[v]) {
            words.add("disk" + compared("GiB", fleet.vmDisk[v], disk));
        }
        if (state.steersAnother(slot) && state.at[slot + 1] >= 0 && !state.fits(state.at[slot + 1])) {
            words.add("host " + state.at[slot + 1] + " of the second shadow would have too little for the loss of host "
                    + fleet.vmHost[v] + " and this one");
        }
        state.detach(slot);
        if (!words.isEmpty()) {
            found.add(new Rejection(Constraint.CAPACITY, String.join(", ", words)));
        }
    }

    private static String compared(String unit, int needed, int free) {
        return ": needs " + needed + " " + unit + ", " + Math.max(0, free) + " free";
    }
}
