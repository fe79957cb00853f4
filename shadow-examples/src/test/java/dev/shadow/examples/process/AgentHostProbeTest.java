package dev.shadow.examples.process;

import dev.shadow.spi.HostId;
import dev.shadow.spi.failover.HostProbe;
import dev.shadow.tck.contract.HostProbeContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

@Tag("processes")
final class AgentHostProbeTest extends HostProbeContract {
    private TestFleet fleet;
    private AgentHostProbe probe;

    @BeforeEach
    void start() throws Exception {
        fleet = TestFleet.of(1);
        probe = AgentHostProbe.over(fleet.agents());
    }

    @AfterEach
    void end() throws Exception {
        probe.close();
        fleet.close();
    }

    @Override
    protected HostProbe probe() {
        return probe;
    }

    @Override
    protected HostId host() {
        return fleet.host(0).id();
    }

    @Override
    protected void kill(HostId host) throws Exception {
        fleet.host(host).kill();
    }

    @Override
    protected void hang(HostId host) throws Exception {
        fleet.host(host).hang();
    }
}
