package dev.shadow.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.core.ManagerConfig;
import dev.shadow.core.ShadowManager;
import dev.shadow.forecast.Forecasters;
import dev.shadow.spi.HostId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.Tier;
import dev.shadow.spi.VmId;
import dev.shadow.spi.compute.Hypervisor;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.failover.FailoverReport;
import dev.shadow.spi.inventory.Inventory;
import dev.shadow.spi.metrics.MetricsSource;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.replica.ShadowReplica;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncEngine;
import dev.shadow.tck.fake.FakeFleet;
import dev.shadow.tck.fake.FakeMetrics;
import dev.shadow.tck.time.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of the guide's page on embedding, run on the fakes of the contract kit. */
class EmbeddingTest {
    private static final Resources HOST_SIZE = new Resources(16_000, 64L << 30, 1L << 40, 10_000_000_000L);
    private static final Resources VM_SIZE = new Resources(2_000, 4L << 30, 8L << 30, 100_000_000L);

    private final VirtualTime time = VirtualTime.create();
    private final FakeFleet fleet = FakeFleet.on(time);
    private final List<ShadowEvent> events = new ArrayList<>();

    @TempDir
    private Path stateDirectory;

    @Test
    void protectsAVirtualMachineAndFailsItOverOnOrder() {
        HostId east = fleet.addHost("east-1", "east", HOST_SIZE);
        HostId west = fleet.addHost("west-1", "west", HOST_SIZE);
        VmId vm = fleet.addVm("orders", east, VM_SIZE).id();

        try (ShadowManager manager = build(
                fleet.hypervisor(), fleet.inventory(), FakeMetrics.on(time, Duration.ofMinutes(1)), fleet.sync())) {
            protect(manager, vm, events::add);
            assertThat(time.runUntil(() -> isReady(manager, vm), Duration.ofMinutes(30)))
                    .isTrue();

            CompletableFuture<FailoverReport> failover = manager.failover(vm);
            assertThat(time.runUntil(failover::isDone, Duration.ofMinutes(1))).isTrue();

            FailoverReport report = failover.join();
            assertThat(report.outcome()).isEqualTo(FailoverReport.Outcome.SUCCEEDED);
            assertThat(report.from()).isEqualTo(east);
            assertThat(report.to()).contains(west);
            assertThat(report.everyAcknowledgedWriteKept()).isTrue();
            assertThat(manager.primary(vm))
                    .hasValueSatisfying(p -> assertThat(p.host()).isEqualTo(west));
            assertThat(time.runUntil(
                            () -> events.stream().anyMatch(ShadowEvent.FailoverEnded.class::isInstance),
                            Duration.ofSeconds(1)))
                    .isTrue();
        }
    }

    // region wire
    ShadowManager build(Hypervisor hypervisor, Inventory inventory, MetricsSource metrics, SyncEngine replication) {
        return ShadowManager.builder()
                .hypervisor(hypervisor) // yours
                .inventory(inventory) // yours
                .metrics(metrics) // yours
                .forecaster(Forecasters.standard()) // shadow-forecast
                .syncEngine(replication) // shadow-sync: BlockReplication.overTcp(...), or yours
                .stateDirectory(stateDirectory) // the control plane's durable records
                // endregion
                .clock(time)
                .executor(time)
                .config(ManagerConfig.DEFAULTS)
                // region wire
                .build(); // reports every problem at once
    }
    // endregion

    // region protect
    void protect(ShadowManager manager, VmId vm, Consumer<ShadowEvent> listener) {
        PlacementProfile profile = PlacementProfile.builder(vm)
                .shadows(1, Tier.ZONE) // one shadow, in another zone
                .synchronous(LinkLossPolicy.FALL_BACK) // nothing acknowledged is lost
                .build();
        manager.subscribe(listener);
        manager.apply(profile); // durable when it returns
        manager.start(); // reconciles from now on
    }

    boolean isReady(ShadowManager manager, VmId vm) {
        List<ShadowReplica> replicas = manager.replicas(vm);
        return !replicas.isEmpty() && replicas.get(0).state() == ReplicaState.STANDBY;
    }
    // endregion
}
