package dev.shadow.spi.event;

import dev.shadow.spi.HostId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.failover.FailoverReport;
import dev.shadow.spi.failover.HostHealth;
import dev.shadow.spi.forecast.ForecastAccuracy;
import dev.shadow.spi.placement.Selection;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.profile.Trigger;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.replica.ShadowReplica;
import dev.shadow.spi.sync.SyncPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Something that happened in the control plane, told after it was recorded. */
public sealed interface ShadowEvent {
    /** When it happened. */
    Instant at();

    /** An event about one virtual machine. */
    sealed interface OfVm extends ShadowEvent {
        /** The virtual machine. */
        VmId vm();
    }

    /**
     * A profile was accepted and stored.
     *
     * @param at when
     * @param profile the profile
     */
    record ProfileApplied(Instant at, PlacementProfile profile) implements OfVm {
        @Override
        public VmId vm() {
            return profile.vm();
        }
    }

    /**
     * A profile was removed; its shadows will be retired.
     *
     * @param at when
     * @param vm the virtual machine
     */
    record ProfileRemoved(Instant at, VmId vm) implements OfVm {}

    /**
     * A trigger fired: shadows are wanted.
     *
     * @param at when
     * @param vm the virtual machine
     * @param trigger the trigger
     * @param observed the sample or forecast quantile that was beyond the threshold, in percent
     * @param leadTime how far ahead the forecast looked; empty for a measured threshold
     * @param evidence what the decision rests on, for a person
     */
    record TriggerFired(
            Instant at, VmId vm, Trigger trigger, double observed, Optional<Duration> leadTime, String evidence)
            implements OfVm {}

    /**
     * A predictive trigger would have fired but may not act.
     *
     * @param at when
     * @param vm the virtual machine
     * @param trigger the trigger
     * @param observed the forecast quantile that was beyond the threshold, in percent
     * @param leadTime how far ahead the forecast looked
     * @param accuracy how the forecast did on the past; empty if the history is too short to say
     * @param reason why it may not act and what it would have acted on, for a person
     */
    record TriggerWithheld(
            Instant at,
            VmId vm,
            Trigger trigger,
            double observed,
            Duration leadTime,
            Optional<ForecastAccuracy> accuracy,
            String reason)
            implements OfVm {}

    /**
     * A trigger released.
     *
     * @param at when
     * @param vm the virtual machine
     * @param trigger the trigger
     * @param evidence what the decision rests on, for a person
     */
    record TriggerReleased(Instant at, VmId vm, Trigger trigger, String evidence) implements OfVm {}

    /**
     * Hosts were chosen for shadows.
     *
     * @param at when
     * @param vm the virtual machine
     * @param selection the choice, with what was thought of every host
     */
    record HostsSelected(Instant at, VmId vm, Selection selection) implements OfVm {}

    /**
     * A replica entered a state. Its status may be older than that of a progress event before this one;
     * {@code observedAt} tells.
     *
     * @param at when
     * @param replica the replica in its new state
     * @param before the state it left; empty for a new replica
     */
    record ReplicaChanged(Instant at, ShadowReplica replica, Optional<ReplicaState> before) implements OfVm {
        @Override
        public VmId vm() {
            return replica.vm();
        }
    }

    /**
     * A replica's synchronisation changed phase, or made progress while seeding.
     *
     * @param at when
     * @param replica the replica with its new status
     * @param before the phase before; equal to the new one for mere progress
     */
    record SyncProgressed(Instant at, ShadowReplica replica, SyncPhase before) implements OfVm {
        @Override
        public VmId vm() {
            return replica.vm();
        }
    }

    /**
     * A virtual machine has fewer ready shadows than its profile wants.
     *
     * @param at when
     * @param vm the virtual machine
     * @param wanted shadows wanted
     * @param ready shadows in state {@code STANDBY}
     * @param reason why, for a person
     */
    record Unprotected(Instant at, VmId vm, int wanted, int ready, String reason) implements OfVm {}

    /**
     * A virtual machine has all the ready shadows that its profile wants.
     *
     * @param at when
     * @param vm the virtual machine
     * @param ready shadows in state {@code STANDBY}
     */
    record Protected(Instant at, VmId vm, int ready) implements OfVm {}

    /**
     * The failure detector changed its verdict of a host.
     *
     * @param at when
     * @param health the new verdict
     */
    record HostVerdictChanged(Instant at, HostHealth health) implements ShadowEvent {}

    /**
     * A failover was begun.
     *
     * @param at when
     * @param vm the virtual machine
     * @param from host of the old primary
     * @param to host of the shadow that is to take over
     * @param reason why, for a person
     */
    record FailoverStarted(Instant at, VmId vm, HostId from, HostId to, String reason) implements OfVm {}

    /**
     * A step of a failover succeeded.
     *
     * @param at when
     * @param vm the virtual machine
     * @param step the step with its times
     */
    record FailoverStepTaken(Instant at, VmId vm, FailoverReport.StepReport step) implements OfVm {}

    /**
     * A failover ended.
     *
     * @param at when
     * @param report how it went
     */
    record FailoverEnded(Instant at, FailoverReport report) implements OfVm {
        @Override
        public VmId vm() {
            return report.vm();
        }
    }

    /**
     * Something could not be done and will be tried again.
     *
     * @param at when
     * @param vm the virtual machine
     * @param problem what, and what is needed; for a person
     */
    record ProblemReported(Instant at, VmId vm, String problem) implements OfVm {}
}
