package dev.shadow.spi;

import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.InstanceSpec;
import dev.shadow.spi.compute.PowerState;
import dev.shadow.spi.failover.FailoverReport;
import dev.shadow.spi.failover.FailoverStep;
import dev.shadow.spi.failover.FenceReport;
import dev.shadow.spi.failover.HostHealth;
import dev.shadow.spi.failover.Route;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.forecast.ForecastAccuracy;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.inventory.VmDescription;
import dev.shadow.spi.metrics.MetricSubject;
import dev.shadow.spi.metrics.Sample;
import dev.shadow.spi.placement.Constraint;
import dev.shadow.spi.placement.FleetSnapshot;
import dev.shadow.spi.placement.HostAssessment;
import dev.shadow.spi.placement.LicenseGrant;
import dev.shadow.spi.placement.LicenseMetric;
import dev.shadow.spi.placement.LicenseStock;
import dev.shadow.spi.placement.LicenseTerms;
import dev.shadow.spi.placement.Rejection;
import dev.shadow.spi.placement.Relaxation;
import dev.shadow.spi.placement.Selection;
import dev.shadow.spi.placement.SelectionRequest;
import dev.shadow.spi.placement.StandingShadow;
import dev.shadow.spi.placement.WhyNot;
import dev.shadow.spi.profile.Direction;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.profile.StepHook;
import dev.shadow.spi.profile.Trigger;
import dev.shadow.spi.profile.TriggerSignal;
import dev.shadow.spi.replica.PerformanceMetrics;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.replica.ShadowReplica;
import dev.shadow.spi.store.Lease;
import dev.shadow.spi.store.RecordKey;
import dev.shadow.spi.store.StoredRecord;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.Promotion;
import dev.shadow.spi.sync.SyncMethod;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.spi.sync.SyncStatus;
import dev.shadow.spi.sync.VerifyReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** One accepted value of every record, to be changed in one component by a test. */
public final class Examples {
    /** An instant. */
    public static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static final VmId VM = VmId.of("vm");
    private static final HostId HOST = HostId.of("host");
    private static final InstanceId INSTANCE = InstanceId.of("instance");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private Examples() {}

    /** One value of every record that checks its components. */
    static StandingShadow standingShadow() {
        return new StandingShadow(INSTANCE, HOST, HOST, Tier.HOST, Resources.NONE, size());
    }

    public static List<Record> all() {
        List<Record> all = new ArrayList<>();
        all.add(VM);
        all.add(HOST);
        all.add(INSTANCE);
        all.add(IdempotencyKey.of("key"));
        all.add(Generation.of(3));
        all.add(new CallContext(IdempotencyKey.of("key"), Generation.of(3), SECOND));
        all.add(new Endpoint("localhost", 80));
        all.add(domain("r", "z", "k", "h"));
        all.add(size());
        all.add(new InstanceSpec(INSTANCE, VM, HOST, size()));
        all.add(new InstanceDescription(INSTANCE, VM, HOST, PowerState.STANDBY, Generation.INITIAL, Optional.empty()));
        all.add(new Route(new Endpoint("localhost", 80), Generation.INITIAL));
        all.add(fence());
        all.add(new HostHealth(HOST, HostHealth.Verdict.ALIVE, NOW, List.of()));
        all.add(step());
        all.add(failover());
        all.add(new FitOptions(1, OptionalInt.of(2), 0, 100));
        all.add(new FitSummary("method", NOW, NOW, 1, 1, OptionalDouble.empty(), Map.of("a", 1.0)));
        all.add(new ForecastAccuracy(1, 2, 0.9, 0.5, 1, 3, 4));
        all.add(hostDescription());
        all.add(new LicenseDemand("product", 1));
        all.add(vmDescription());
        all.add(new MetricSubject.Vm(VM));
        all.add(new MetricSubject.Host(HOST));
        all.add(new Sample(NOW, 1));
        all.add(new FleetSnapshot(
                List.of(hostDescription()),
                List.of(standingShadow()),
                Set.of(HOST),
                LicenseStock.of(Map.of("p", 1)),
                Map.of(HOST, SECOND)));
        all.add(standingShadow());
        all.add(LicenseStock.of(Map.of("p", 1)));
        all.add(LicenseTerms.of("p", LicenseMetric.PER_CORE, 8, 1));
        all.add(new WhyNot(List.of(), Optional.empty()));
        all.add(new WhyNot.Group(Set.of(Constraint.CAPACITY), List.of(HOST)));
        all.add(new Relaxation.RaiseLatencyBudget(HOST, SECOND));
        all.add(new Relaxation.FreeLicense(HOST, "p", 1));
        all.add(new HostAssessment(HOST, List.of(), Map.of("free", 0.5), 0.5));
        all.add(new Rejection(Constraint.CAPACITY, "too small"));
        all.add(new LicenseGrant(INSTANCE, HOST, List.of(), Optional.empty()));
        all.add(new Selection(List.of(), List.of()));
        all.add(new Selection.Choice(0, HOST, Tier.HOST));
        all.add(new SelectionRequest(vmDescription(), List.of(Tier.HOST), Set.of(), Set.of(), SECOND));
        all.add(threshold());
        all.add(predictive());
        all.add(new StepHook(StepHook.When.BEFORE, FailoverStep.FENCE, "function"));
        all.add(PlacementProfile.builder(VM).build());
        all.add(PerformanceMetrics.NONE);
        all.add(replica(ReplicaState.STANDBY));
        all.add(new RecordKey("kind", "id"));
        all.add(new StoredRecord(new RecordKey("kind", "id"), 1, "{}"));
        all.add(new Lease("resource", "owner", 1, NOW));
        all.add(new Promotion(Generation.of(1), 1, NOW, 0));
        all.add(syncSpec());
        all.add(committed());
        all.add(new VerifyReport(1, 1, List.of()));
        all.add(new VerifyReport.ByteRange(0, 1));
        return all;
    }

    /** A place. */
    public static FailureDomain domain(String region, String zone, String rack, String host) {
        return new FailureDomain(region, zone, rack, host);
    }

    /** An amount. */
    public static Resources size() {
        return new Resources(1, 2, 3, 4);
    }

    private static FenceReport fence() {
        return new FenceReport(FenceReport.Outcome.CONFIRMED, "device", "power is off", NOW);
    }

    private static FailoverReport.StepReport step() {
        return new FailoverReport.StepReport(FailoverStep.FENCE, NOW, SECOND, 1, "");
    }

    /** A failover. */
    public static FailoverReport failover() {
        return new FailoverReport(
                VM,
                FailoverReport.Outcome.SUCCEEDED,
                "host died",
                HOST,
                Optional.empty(),
                Generation.of(1),
                NOW,
                NOW.plusSeconds(5),
                List.of(step()),
                Optional.of(fence()),
                Optional.empty(),
                true);
    }

    /** A host. */
    public static HostDescription hostDescription() {
        return new HostDescription(
                HOST, domain("r", "z", "k", "h"), size(), Resources.NONE, true, Set.of("p"), Set.of("d"), 1);
    }

    private static VmDescription vmDescription() {
        return new VmDescription(VM, INSTANCE, HOST, size(), List.of(), Set.of());
    }

    /** A trigger on a measured signal. */
    public static Trigger.Threshold threshold() {
        return new Trigger.Threshold(TriggerSignal.CPU, 80, Direction.ABOVE, SECOND, 10, SECOND);
    }

    /** A trigger on a forecast. */
    public static Trigger.Predictive predictive() {
        return new Trigger.Predictive(TriggerSignal.CPU, 80, Direction.ABOVE, 0.1, SECOND, 10, SECOND);
    }

    /** A replica in a state. */
    public static ShadowReplica replica(ReplicaState state) {
        return new ShadowReplica(
                INSTANCE,
                VM,
                HOST,
                Tier.HOST,
                0,
                state,
                Generation.INITIAL,
                committed(),
                PerformanceMetrics.NONE,
                NOW,
                "");
    }

    /** The status of a session whose replica holds an epoch. */
    public static SyncStatus committed() {
        return new SyncStatus(
                SyncPhase.ASYNCHRONOUS,
                Generation.INITIAL,
                OptionalLong.of(7),
                Optional.of(NOW),
                0,
                Duration.ZERO,
                0,
                Optional.empty(),
                0,
                NOW,
                "");
    }

    /** A replication. */
    public static SyncSpec syncSpec() {
        return new SyncSpec(
                VM,
                INSTANCE,
                HOST,
                InstanceId.of("target"),
                HostId.of("target-host"),
                Generation.INITIAL,
                SyncMethod.BLOCK,
                SyncMode.ASYNCHRONOUS,
                LinkLossPolicy.FALL_BACK,
                SECOND,
                SECOND);
    }
}
