package dev.shadow.core.placement.online;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.inventory.HostDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A demand in the numbers of the columns. */
final class Ask {
    final ShadowDemand demand;
    final int primary;
    final Resources held;
    final int[] events;
    final long[] extra;
    final long peakExtraCpu;
    /** What the index knows the demand by. */
    final long[] parts;

    final int[] closed;
    final int occupied;
    final long budgetNanos;
    /** Row of the unused reserve that bounds the cost. */
    final int slackRow;

    /** Latency to each host where that is known, instead of zone to zone; {@link #UNREACHED} if it is not. */
    final long @Nullable [] hostNanos;

    static final long UNREACHED = Long.MAX_VALUE;

    Ask(ShadowDemand demand, FleetColumns columns) {
        this(demand, columns, null);
    }

    Ask(ShadowDemand demand, FleetColumns columns, long @Nullable [] hostNanos) {
        this.hostNanos = hostNanos;
        this.demand = demand;
        Integer index = columns.indexOf.get(demand.primary());
        if (index == null) {
            throw new InvalidValueException("primary", demand.primary().value(), "be a host of the fleet");
        }
        if (demand.profile().size() != columns.periods) {
            throw new InvalidValueException(
                    "profile.size", Integer.toString(demand.profile().size()), "be " + columns.periods);
        }
        primary = index;
        Resources waiting = demand.waiting();
        Resources active = demand.active();
        held = new Resources(
                waiting.cpuMillis(),
                waiting.memoryBytes(),
                Math.max(waiting.diskBytes(), active.diskBytes()),
                waiting.networkBitsPerSecond());
        events = columns.events(primary, demand.tier());
        extra = new long[columns.slots];
        long most = 0;
        for (int t = 0; t < columns.periods; t++) {
            extra[t] = demand.extraCpu(t);
            most = Math.max(most, extra[t]);
        }
        peakExtraCpu = most;
        extra[columns.periods] = Math.max(0, active.memoryBytes() - waiting.memoryBytes());
        extra[columns.periods + 1] = Math.max(0, active.networkBitsPerSecond() - waiting.networkBitsPerSecond());
        parts = columns.index.parts(extra);
        closed = new int[demand.occupied().size() + demand.excluded().size()];
        occupied = fill(demand.occupied(), columns, 0);
        int unused = fill(demand.excluded(), columns, occupied);
        budgetNanos = demand.latencyBudget().toNanos();
        boolean zonal = demand.tier() == Tier.ZONE || demand.tier() == Tier.REGION;
        slackRow = zonal ? columns.zone[primary] : columns.zones;
    }

    private int fill(Collection<HostId> ids, FleetColumns columns, int from) {
        int at = from;
        for (HostId id : ids) {
            closed[at++] = columns.indexOf.getOrDefault(id, -1);
        }
        return at;
    }

    long latencyNanos(int h, FleetColumns columns) {
        return hostNanos != null ? hostNanos[h] : columns.latencyNanos[columns.zone[primary]][columns.zone[h]];
    }

    Candidate candidate(int h, FleetColumns columns) {
        List<HostDescription> others = new ArrayList<>();
        for (int i = 0; i < occupied; i++) {
            if (closed[i] >= 0 && closed[i] != primary) {
                others.add(columns.hosts[closed[i]]);
            }
        }
        long nanos = latencyNanos(h, columns);
        return new Candidate(demand, columns.hosts[h], columns.hosts[primary], others, Duration.ofNanos(nanos));
    }

    /** Says whether the host stands where another instance of the virtual machine runs. */
    boolean sharesPlace(int h, FleetColumns columns) {
        for (int i = 0; i < occupied; i++) {
            if (closed[i] >= 0 && closed[i] != h && columns.together(h, closed[i], Tier.HOST)) {
                return true;
            }
        }
        return false;
    }

    /** Says whether the request itself rules the host out. */
    boolean closes(int h) {
        for (int other : closed) {
            if (other == h) {
                return true;
            }
        }
        return h == primary;
    }
}
