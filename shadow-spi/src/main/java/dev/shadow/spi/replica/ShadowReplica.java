package dev.shadow.spi.replica;

import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Tier;
import dev.shadow.spi.VmId;
import dev.shadow.spi.internal.Checks;
import dev.shadow.spi.sync.SyncStatus;
import java.time.Instant;

/**
 * A standby copy of a virtual machine on another host.
 *
 * @param id names this replica, also towards the hypervisor
 * @param vm the virtual machine that it shadows
 * @param host where it lives
 * @param tier what it does not share with the primary it was placed for
 * @param order position in the order of activation, 0 is activated first
 * @param state where it stands in its life
 * @param generation write history that it follows, or leads when {@code ACTIVE}
 * @param sync how far it is behind, as last known
 * @param performance what was measured of it
 * @param since when it entered its state
 * @param reason why it is in its state, for a person; may be empty
 */
public record ShadowReplica(
        InstanceId id,
        VmId vm,
        HostId host,
        Tier tier,
        int order,
        ReplicaState state,
        Generation generation,
        SyncStatus sync,
        PerformanceMetrics performance,
        Instant since,
        String reason) {
    public ShadowReplica {
        Checks.present("id", id);
        Checks.present("vm", vm);
        Checks.present("host", host);
        Checks.present("tier", tier);
        Checks.range("order", order, 0, 15);
        Checks.present("state", state);
        Checks.present("generation", generation);
        Checks.present("sync", sync);
        Checks.present("performance", performance);
        Checks.present("since", since);
        Checks.present("reason", reason);
        if (state == ReplicaState.STANDBY && !sync.isPromotable()) {
            throw Checks.refused("sync.committedEpoch", null, "be given for a replica in state STANDBY");
        }
    }

    /**
     * Returns this replica in another state.
     *
     * @throws dev.shadow.spi.InvalidValueException if it may not go there from its present state
     */
    public ShadowReplica in(ReplicaState next, Instant at, String why) {
        if (!state.mayBecome(next)) {
            throw Checks.refused("state", next, "be one of " + state.successors() + " after " + state);
        }
        return new ShadowReplica(id, vm, host, tier, order, next, generation, sync, performance, at, why);
    }

    /** Returns this replica with a newer status of its synchronisation. */
    public ShadowReplica withSync(SyncStatus newer) {
        return new ShadowReplica(id, vm, host, tier, order, state, generation, newer, performance, since, reason);
    }

    /** Returns this replica with newer measurements. */
    public ShadowReplica withPerformance(PerformanceMetrics newer) {
        return new ShadowReplica(id, vm, host, tier, order, state, generation, sync, newer, since, reason);
    }

    /** Returns this replica in another generation. */
    public ShadowReplica withGeneration(Generation newer) {
        return new ShadowReplica(id, vm, host, tier, order, state, newer, sync, performance, since, reason);
    }
}
