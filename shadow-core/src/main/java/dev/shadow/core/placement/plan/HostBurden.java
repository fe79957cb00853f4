package dev.shadow.core.placement.plan;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What each failure event would bring to one host, event by event. Slower than {@link HostLoads}, which keeps only what a
 * search needs, but able to name the event that a reserve is held for.
 */
final class HostBurden {
    private static final long[] NOTHING = {};

    private final FleetInstance fleet;
    private final Map<FailureEvent, long[]> loads = new LinkedHashMap<>();

    HostBurden(ReserveState state, int host) {
        fleet = state.fleet;
        int[] slots = state.slots.copy(host);
        Arrays.sort(slots);
        for (int slot : slots) {
            int v = fleet.slotVm[slot];
            int rank = state.rank(slot);
            int home = fleet.vmHost[v];
            if (rank == 0) {
                if (fleet.vmTier[v] >= 3) {
                    add(FailureEvent.zone(fleet.hostZone[home]), v);
                }
                if (fleet.vmTier[v] >= 2) {
                    add(FailureEvent.rack(fleet.hostRack[home]), v);
                }
                add(FailureEvent.host(home), v);
            } else if (rank == 1 && fleet.pairs && state.at[slot - 1] >= 0) {
                add(FailureEvent.hosts(home, state.at[slot - 1]), v);
            }
        }
    }

    private void add(FailureEvent event, int v) {
        long[] load = loads.computeIfAbsent(event, e -> new long[fleet.dimensions]);
        for (int d = 0; d < load.length; d++) {
            load[d] += fleet.extra[v * load.length + d];
        }
    }

    /** The event that brings most cpu in any period; empty if none brings any. */
    Optional<BindingLoad> cpu() {
        BindingLoad worst = null;
        for (int t = 0; t < fleet.periods; t++) {
            BindingLoad here = worst(t, t);
            if (here != null && (worst == null || here.load() > worst.load())) {
                worst = here;
            }
        }
        return Optional.ofNullable(worst);
    }

    /** The event that brings most memory; empty if none brings any. */
    Optional<BindingLoad> memory() {
        return Optional.ofNullable(worst(fleet.periods, -1));
    }

    private @Nullable BindingLoad worst(int d, int period) {
        FailureEvent worst = null;
        FailureEvent most = null;
        FailureEvent next = null;
        long load = 0;
        for (Map.Entry<FailureEvent, long[]> entry : loads.entrySet()) {
            FailureEvent event = entry.getKey();
            long x = entry.getValue()[d];
            if (event.kind() == FailureEvent.Kind.HOST_PAIR) {
                x += alone(event.first(), d) + alone(event.second(), d);
            } else if (event.kind() == FailureEvent.Kind.HOST && fleet.pairs) {
                if (most == null || x > alone(most.first(), d)) {
                    next = most;
                    most = event;
                } else if (next == null || x > alone(next.first(), d)) {
                    next = event;
                }
            }
            if (x > load) {
                load = x;
                worst = event;
            }
        }
        if (most != null && next != null && alone(next.first(), d) > 0) {
            long both = alone(most.first(), d) + alone(next.first(), d);
            if (both > load) {
                load = both;
                worst = FailureEvent.hosts(most.first(), next.first());
            }
        }
        return worst == null ? null : new BindingLoad(worst, period, load);
    }

    private long alone(int home, int d) {
        long[] load = loads.getOrDefault(FailureEvent.host(home), NOTHING);
        return load.length == 0 ? 0 : load[d];
    }
}
