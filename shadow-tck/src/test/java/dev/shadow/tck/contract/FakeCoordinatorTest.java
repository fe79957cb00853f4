package dev.shadow.tck.contract;

import dev.shadow.spi.store.Coordinator;
import dev.shadow.tck.fake.FakeCoordinator;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.Map;

class FakeCoordinatorTest extends CoordinatorContract {
    private final VirtualTime time = VirtualTime.create();
    private final Map<String, Object> memory = Mutant.memoryOn(time);
    private FakeCoordinator fake = FakeCoordinator.on(time);

    @Override
    protected Coordinator coordinator() {
        return Mutant.in(Coordinator.class, fake, memory);
    }

    @Override
    protected void crashAndReopen() {
        fake = fake.reopen();
        Mutant.crash(memory);
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
