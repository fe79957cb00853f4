package dev.shadow.tck.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.SpiException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.compute.ActivationMode;
import dev.shadow.spi.compute.InstanceSpec;
import dev.shadow.spi.compute.PowerState;
import dev.shadow.spi.inventory.VmDescription;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncMethod;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FakeFleetTest {
    private static final Resources SIZE = new Resources(1000, 1 << 20, 1 << 20, 1000);
    private static final Resources ROOM = new Resources(4000, 4 << 20, 4 << 20, 4000);

    private final VirtualTime time = VirtualTime.create();
    private final FakeFleet fleet = FakeFleet.on(time);
    private final HostId a = fleet.addHost("a", "zone-1", ROOM);
    private final HostId b = fleet.addHost("b", "zone-2", ROOM);
    private final VmDescription vm = fleet.addVm("vm", a, SIZE);
    private final InstanceId shadow = InstanceId.of("shadow");
    private int calls;

    private CallContext context(long generation) {
        return CallContext.of("call-" + calls++, Generation.of(generation), Duration.ofSeconds(5));
    }

    private SyncSession session(SyncMode mode, LinkLossPolicy policy) throws SpiException {
        fleet.hypervisor().create(new InstanceSpec(shadow, vm.id(), b, SIZE), context(0));
        SyncSpec spec = new SyncSpec(
                vm.id(),
                vm.instance(),
                a,
                shadow,
                b,
                Generation.INITIAL,
                SyncMethod.BLOCK,
                mode,
                policy,
                mode == SyncMode.SYNCHRONOUS ? Duration.ZERO : Duration.ofSeconds(2),
                Duration.ofSeconds(1));
        SyncSession session = fleet.sync().open(spec, Duration.ofSeconds(5));
        session.start(context(0));
        return session;
    }

    @Test
    void seedsAtTheGivenRateAndTellsWhenItWillBeDone() throws Exception {
        fleet.sync().setBytesPerSecond(1_000_000);
        fleet.sync().setSeedBytes(vm.instance(), 10_000_000);
        SyncSession session = session(SyncMode.ASYNCHRONOUS, LinkLossPolicy.FALL_BACK);
        time.advance(Duration.ofSeconds(4));
        assertThat(session.status().phase()).isEqualTo(SyncPhase.SEEDING);
        assertThat(session.status().eta()).contains(Duration.ofSeconds(6));
        time.advance(Duration.ofSeconds(6));
        assertThat(session.status().phase()).isEqualTo(SyncPhase.ASYNCHRONOUS);
        assertThat(session.status().sentBytes()).isEqualTo(10_000_000);
    }

    @Test
    void losesExactlyTheWritesAfterTheLastEpochWhenAnAsynchronousPrimaryDies() throws Exception {
        SyncSession session = session(SyncMode.ASYNCHRONOUS, LinkLossPolicy.FALL_BACK);
        time.advance(Duration.ofSeconds(1));
        fleet.sync().write(vm.instance(), 1);
        time.advance(Duration.ofSeconds(2));
        fleet.sync().write(vm.instance(), 2);
        fleet.kill(a);
        session.promote(context(1));
        fleet.hypervisor().activate(shadow, b, ActivationMode.TAKE_OVER, context(1));
        assertThat(fleet.sync().acknowledged(vm.instance())).containsExactly(1L, 2L);
        assertThat(fleet.disks().content(shadow).orElseThrow()).containsExactly(1L);
    }

    @Test
    void goesThroughDegradedAndBackToSynchronous() throws Exception {
        SyncSession session = session(SyncMode.SYNCHRONOUS, LinkLossPolicy.FALL_BACK);
        time.advance(Duration.ofSeconds(1));
        assertThat(session.status().phase()).isEqualTo(SyncPhase.SYNCHRONOUS);
        fleet.sync().cutLink(a, b);
        var write = fleet.sync().write(vm.instance());
        time.advance(Duration.ofMillis(999));
        assertThat(session.status().phase()).isEqualTo(SyncPhase.SYNCHRONOUS);
        time.advance(Duration.ofMillis(1));
        assertThat(session.status().phase()).isEqualTo(SyncPhase.DEGRADING);
        assertThat(write.acknowledged()).isNotDone();
        session.acknowledgeDegraded(context(0));
        assertThat(write.acknowledged()).isCompleted();
        assertThat(session.status().phase()).isEqualTo(SyncPhase.DEGRADED);
        fleet.sync().healLink(a, b);
        time.advance(Duration.ofSeconds(1));
        assertThat(session.status().phase()).isEqualTo(SyncPhase.SYNCHRONOUS);
        assertThat(fleet.disks().content(shadow)).isEqualTo(fleet.disks().content(vm.instance()));
        assertThat(time.pending()).isZero();
    }

    @Test
    void holdsWritesThroughALinkThatComesBackUnacknowledged() throws Exception {
        SyncSession session = session(SyncMode.SYNCHRONOUS, LinkLossPolicy.HOLD_WRITES);
        time.advance(Duration.ofSeconds(1));
        fleet.sync().cutLink(a, b);
        var failed = fleet.sync().write(vm.instance());
        time.advance(Duration.ofSeconds(1));
        assertThat(failed.acknowledged()).isCompletedExceptionally();
        var held = fleet.sync().write(vm.instance());
        fleet.sync().healLink(a, b);
        assertThat(held.acknowledged()).isCompleted();
        assertThat(session.status().phase()).isEqualTo(SyncPhase.SYNCHRONOUS);
        assertThat(fleet.disks().content(shadow).orElseThrow()).contains(held.number());
    }

    @Test
    void partitionedHostRunsOnAndKilledHostDoesNot() throws Exception {
        Instant before = time.instant();
        fleet.partition(a);
        assertThatThrownBy(() -> fleet.hypervisor().describe(vm.instance(), a, Duration.ofSeconds(3)))
                .hasMessage("host a did not answer within PT3S");
        assertThat(Duration.between(before, time.instant())).isEqualTo(Duration.ofSeconds(3));
        fleet.bringBack(a);
        assertThat(power()).isEqualTo(PowerState.RUNNING);
        fleet.kill(a);
        assertThatThrownBy(this::power).hasMessage("host a refused the connection");
        fleet.bringBack(a);
        assertThat(power()).isEqualTo(PowerState.STOPPED);
    }

    private PowerState power() throws SpiException {
        return fleet.hypervisor()
                .describe(vm.instance(), a, Duration.ofSeconds(1))
                .orElseThrow()
                .power();
    }

    @Test
    void showsInjectedFaultsInTheirOrderAndOnce() throws Exception {
        InstanceSpec spec = new InstanceSpec(shadow, vm.id(), b, SIZE);
        Faults<FakeHypervisor.Call> faults = fleet.hypervisor().faults();
        faults.failNext(FakeHypervisor.Call.CREATE, Retry.PERMANENT);
        faults.loseNextAnswer(FakeHypervisor.Call.CREATE);
        faults.delayNext(FakeHypervisor.Call.CREATE, Duration.ofSeconds(9));
        assertThatThrownBy(() -> fleet.hypervisor().create(spec, context(0)))
                .hasMessage("CREATE failed, as injected")
                .extracting(e -> ((SpiException) e).retry())
                .isEqualTo(Retry.PERMANENT);
        assertThat(fleet.disks().content(shadow)).isEmpty();
        assertThatThrownBy(() -> fleet.hypervisor().create(spec, context(0)))
                .hasMessage("the answer to CREATE was lost, as injected");
        assertThat(fleet.disks().content(shadow)).isPresent();
        assertThatThrownBy(() -> fleet.hypervisor().create(spec, context(0))).hasMessage("CREATE timed out after PT5S");
        assertThat(fleet.hypervisor().create(spec, context(0)).power()).isEqualTo(PowerState.STANDBY);
        assertThat(faults.calls(FakeHypervisor.Call.CREATE)).isEqualTo(4);
    }

    @Test
    void fencedInstanceIsStoppedEvenOnACutOffHost() throws Exception {
        fleet.partition(a);
        fleet.fencer().fence(vm.id(), vm.instance(), a, context(1));
        fleet.bringBack(a);
        assertThat(power()).isEqualTo(PowerState.STOPPED);
        assertThat(fleet.fencer().fenced()).containsExactly(vm.instance());
    }
}
