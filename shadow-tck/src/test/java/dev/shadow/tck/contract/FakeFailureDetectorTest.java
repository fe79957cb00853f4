package dev.shadow.tck.contract;

import dev.shadow.spi.HostId;
import dev.shadow.spi.failover.FailureDetector;
import dev.shadow.spi.failover.HostHealth.Verdict;
import dev.shadow.tck.fake.FakeFailureDetector;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

class FakeFailureDetectorTest extends FailureDetectorContract {
    private final VirtualTime time = VirtualTime.create();
    private final Map<String, Object> memory = Mutant.memoryOn(time);
    private final Set<HostId> silent = new HashSet<>();
    private final FakeFailureDetector fake = FakeFailureDetector.on(time);
    private final FailureDetector detector = Mutant.in(FailureDetector.class, fake, memory);

    @Override
    protected FailureDetector detector() {
        return detector;
    }

    @Override
    protected HostId host() {
        return HostId.of("host");
    }

    @Override
    protected HostId otherHost() {
        return HostId.of("other-host");
    }

    @Override
    protected void silence(HostId host) {
        silent.add(host);
    }

    @Override
    protected void revive(HostId host) {
        silent.remove(host);
    }

    @Override
    protected void settle() {
        time.advance(Duration.ofMillis(500));
        for (HostId host : List.of(host(), otherHost())) {
            fake.set(host, silent.contains(host) ? Verdict.DEAD : Verdict.ALIVE);
        }
    }

    @Override
    protected Duration patience() {
        return Duration.ofMillis(100);
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
