package dev.shadow.examples.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.examples.process.host.ProcessIdentity;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import dev.shadow.spi.compute.ActivationMode;
import dev.shadow.spi.failover.FenceReport;
import dev.shadow.spi.failover.Fencer;
import dev.shadow.tck.contract.FencerContract;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("processes")
final class ProcessFencerTest extends FencerContract {
    private static final VmId VM = VmId.of("fenced-vm");

    private final Map<InstanceId, Endpoint> endpoints = new HashMap<>();
    private TestFleet fleet;
    private Fencer fencer;

    @BeforeEach
    void start() throws Exception {
        fleet = TestFleet.of(1);
        fencer = ProcessFencer.over(fleet.agents(), InstantSource.system(), System::nanoTime);
    }

    @AfterEach
    void end() throws Exception {
        fleet.close();
    }

    @Override
    protected Fencer fencer() {
        return fencer;
    }

    @Override
    protected InstanceId startPrimary(VmId vm) throws Exception {
        InstanceId instance = InstanceId.of(vm + "-" + endpoints.size());
        try {
            endpoints.put(instance, start(vm, instance, 0));
        } catch (StaleGenerationException e) {
            endpoints.put(instance, start(vm, instance, e.highestSeen().value()));
        }
        return instance;
    }

    private Endpoint start(VmId vm, InstanceId instance, long generation) throws Exception {
        return fleet.startMachine(vm, instance, host(), generation).endpoint().orElseThrow();
    }

    @Override
    protected HostId host() {
        return fleet.host(0).id();
    }

    @Override
    protected boolean servesOrWrites(InstanceId instance) throws Exception {
        boolean alive = fleet.host(0)
                .host()
                .files()
                .process(instance)
                .map(ProcessIdentity::isAlive)
                .orElse(false);
        return alive || TestFleet.serves(Objects.requireNonNull(endpoints.get(instance)));
    }

    /** The agent does not answer, and nothing says which processes there are. */
    @Override
    protected void makeUnsure() throws Exception {
        fleet.host(0).hang();
        Files.delete(fleet.host(0).directory().resolve("agent.json"));
    }

    @Test
    void switchesAHostOffWhoseAgentHangs() throws Exception {
        InstanceId primary = startPrimary(VM);
        fleet.host(0).hang();

        FenceReport report = fencer.fence(VM, primary, host(), context(1));

        assertThat(report.outcome()).isEqualTo(FenceReport.Outcome.CONFIRMED);
        assertThat(report.confirmedBy()).isEqualTo("power switch");
        assertThat(servesOrWrites(primary)).isFalse();
    }

    @Test
    void endsAHangingMachineThatHasOutlivedItsAgent() throws Exception {
        InstanceId primary = startPrimary(VM);
        ProcessIdentity machine = fleet.host(0).host().files().process(primary).orElseThrow();
        RunningHost.stop(machine.pid());
        fleet.host(0).killAgent();
        assertThat(machine.isAlive())
                .as("a stopped process cannot notice that its agent is gone")
                .isTrue();

        FenceReport report = fencer.fence(VM, primary, host(), context(1));

        assertThat(report.outcome()).isEqualTo(FenceReport.Outcome.CONFIRMED);
        assertThat(machine.isAlive()).isFalse();
    }

    @Test
    void fencedHostRefusesTheOldGenerationWhenItsAgentIsBack() throws Exception {
        InstanceId primary = startPrimary(VM);
        fleet.host(0).kill();
        fencer.fence(VM, primary, host(), context(7));
        fleet.host(0).restart();

        assertThatThrownBy(() -> ProcessHypervisor.over(fleet.agents())
                        .activate(primary, host(), ActivationMode.TAKE_OVER, context(6)))
                .isInstanceOf(StaleGenerationException.class);
    }
}
