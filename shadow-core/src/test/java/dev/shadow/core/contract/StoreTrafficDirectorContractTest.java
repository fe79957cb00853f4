package dev.shadow.core.contract;

import dev.shadow.core.failover.StoreTrafficDirector;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.VmId;
import dev.shadow.spi.failover.TrafficDirector;
import dev.shadow.tck.contract.TrafficDirectorContract;
import dev.shadow.tck.fake.FakeReplicaStore;
import dev.shadow.tck.time.VirtualTime;

class StoreTrafficDirectorContractTest extends TrafficDirectorContract {
    private final FakeReplicaStore store = FakeReplicaStore.on(VirtualTime.create());
    private final TrafficDirector director = StoreTrafficDirector.over(store);
    private int ports = 1000;

    @Override
    protected TrafficDirector director() {
        return director;
    }

    @Override
    protected Endpoint newTarget() {
        return new Endpoint("localhost", ports++);
    }

    /** A client that looks the route up, and leaves its server when the route changes. */
    @Override
    protected Client connect(VmId vm) throws Exception {
        Endpoint reached = director.route(vm, timeout()).orElseThrow().target();
        return new Client() {
            @Override
            public Endpoint reached() {
                return reached;
            }

            @Override
            public boolean isOpen() throws Exception {
                return director.route(vm, timeout()).orElseThrow().target().equals(reached);
            }
        };
    }

    @Override
    protected void makeUnreachable() {
        store.faults().failNext(FakeReplicaStore.Call.GET, Retry.TRANSIENT);
    }
}
