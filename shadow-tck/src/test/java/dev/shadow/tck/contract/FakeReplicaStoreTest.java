package dev.shadow.tck.contract;

import dev.shadow.spi.store.ReplicaStore;
import dev.shadow.tck.fake.FakeReplicaStore;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.Map;

class FakeReplicaStoreTest extends ReplicaStoreContract {
    private final VirtualTime time = VirtualTime.create();
    private final Map<String, Object> memory = Mutant.memoryOn(time);
    private FakeReplicaStore fake = FakeReplicaStore.on(time);

    @Override
    protected ReplicaStore store() {
        return Mutant.in(ReplicaStore.class, fake, memory);
    }

    @Override
    protected void crashAndReopen() {
        fake = fake.reopen();
        Mutant.crash(memory);
    }

    @Override
    protected void reopenAfterClose() {
        fake = fake.reopen();
        memory.put("reopened", true);
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
