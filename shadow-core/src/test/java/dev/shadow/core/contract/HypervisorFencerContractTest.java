package dev.shadow.core.contract;

import dev.shadow.core.failover.HypervisorFencer;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.VmId;
import dev.shadow.spi.compute.InstanceSpec;
import dev.shadow.spi.compute.PowerState;
import dev.shadow.spi.failover.Fencer;
import dev.shadow.tck.contract.FencerContract;
import dev.shadow.tck.fake.FakeDisks;
import dev.shadow.tck.fake.FakeHypervisor;
import dev.shadow.tck.time.VirtualTime;

class HypervisorFencerContractTest extends FencerContract {
    private static final Resources SIZE = new Resources(1, 1, 1, 1);

    private final VirtualTime time = VirtualTime.create();
    private final FakeHypervisor hypervisor = FakeHypervisor.on(time, FakeDisks.create());
    private final Fencer fencer = HypervisorFencer.over(hypervisor, time);
    private int started;

    HypervisorFencerContractTest() {
        hypervisor.addHost(HostId.of("a"), new Resources(100, 100, 100, 100));
    }

    @Override
    protected Fencer fencer() {
        return fencer;
    }

    @Override
    protected InstanceId startPrimary(VmId vm) {
        InstanceId id = InstanceId.of(vm + "-" + started++);
        return hypervisor
                .addPrimary(new InstanceSpec(id, vm, host(), SIZE), Generation.INITIAL)
                .id();
    }

    @Override
    protected HostId host() {
        return HostId.of("a");
    }

    @Override
    protected boolean servesOrWrites(InstanceId instance) throws Exception {
        return hypervisor.describe(instance, host(), timeout()).orElseThrow().power() == PowerState.RUNNING;
    }

    @Override
    protected void makeUnsure() {
        hypervisor.partition(host());
    }

    @Override
    protected long nanoTime() {
        return time.nanoTime();
    }
}
