package dev.shadow.core.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.core.store.MemoryReplicaStore;
import dev.shadow.spi.CallContext;
import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.LicenseException;
import dev.shadow.spi.placement.LicenseMetric;
import dev.shadow.spi.placement.LicenseTerms;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
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

    private static HostDescription host(HostId id, int cores, int sockets) {
        return new HostDescription(
                id,
                new FailureDomain("r", id.value().equals("abroad") ? "far" : "near", "k", id.value()),
                new Resources(cores * 1000L, 1, 1, 1),
                Resources.NONE,
                true,
                id.value().equals("paid") ? Set.of("core", "socket") : Set.of(),
                Set.of(),
                1,
                sockets);
    }

    private StoreLicenseLedger byTerms(LicenseTerms terms) {
        return StoreLicenseLedger.over(
                store,
                List.of(terms),
                id -> id.value().equals("unknown") ? Optional.empty() : Optional.of(host(id, 6, 2)),
                time,
                () -> 0);
    }

    private boolean reserve(StoreLicenseLedger of, int number, String on, String product, int units) throws Exception {
        return of.reserve(instance(number), HostId.of(on), List.of(new LicenseDemand(product, units)), TTL, CALL)
                .isPresent();
    }

    @Test
    void opensAHostOnceAndKeepsItForTheAffinityAfterTheLastInstance() throws Exception {
        Duration affinity = Duration.ofDays(30);
        StoreLicenseLedger cores =
                byTerms(new LicenseTerms("core", LicenseMetric.PER_CORE, 8, 16, 1, affinity, Set.of(), Set.of()));
        assertThat(reserve(cores, 1, "a", "core", 1)).isTrue();
        assertThat(cores.free(TTL)).as("the minimum").containsEntry("core", 8);
        assertThat(reserve(cores, 2, "a", "core", 1)).isTrue();
        assertThat(cores.free(TTL)).as("the host is open").containsEntry("core", 8);
        assertThat(cores.stock(TTL).opened()).containsEntry("core", Set.of(HostId.of("a")));
        assertThat(cores.commit(instance(1), CALL).isCommitted()).isTrue();
        time.advance(TTL);
        cores.release(instance(1), CALL);
        assertThat(cores.free(TTL)).as("nothing runs there any more").containsEntry("core", 8);
        time.advance(affinity.minusSeconds(1));
        assertThat(reserve(cores, 3, "a", "core", 1)).isTrue();
        time.advance(TTL);
        assertThat(cores.free(TTL)).as("lapsed, so the affinity counts anew").containsEntry("core", 8);
        time.advance(affinity);
        assertThat(cores.free(TTL)).containsEntry("core", 16);
    }

    @Test
    void countsSocketsProcessorsAndInstancesWithTheirMinimums() throws Exception {
        StoreLicenseLedger sockets = byTerms(LicenseTerms.of("socket", LicenseMetric.PER_SOCKET, 3, 1));
        assertThat(reserve(sockets, 1, "a", "socket", 1)).isTrue();
        assertThat(reserve(sockets, 2, "b", "socket", 1)).isFalse();
        assertThat(reserve(sockets, 3, "paid", "socket", 1)).isTrue();
        assertThat(sockets.free(TTL)).containsEntry("socket", 1);
        StoreLicenseLedger processors =
                byTerms(new LicenseTerms("vcpu", LicenseMetric.PER_VCPU, 4, 12, 1, Duration.ZERO, Set.of(), Set.of()));
        assertThat(reserve(processors, 4, "a", "vcpu", 1)).isTrue();
        assertThat(reserve(processors, 5, "a", "vcpu", 7)).isTrue();
        assertThat(processors.free(TTL)).containsEntry("vcpu", 1);
        StoreLicenseLedger instances = byTerms(LicenseTerms.of("each", LicenseMetric.PER_INSTANCE, 1, 1));
        assertThat(reserve(instances, 6, "a", "each", 7)).isTrue();
        assertThat(reserve(instances, 7, "a", "each", 1)).isFalse();
    }

    @Test
    void grantsNothingOutsideTheTerritoryOrOnAnUnknownHost() throws Exception {
        StoreLicenseLedger near = byTerms(new LicenseTerms(
                "each", LicenseMetric.PER_INSTANCE, 1, 9, 1, Duration.ZERO, Set.of("r/near"), Set.of()));
        assertThat(reserve(near, 1, "abroad", "each", 1)).isFalse();
        assertThat(reserve(near, 2, "unknown", "each", 1)).isFalse();
        assertThat(reserve(near, 3, "a", "each", 1)).isTrue();
    }

    @Test
    void racingReservationsNeverOversubscribeAPool() throws Exception {
        race(4_000);
    }

    @Test
    @Tag("slow")
    void aMillionRacingReservationsNeverOversubscribeAPool() throws Exception {
        race(1_000_000);
    }

    private void race(int reservations) throws Exception {
        int threads = 4;
        LicenseTerms terms = LicenseTerms.of("each", LicenseMetric.PER_INSTANCE, 3, 1);
        AtomicInteger held = new AtomicInteger();
        AtomicInteger granted = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                running.add(pool.submit(() -> {
                    StoreLicenseLedger own = byTerms(terms);
                    for (int i = 0; i < reservations / threads; i++) {
                        int number = threads * i + thread;
                        if (reserved(own, number)) {
                            granted.incrementAndGet();
                            assertThat(held.incrementAndGet()).isLessThanOrEqualTo(3);
                            held.decrementAndGet();
                            released(own, number);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> future : running) {
                assertThat(future.get()).isNull();
            }
        } finally {
            pool.shutdown();
        }
        assertThat(granted.get()).isGreaterThan(reservations / 2);
        assertThat(byTerms(terms).free(TTL)).containsEntry("each", 3);
    }

    /** A ledger that lost a hundred races says so, and is asked again. */
    private boolean reserved(StoreLicenseLedger own, int number) throws Exception {
        while (true) {
            try {
                return reserve(own, number, "a", "each", 1);
            } catch (LicenseException e) {
                assertThat(e.retry()).isEqualTo(Retry.TRANSIENT);
            }
        }
    }

    private static void released(StoreLicenseLedger own, int number) throws Exception {
        boolean done = false;
        while (!done) {
            try {
                own.release(instance(number), CALL);
                done = true;
            } catch (LicenseException e) {
                assertThat(e.retry()).isEqualTo(Retry.TRANSIENT);
            }
        }
    }
}
