package dev.shadow.core.contract;

import dev.shadow.core.store.LocalCoordinator;
import dev.shadow.core.store.MemoryReplicaStore;
import dev.shadow.spi.store.Coordinator;
import dev.shadow.tck.contract.CoordinatorContract;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;

class LocalCoordinatorContractTest extends CoordinatorContract {
    private final VirtualTime time = VirtualTime.create();
    private final MemoryReplicaStore store = MemoryReplicaStore.create();
    private Coordinator coordinator = LocalCoordinator.over(store, time);

    @Override
    protected Coordinator coordinator() {
        return coordinator;
    }

    @Override
    protected void crashAndReopen() {
        coordinator = LocalCoordinator.over(store, time);
    }

    @Override
    protected void letPass(Duration duration) {
        time.advance(duration);
    }
}
