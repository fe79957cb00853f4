package dev.shadow.tck.contract;

import dev.shadow.spi.placement.HostSelector;
import dev.shadow.tck.fake.FakeHostSelector;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.Map;

class FakeHostSelectorTest extends HostSelectorContract {
    private final VirtualTime time = VirtualTime.create();
    private final Map<String, Object> memory = Mutant.memoryOn(time);
    private final HostSelector selector = Mutant.in(HostSelector.class, FakeHostSelector.firstFit(), memory);

    @Override
    protected HostSelector selector() {
        return selector;
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
