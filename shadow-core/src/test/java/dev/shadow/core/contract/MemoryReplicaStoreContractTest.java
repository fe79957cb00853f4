package dev.shadow.core.contract;

import dev.shadow.core.store.MemoryReplicaStore;
import dev.shadow.spi.store.ReplicaStore;
import dev.shadow.tck.contract.ReplicaStoreContract;

class MemoryReplicaStoreContractTest extends ReplicaStoreContract {
    private final ReplicaStore store = MemoryReplicaStore.create();

    @Override
    protected ReplicaStore store() {
        return store;
    }

    /** It lives as long as the process; a crash of the manager within it leaves it as it is. */
    @Override
    protected void crashAndReopen() {}

    @Override
    protected void reopenAfterClose() {}
}
