package dev.shadow.tck.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.LicenseException;
import dev.shadow.spi.placement.LicenseGrant;
import dev.shadow.spi.placement.LicenseLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The promises of {@link LicenseLedger}. */
public abstract class LicenseLedgerContract extends SpiContract {
    /** The ledger under test, with a pool {@code database} of 4 units and a pool {@code os} of 2. */
    protected abstract LicenseLedger ledger();

    /** Drops the present ledger as a crash does; {@link #ledger} then returns one on the same books. */
    protected abstract void crashAndReopen() throws Exception;

    /** Cuts the ledger off from what it asks. */
    protected abstract void makeUnreachable() throws Exception;

    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration TTL = Duration.ofMinutes(10);
    private static final List<LicenseDemand> TWO = List.of(new LicenseDemand("database", 2));

    private final InstanceId a = InstanceId.of("a");
    private final InstanceId b = InstanceId.of("b");
    private final HostId host = HostId.of("host");

    private Optional<LicenseGrant> reserve(InstanceId instance, List<LicenseDemand> demands) throws Exception {
        return ledger().reserve(instance, host, demands, TTL, context(1));
    }

    private int freeDatabases() throws Exception {
        return ledger().free(timeout()).getOrDefault("database", -1);
    }

    @Test
    void reservationHoldsItsUnits() throws Exception {
        LicenseGrant grant = reserve(a, TWO).orElseThrow();
        assertThat(grant.instance()).isEqualTo(a);
        assertThat(grant.host()).isEqualTo(host);
        assertThat(grant.demands()).isEqualTo(TWO);
        assertThat(freeDatabases()).isEqualTo(2);
    }

    @Test
    void reservationIsNotCommitted() throws Exception {
        assertThat(reserve(a, TWO).orElseThrow().isCommitted()).isFalse();
    }

    @Test
    void reserveRepeatedReturnsTheGrantThatIsThere() throws Exception {
        CallContext context = context(1);
        Optional<LicenseGrant> first = ledger().reserve(a, host, TWO, TTL, context);
        assertThat(ledger().reserve(a, host, TWO, TTL, context)).isEqualTo(first);
        assertThat(ledger().reserve(a, host, TWO, TTL, context(1))).isEqualTo(first);
    }

    @Test
    void reserveForAnotherHostIsRefused() throws Exception {
        reserve(a, TWO);
        assertRefused(
                Retry.PERMANENT,
                LicenseException.class,
                () -> ledger().reserve(a, HostId.of("other"), TWO, TTL, context(1)));
    }

    @Test
    void grantsNoMoreThanThePoolHolds() throws Exception {
        reserve(a, List.of(new LicenseDemand("database", 3)));
        assertThat(reserve(b, TWO)).isEmpty();
    }

    @Test
    void grantsAllDemandsOrNone() throws Exception {
        assertThat(reserve(a, List.of(new LicenseDemand("database", 1), new LicenseDemand("os", 3))))
                .isEmpty();
        assertThat(freeDatabases()).isEqualTo(4);
    }

    @Test
    void unknownProductHasNoUnits() throws Exception {
        assertThat(reserve(a, List.of(new LicenseDemand("no-such-product", 1)))).isEmpty();
    }

    @Test
    void overlappingReservationsNeverExceedThePool() throws Exception {
        List<Callable<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            InstanceId instance = InstanceId.of("instance-" + i);
            calls.add(
                    () -> reserve(instance, List.of(new LicenseDemand("os", 1))).isPresent());
        }
        assertThat(allAtOnce(calls).stream().filter(granted -> granted)).hasSize(2);
    }

    @Test
    void reservationLapsesAtItsExpiry() throws Exception {
        ledger().reserve(a, host, TWO, SHORT, context(1));
        letPass(SHORT.multipliedBy(2));
        eventually("the units are free again", () -> freeDatabases() == 4);
    }

    @Test
    void committedGrantHoldsBeyondItsExpiry() throws Exception {
        ledger().reserve(a, host, TWO, SHORT, context(1));
        assertThat(ledger().commit(a, context(1)).isCommitted()).isTrue();
        letPass(SHORT.multipliedBy(2));
        assertThat(freeDatabases()).isEqualTo(2);
    }

    @Test
    void commitRepeatedChangesNothing() throws Exception {
        reserve(a, TWO);
        LicenseGrant first = ledger().commit(a, context(1));
        assertThat(ledger().commit(a, context(1))).isEqualTo(first);
    }

    @Test
    void commitWithoutAReservationIsRefusedForGood() {
        assertRefused(Retry.PERMANENT, LicenseException.class, () -> ledger().commit(a, context(1)));
    }

    @Test
    void commitOfALapsedReservationIsRefusedForGood() throws Exception {
        ledger().reserve(a, host, TWO, SHORT, context(1));
        letPass(SHORT.multipliedBy(2));
        assertRefused(Retry.PERMANENT, LicenseException.class, () -> ledger().commit(a, context(1)));
    }

    @Test
    void releaseGivesEverythingBack() throws Exception {
        reserve(a, TWO);
        ledger().release(a, context(1));
        assertThat(freeDatabases()).isEqualTo(4);
    }

    @Test
    void releaseOfNothingChangesNothing() throws Exception {
        ledger().release(b, context(1));
        assertThat(freeDatabases()).isEqualTo(4);
    }

    @Test
    void freeNamesEveryPool() throws Exception {
        assertThat(ledger().free(timeout())).containsOnlyKeys("database", "os");
    }

    @Test
    void grantOutlivesACrash() throws Exception {
        Optional<LicenseGrant> grant = reserve(a, TWO);
        crashAndReopen();
        assertThat(reserve(a, TWO)).isEqualTo(grant);
    }

    @Test
    void unreachableLedgerFailsInsteadOfGrantingNothing() throws Exception {
        makeUnreachable();
        assertRefused(
                Retry.TRANSIENT, LicenseException.class, () -> ledger().reserve(a, host, TWO, TTL, context(1, SHORT)));
    }

    @Test
    void noCallOutlastsItsTimeOut() throws Exception {
        makeUnreachable();
        assertEndsWithin(SHORT, () -> ledger().reserve(a, host, TWO, TTL, context(1, SHORT)));
    }
}
