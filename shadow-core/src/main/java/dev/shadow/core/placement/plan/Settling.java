package dev.shadow.core.placement.plan;

/** Puts shadows back where they were, as far as that is still allowed and everything there still fits. */
final class Settling {
    private Settling() {}

    static void settle(ReserveState state) {
        FleetInstance fleet = state.fleet;
        for (int v = 0; v < fleet.vms; v++) {
            int slot = fleet.slotStart[v];
            for (int before : fleet.previous[v]) {
                while (slot < fleet.slotStart[v + 1] && state.at[slot] >= 0) {
                    slot++;
                }
                if (slot < fleet.slotStart[v + 1]
                        && state.admissible(slot, before)
                        && state.addCost(slot, before, ReserveState.IMPOSSIBLE - 1) < ReserveState.IMPOSSIBLE) {
                    state.attach(slot, before);
                }
            }
        }
    }
}
