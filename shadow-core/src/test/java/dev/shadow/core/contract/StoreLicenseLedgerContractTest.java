package dev.shadow.core.contract;

import dev.shadow.core.placement.StoreLicenseLedger;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.placement.LicenseLedger;
import dev.shadow.tck.contract.LicenseLedgerContract;
import dev.shadow.tck.fake.FakeReplicaStore;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.Map;

class StoreLicenseLedgerContractTest extends LicenseLedgerContract {
    private final VirtualTime time = VirtualTime.create();
    private final FakeReplicaStore store = FakeReplicaStore.on(time);
    private LicenseLedger ledger = over(store);

    private LicenseLedger over(FakeReplicaStore books) {
        return StoreLicenseLedger.over(books, Map.of("database", 4, "os", 2), time);
    }

    @Override
    protected LicenseLedger ledger() {
        return ledger;
    }

    @Override
    protected void crashAndReopen() {
        ledger = over(store.reopen());
    }

    @Override
    protected void makeUnreachable() {
        for (int i = 0; i < 10; i++) {
            store.faults().failNext(FakeReplicaStore.Call.GET, Retry.TRANSIENT);
        }
    }

    @Override
    protected void letPass(Duration duration) {
        time.advance(duration);
    }
}
