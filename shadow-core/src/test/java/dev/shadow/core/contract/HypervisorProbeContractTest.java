package dev.shadow.core.contract;

import dev.shadow.core.detect.HypervisorProbe;
import dev.shadow.spi.HostId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.failover.HostProbe;
import dev.shadow.tck.contract.HostProbeContract;
import dev.shadow.tck.fake.FakeDisks;
import dev.shadow.tck.fake.FakeHypervisor;
import dev.shadow.tck.time.VirtualTime;

class HypervisorProbeContractTest extends HostProbeContract {
    private final VirtualTime time = VirtualTime.create();
    private final FakeHypervisor hypervisor = FakeHypervisor.on(time, FakeDisks.create());
    private final HostProbe probe = HypervisorProbe.over(hypervisor);

    HypervisorProbeContractTest() {
        hypervisor.addHost(HostId.of("a"), new Resources(100, 100, 100, 100));
    }

    @Override
    protected HostProbe probe() {
        return probe;
    }

    @Override
    protected HostId host() {
        return HostId.of("a");
    }

    @Override
    protected void kill(HostId host) {
        hypervisor.kill(host);
    }

    @Override
    protected void hang(HostId host) {
        hypervisor.partition(host);
    }

    @Override
    protected long nanoTime() {
        return time.nanoTime();
    }
}
