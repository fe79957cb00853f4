package dev.shadow.core.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.core.store.MemoryReplicaStore;
import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.LicenseException;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class StoreLicenseLedgerTest {
    private static final HostId HOST = HostId.of("h");
    private static final List<LicenseDemand> TWO = List.of(new LicenseDemand("db", 2));
    private static final CallContext CALL = CallContext.of("call", Generation.INITIAL, Duration.ofSeconds(1));
    private static final Duration TTL = Duration.ofMinutes(1);

    private final VirtualTime time = VirtualTime.create();
    private final MemoryReplicaStore store = MemoryReplicaStore.create();
    private final StoreLicenseLedger ledger = StoreLicenseLedger.over(store, Map.of("db", 5), time);

    private static InstanceId instance(int number) {
        return InstanceId.of("i" + number);
    }

    @Test
    void grantsAllOrNothingAndNoMoreThanThePoolHolds() throws Exception {
        assertThat(ledger.reserve(instance(1), HOST, TWO, TTL, CALL)).isPresent();
        assertThat(ledger.reserve(instance(1), HOST, TWO, TTL, CALL))
                .as("again")
                .isPresent();
        assertThat(ledger.reserve(instance(2), HOST, TWO, TTL, CALL)).isPresent();
        assertThat(ledger.reserve(instance(3), HOST, TWO, TTL, CALL)).isEmpty();
        assertThat(ledger.free(TTL)).containsExactly(Map.entry("db", 1));
        ledger.release(instance(1), CALL);
        assertThat(ledger.reserve(instance(3), HOST, TWO, TTL, CALL)).isPresent();
    }

    @Test
    void aReservationLapsesUnlessItIsCommitted() throws Exception {
        var first = ledger.reserve(instance(1), HOST, TWO, TTL, CALL);
        var second = ledger.reserve(instance(2), HOST, TWO, TTL, CALL);
        assertThat(first).isPresent();
        assertThat(second).isPresent();
        assertThat(ledger.commit(instance(1), CALL).isCommitted()).isTrue();
        time.advance(TTL);
        assertThat(ledger.free(TTL)).containsExactly(Map.entry("db", 3));
        assertThatThrownBy(() -> ledger.commit(instance(2), CALL)).isInstanceOf(LicenseException.class);
    }

    @Test
    void ledgersThatShareAStoreNeverGrantTooMuchTogether() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> running = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int thread = t;
                running.add(pool.submit(() -> {
                    StoreLicenseLedger own = StoreLicenseLedger.over(store, Map.of("db", 50), time);
                    int granted = 0;
                    for (int i = 0; i < 20; i++) {
                        granted += own.reserve(instance(100 * thread + i), HOST, TWO, TTL, CALL)
                                        .isPresent()
                                ? 1
                                : 0;
                    }
                    return granted;
                }));
            }
            int granted = 0;
            for (Future<Integer> future : running) {
                granted += future.get();
            }
            assertThat(granted).isEqualTo(25);
        } finally {
            pool.shutdown();
        }
    }
}
