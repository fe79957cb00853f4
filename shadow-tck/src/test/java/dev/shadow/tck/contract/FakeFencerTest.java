package dev.shadow.tck.contract;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.failover.Fencer;
import dev.shadow.tck.fake.FakeFencer;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

class FakeFencerTest extends FencerContract {
    private final VirtualTime time = VirtualTime.create();
    private final Map<String, Object> memory = Mutant.memoryOn(time);
    private final Set<InstanceId> serving = new HashSet<>();
    private final FakeFencer fake = FakeFencer.on(time, serving::remove);
    private final Fencer fencer = Mutant.in(Fencer.class, fake, memory);
    private int started;

    FakeFencerTest() {
        memory.put("serving", serving);
    }

    @Override
    protected Fencer fencer() {
        return fencer;
    }

    @Override
    protected InstanceId startPrimary(VmId vm) {
        InstanceId instance = InstanceId.of(vm + "-" + ++started);
        serving.add(instance);
        return instance;
    }

    @Override
    protected HostId host() {
        return HostId.of("host");
    }

    @Override
    protected boolean servesOrWrites(InstanceId instance) {
        return serving.contains(instance);
    }

    @Override
    protected void makeUnsure() {
        fake.faults().delayNext(FakeFencer.Call.FENCE, Duration.ofHours(1));
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
