package dev.shadow.core.contract;

import dev.shadow.core.detect.HeartbeatFailureDetector;
import dev.shadow.core.detect.HeartbeatSettings;
import dev.shadow.spi.HostId;
import dev.shadow.spi.failover.FailureDetector;
import dev.shadow.tck.contract.FailureDetectorContract;
import dev.shadow.tck.fake.FakeHostProbe;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;

class HeartbeatFailureDetectorContractTest extends FailureDetectorContract {
    private final VirtualTime time = VirtualTime.create();
    private final FakeHostProbe probe = FakeHostProbe.on(time);
    private final FailureDetector detector =
            HeartbeatFailureDetector.create(probe, HeartbeatSettings.DEFAULTS, time, time.nanoTicker(), time);

    HeartbeatFailureDetectorContractTest() {
        revive(host());
        revive(otherHost());
    }

    @Override
    protected FailureDetector detector() {
        return detector;
    }

    @Override
    protected HostId host() {
        return HostId.of("a");
    }

    @Override
    protected HostId otherHost() {
        return HostId.of("b");
    }

    @Override
    protected void silence(HostId host) {
        probe.set(host, FakeHostProbe.Answer.SILENT);
    }

    @Override
    protected final void revive(HostId host) {
        probe.set(host, FakeHostProbe.Answer.ALIVE);
    }

    @Override
    protected void settle() {
        time.advance(Duration.ofMillis(250));
    }

    @Override
    protected void letPass(Duration duration) {
        time.advance(duration);
    }

    @Override
    protected long nanoTime() {
        return time.nanoTime();
    }
}
