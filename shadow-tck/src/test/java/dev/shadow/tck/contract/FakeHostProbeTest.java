package dev.shadow.tck.contract;

import dev.shadow.spi.HostId;
import dev.shadow.spi.failover.HostProbe;
import dev.shadow.tck.fake.FakeHostProbe;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.Map;

class FakeHostProbeTest extends HostProbeContract {
    private final VirtualTime time = VirtualTime.create();
    private final Map<String, Object> memory = Mutant.memoryOn(time);
    private final FakeHostProbe fake = FakeHostProbe.on(time);
    private final HostProbe probe = Mutant.in(HostProbe.class, fake, memory);

    FakeHostProbeTest() {
        fake.set(host(), FakeHostProbe.Answer.ALIVE);
    }

    @Override
    protected HostProbe probe() {
        return probe;
    }

    @Override
    protected HostId host() {
        return HostId.of("host");
    }

    @Override
    protected void kill(HostId host) {
        fake.set(host, FakeHostProbe.Answer.REFUSED);
    }

    @Override
    protected void hang(HostId host) {
        fake.set(host, FakeHostProbe.Answer.SILENT);
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
