package dev.shadow.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.store.Lease;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LocalCoordinatorTest {
    private static final Duration TTL = Duration.ofSeconds(10);

    private final VirtualTime time = VirtualTime.create();
    private final MemoryReplicaStore store = MemoryReplicaStore.create();
    private final LocalCoordinator coordinator = LocalCoordinator.over(store, time);

    @Test
    void givesAResourceToOneOwnerAtATimeWithRisingTokens() throws Exception {
        Lease first = coordinator.acquire("r", "one", TTL).orElseThrow();
        assertThat(coordinator.acquire("r", "two", TTL)).isEmpty();
        assertThat(coordinator.acquire("other", "two", TTL)).isPresent();
        time.advance(TTL);
        assertThat(coordinator.renew(first, TTL)).isEmpty();
        LocalCoordinator reopened = LocalCoordinator.over(store, time);
        Lease second = reopened.acquire("r", "two", TTL).orElseThrow();
        assertThat(second.token()).isGreaterThan(first.token());
        assertThat(reopened.renew(first, TTL)).isEmpty();
        reopened.release(second);
        assertThat(coordinator.acquire("r", "one", TTL).orElseThrow().token()).isGreaterThan(second.token());
    }
}
