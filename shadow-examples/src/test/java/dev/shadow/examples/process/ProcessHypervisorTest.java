package dev.shadow.examples.process;

import dev.shadow.spi.HostId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.compute.ActivationMode;
import dev.shadow.spi.compute.Hypervisor;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.tck.contract.HypervisorContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

@Tag("processes")
final class ProcessHypervisorTest extends HypervisorContract {
    private TestFleet fleet;
    private Hypervisor hypervisor;

    @BeforeEach
    void start() throws Exception {
        fleet = TestFleet.of(1);
        hypervisor = ProcessHypervisor.over(fleet.agents());
    }

    @AfterEach
    void end() throws Exception {
        fleet.close();
    }

    @Override
    protected Hypervisor hypervisor() {
        return hypervisor;
    }

    @Override
    protected HostId host() {
        return fleet.host(0).id();
    }

    @Override
    protected Resources size() {
        return TestFleet.SMALL;
    }

    @Override
    protected boolean serves(InstanceDescription instance) {
        return instance.endpoint().map(TestFleet::serves).orElse(false);
    }

    @Override
    protected void makeUnreachable(HostId host) throws Exception {
        fleet.host(host).hang();
    }

    @Override
    protected boolean supports(ActivationMode mode) {
        return mode == ActivationMode.TAKE_OVER;
    }
}
