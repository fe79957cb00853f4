package dev.shadow.tck.contract;

import dev.shadow.spi.HostId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.compute.Hypervisor;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.PowerState;
import dev.shadow.tck.fake.FakeDisks;
import dev.shadow.tck.fake.FakeHypervisor;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.Map;

class FakeHypervisorTest extends HypervisorContract {
    private final VirtualTime time = VirtualTime.create();
    private final Map<String, Object> memory = Mutant.memoryOn(time);
    private final FakeHypervisor fake = FakeHypervisor.on(time, FakeDisks.create());
    private final Hypervisor hypervisor = Mutant.in(Hypervisor.class, fake, memory);

    FakeHypervisorTest() {
        fake.addHost(host(), new Resources(8000, 8L << 30, 8L << 30, 8000));
    }

    @Override
    protected Hypervisor hypervisor() {
        return hypervisor;
    }

    @Override
    protected HostId host() {
        return HostId.of("host");
    }

    @Override
    protected Resources size() {
        return new Resources(1000, 1L << 30, 1L << 30, 1000);
    }

    @Override
    protected boolean serves(InstanceDescription instance) throws Exception {
        return fake.describe(instance.id(), instance.host(), timeout())
                .filter(found -> found.power() == PowerState.RUNNING)
                .filter(found -> found.endpoint().equals(instance.endpoint()))
                .isPresent();
    }

    @Override
    protected void makeUnreachable(HostId host) {
        fake.partition(host);
    }

    @Override
    protected Duration patience() {
        return Duration.ofMillis(100);
    }

    @Override
    protected void settle() {
        time.advance(Duration.ofMillis(500));
    }

    @Override
    protected long nanoTime() {
        return time.nanoTime();
    }

    @Override
    protected void letPass(Duration duration) {
        time.advance(duration);
    }
}
