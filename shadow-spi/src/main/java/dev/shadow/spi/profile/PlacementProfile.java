package dev.shadow.spi.profile;

import dev.shadow.spi.Tier;
import dev.shadow.spi.VmId;
import dev.shadow.spi.internal.Checks;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncMethod;
import dev.shadow.spi.sync.SyncMode;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * The protection that one virtual machine is to have: the desired state that the manager reconciles
 * towards.
 *
 * @param vm the virtual machine
 * @param shadowCount number of shadow replicas wanted while triggered, 0 to 16; 0 removes them
 * @param tiers what shadow {@code i} must not share with the primary, in the order of activation;
 *     {@code shadowCount} entries
 * @param priority 0 to 1000; when capacity is short, higher is served first
 * @param triggers conditions under which shadows are wanted; empty means always
 * @param syncMethod what is compared and copied
 * @param syncMode when a guest's write is acknowledged
 * @param onLinkLoss what a synchronous replication does without its replica
 * @param rpo most data that may be lost at a failover, in time; more than zero in asynchronous mode,
 *     zero in synchronous mode
 * @param rto longest time from detection to serving that is aimed at, more than zero
 * @param latencyBudget greatest network latency between primary and shadow, more than zero
 * @param failoverStart who starts a failover
 * @param fence what happens when the fence is not confirmed
 * @param oldPrimary what becomes of the old primary
 * @param hooks functions run around the steps of a failover, in this order
 */
public record PlacementProfile(
        VmId vm,
        int shadowCount,
        List<Tier> tiers,
        int priority,
        List<Trigger> triggers,
        SyncMethod syncMethod,
        SyncMode syncMode,
        LinkLossPolicy onLinkLoss,
        Duration rpo,
        Duration rto,
        Duration latencyBudget,
        FailoverStart failoverStart,
        FenceRequirement fence,
        OldPrimary oldPrimary,
        List<StepHook> hooks) {
    /** The greatest number of shadows of one virtual machine. */
    public static final int MAX_SHADOWS = 16;

    public PlacementProfile {
        Checks.present("vm", vm);
        Checks.range("shadowCount", shadowCount, 0, MAX_SHADOWS);
        tiers = Checks.list("tiers", tiers);
        if (tiers.size() != shadowCount) {
            throw Checks.refused("tiers", tiers, "have one entry for each of the " + shadowCount + " shadows");
        }
        Checks.range("priority", priority, 0, 1000);
        triggers = Checks.list("triggers", triggers);
        Checks.present("syncMethod", syncMethod);
        Checks.present("syncMode", syncMode);
        Checks.present("onLinkLoss", onLinkLoss);
        Checks.notNegative("rpo", rpo);
        if (syncMode == SyncMode.ASYNCHRONOUS && rpo.isZero()) {
            throw Checks.refused("rpo", rpo, "be more than zero in asynchronous mode; synchronous mode loses nothing");
        }
        if (syncMode == SyncMode.SYNCHRONOUS && !rpo.isZero()) {
            throw Checks.refused("rpo", rpo, "be zero in synchronous mode, which loses nothing");
        }
        Checks.positive("rto", rto);
        Checks.positive("latencyBudget", latencyBudget);
        Checks.present("failoverStart", failoverStart);
        Checks.present("fence", fence);
        Checks.present("oldPrimary", oldPrimary);
        hooks = Checks.list("hooks", hooks);
    }

    /**
     * Returns a builder with the defaults: one shadow on another host, priority 500, no triggers,
     * asynchronous block replication with an RPO of 5 s, an RTO of 30 s, a latency budget of 10 ms,
     * automatic failover with a confirmed fence, the old primary kept.
     */
    public static Builder builder(VmId vm) {
        return new Builder(vm);
    }

    /** Builds a profile; may be reused, not shared between threads. */
    public static final class Builder {
        private final VmId vm;
        private List<Tier> tiers = List.of(Tier.HOST);
        private int shadowCount = 1;
        private int priority = 500;
        private List<Trigger> triggers = List.of();
        private SyncMethod syncMethod = SyncMethod.BLOCK;
        private SyncMode syncMode = SyncMode.ASYNCHRONOUS;
        private LinkLossPolicy onLinkLoss = LinkLossPolicy.FALL_BACK;
        private Duration rpo = Duration.ofSeconds(5);
        private Duration rto = Duration.ofSeconds(30);
        private Duration latencyBudget = Duration.ofMillis(10);
        private FailoverStart failoverStart = FailoverStart.AUTOMATIC;
        private FenceRequirement fence = FenceRequirement.CONFIRMED;
        private OldPrimary oldPrimary = OldPrimary.KEEP;
        private List<StepHook> hooks = List.of();

        private Builder(VmId vm) {
            this.vm = Checks.present("vm", vm);
        }

        /** Wants {@code count} shadows, each separated from the primary at {@code tier}. */
        public Builder shadows(int count, Tier tier) {
            shadowCount = Checks.range("shadowCount", count, 0, MAX_SHADOWS);
            tiers = Collections.nCopies(count, Checks.present("tiers", tier));
            return this;
        }

        /** Wants one shadow per entry, in this order of activation. */
        public Builder shadows(List<Tier> inOrder) {
            tiers = Checks.list("tiers", inOrder);
            shadowCount = Checks.range("shadowCount", tiers.size(), 0, MAX_SHADOWS);
            return this;
        }

        /** 0 to 1000, higher first. */
        public Builder priority(int value) {
            priority = value;
            return this;
        }

        /** Wants the shadows only while one of these has fired. */
        public Builder triggers(List<Trigger> value) {
            triggers = value;
            return this;
        }

        /** What is compared and copied. */
        public Builder syncMethod(SyncMethod value) {
            syncMethod = value;
            return this;
        }

        /** Replicates asynchronously with this recovery point objective, more than zero. */
        public Builder asynchronous(Duration recoveryPoint) {
            syncMode = SyncMode.ASYNCHRONOUS;
            rpo = recoveryPoint;
            return this;
        }

        /** Replicates synchronously; {@code policy} says what happens without the replica. */
        public Builder synchronous(LinkLossPolicy policy) {
            syncMode = SyncMode.SYNCHRONOUS;
            rpo = Duration.ZERO;
            onLinkLoss = policy;
            return this;
        }

        /** Longest time from detection to serving that is aimed at. */
        public Builder rto(Duration value) {
            rto = value;
            return this;
        }

        /** Greatest network latency between primary and shadow. */
        public Builder latencyBudget(Duration value) {
            latencyBudget = value;
            return this;
        }

        /** Who starts a failover. */
        public Builder failoverStart(FailoverStart value) {
            failoverStart = value;
            return this;
        }

        /** What happens when the fence is not confirmed. */
        public Builder fence(FenceRequirement value) {
            fence = value;
            return this;
        }

        /** What becomes of the old primary. */
        public Builder oldPrimary(OldPrimary value) {
            oldPrimary = value;
            return this;
        }

        /** Functions run around the steps of a failover. */
        public Builder hooks(List<StepHook> value) {
            hooks = value;
            return this;
        }

        /**
         * Builds the profile.
         *
         * @throws dev.shadow.spi.InvalidValueException if a value is refused
         */
        public PlacementProfile build() {
            return new PlacementProfile(
                    vm,
                    shadowCount,
                    tiers,
                    priority,
                    triggers,
                    syncMethod,
                    syncMode,
                    onLinkLoss,
                    rpo,
                    rto,
                    latencyBudget,
                    failoverStart,
                    fence,
                    oldPrimary,
                    hooks);
        }
    }
}
