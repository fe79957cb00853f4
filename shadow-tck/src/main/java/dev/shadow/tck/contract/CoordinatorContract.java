package dev.shadow.tck.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.store.Coordinator;
import dev.shadow.spi.store.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The promises of {@link Coordinator}. */
public abstract class CoordinatorContract extends SpiContract {
    /** The coordinator under test, with no lease held. */
    protected abstract Coordinator coordinator();

    /** Drops the present coordinator as a crash does; {@link #coordinator} then returns a new one on the same leases. */
    protected abstract void crashAndReopen() throws Exception;

    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(10);

    private Lease acquired(String owner, Duration ttl) throws Exception {
        return coordinator().acquire("vm", owner, ttl).orElseThrow();
    }

    @Test
    void freeResourceIsGiven() throws Exception {
        Lease lease = acquired("a", LONG);
        assertThat(lease.resource()).isEqualTo("vm");
        assertThat(lease.owner()).isEqualTo("a");
    }

    @Test
    void heldResourceIsNotGivenToAnother() throws Exception {
        acquired("a", LONG);
        assertThat(coordinator().acquire("vm", "b", LONG)).isEmpty();
    }

    @Test
    void holderAcquiresAgain() throws Exception {
        acquired("a", LONG);
        assertThat(coordinator().acquire("vm", "a", LONG).map(Lease::owner)).contains("a");
    }

    @Test
    void resourcesAreApart() throws Exception {
        acquired("a", LONG);
        assertThat(coordinator().acquire("other-vm", "b", LONG)).isPresent();
    }

    @Test
    void lapsedLeaseIsGivenToAnotherWithAHigherToken() throws Exception {
        Lease first = acquired("a", SHORT);
        letPass(SHORT.multipliedBy(2));
        assertThat(acquired("b", LONG).token()).isGreaterThan(first.token());
    }

    @Test
    void renewedLeaseKeepsItsToken() throws Exception {
        Lease lease = acquired("a", LONG);
        assertThat(coordinator().renew(lease, LONG).map(Lease::token)).contains(lease.token());
    }

    @Test
    void renewedLeaseLastsLonger() throws Exception {
        Lease lease = acquired("a", SHORT);
        coordinator().renew(lease, LONG);
        letPass(SHORT.multipliedBy(2));
        assertThat(coordinator().acquire("vm", "b", LONG)).isEmpty();
    }

    @Test
    void lapsedLeaseIsNotRenewed() throws Exception {
        Lease lease = acquired("a", SHORT);
        letPass(SHORT.multipliedBy(2));
        assertThat(coordinator().renew(lease, LONG)).isEmpty();
    }

    @Test
    void leaseTakenByAnotherIsNotRenewed() throws Exception {
        Lease lease = acquired("a", SHORT);
        letPass(SHORT.multipliedBy(2));
        acquired("b", LONG);
        assertThat(coordinator().renew(lease, LONG)).isEmpty();
    }

    @Test
    void releasedResourceIsFree() throws Exception {
        coordinator().release(acquired("a", LONG));
        assertThat(coordinator().acquire("vm", "b", LONG)).isPresent();
    }

    @Test
    void tokenRisesAfterARelease() throws Exception {
        Lease first = acquired("a", LONG);
        coordinator().release(first);
        assertThat(acquired("a", LONG).token()).isGreaterThan(first.token());
    }

    @Test
    void releaseOfAnOldLeaseLeavesTheNewOne() throws Exception {
        Lease old = acquired("a", SHORT);
        letPass(SHORT.multipliedBy(2));
        acquired("b", LONG);
        coordinator().release(old);
        assertThat(coordinator().acquire("vm", "c", LONG)).isEmpty();
    }

    @Test
    void leaseOutlivesACrashOfTheCoordinator() throws Exception {
        acquired("a", LONG);
        crashAndReopen();
        assertThat(coordinator().acquire("vm", "b", LONG)).isEmpty();
    }

    @Test
    void tokensRiseOverACrash() throws Exception {
        Lease first = acquired("a", LONG);
        coordinator().release(first);
        crashAndReopen();
        assertThat(acquired("b", LONG).token()).isGreaterThan(first.token());
    }

    @Test
    void oneOfManyContendersWins() throws Exception {
        List<Callable<Optional<Lease>>> contenders = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String owner = "owner-" + i;
            contenders.add(() -> coordinator().acquire("contended", owner, LONG));
        }
        assertThat(allAtOnce(contenders).stream().flatMap(Optional::stream)).hasSize(1);
    }

    @Test
    void renewedLeaseExpiresLater() throws Exception {
        Lease lease = acquired("a", LONG);
        Lease renewed = coordinator().renew(lease, LONG.multipliedBy(2)).orElseThrow();
        assertThat(renewed.expiresAt()).isAfter(lease.expiresAt());
    }
}
