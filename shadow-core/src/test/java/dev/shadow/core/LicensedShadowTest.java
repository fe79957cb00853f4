package dev.shadow.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.HostId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.failover.FailoverReport.Outcome;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.inventory.VmDescription;
import dev.shadow.spi.profile.OldPrimary;
import dev.shadow.tck.fake.FakeHypervisor;
import dev.shadow.tck.fake.FakeLicenseLedger;
import dev.shadow.tck.fake.FakeLicenseLedger.Call;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A machine whose instances take two units of one product each. */
class LicensedShadowTest {
    private final Drill drill = new Drill();
    private final FakeLicenseLedger ledger = FakeLicenseLedger.on(drill.time);

    LicensedShadowTest() {
        license(drill.a, "zone-1");
        license(drill.b, "zone-2");
        license(drill.c, "zone-3");
        drill.fleet
                .inventory()
                .put(new VmDescription(
                        drill.vm,
                        drill.described.instance(),
                        drill.a,
                        Drill.SIZE,
                        List.of(new LicenseDemand("db", 2)),
                        Set.of()));
    }

    private void license(HostId host, String zone) {
        FailureDomain domain = new FailureDomain("region", zone, "rack-" + host, host.value());
        drill.fleet
                .inventory()
                .put(new HostDescription(host, domain, Drill.ROOM, Resources.NONE, true, Set.of("db"), Set.of(), 1));
    }

    private ShadowManager started() {
        ShadowManager manager = drill.manager(HostProcess.unharmed(), b -> b.licenseLedger(ledger));
        manager.apply(drill.profile().oldPrimary(OldPrimary.DEPROVISION).build());
        manager.start();
        return manager;
    }

    private ShadowManager protectedOne() {
        ShadowManager manager = started();
        assertThat(drill.within(Drill.LONG, () -> drill.ready(manager, 1)))
                .as(() -> drill.events.toString())
                .isTrue();
        return manager;
    }

    private int free() {
        try {
            return ledger.free(Duration.ofSeconds(1)).getOrDefault("db", 0);
        } catch (dev.shadow.spi.placement.LicenseException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void holdsAGrantFromItsMakingToItsRetirement() {
        ledger.setPool("db", 5);
        ledger.faults().failNext(Call.COMMIT, Retry.TRANSIENT);
        ShadowManager manager = started();
        drill.time.runUntilIdle();
        assertThat(ledger.faults().calls(Call.COMMIT)).isEqualTo(1);
        assertThat(free()).as("reserved").isEqualTo(3);
        assertThat(drill.within(Drill.LONG, () -> drill.ready(manager, 1))).isTrue();
        drill.time.advance(Duration.ofDays(1));
        assertThat(free()).as("committed, so that it does not lapse").isEqualTo(3);
        manager.remove(drill.vm);
        drill.time.advance(Duration.ofSeconds(5));
        assertThat(manager.replicas(drill.vm)).isEmpty();
        assertThat(free()).as("released").isEqualTo(5);
    }

    @Test
    void neverHoldsTwoGrantsWhateverAnswersAreLost() {
        ledger.setPool("db", 5);
        ledger.faults().loseNextAnswer(Call.RESERVE);
        ledger.faults().loseNextAnswer(Call.COMMIT);
        drill.fleet.hypervisor().faults().loseNextAnswer(FakeHypervisor.Call.CREATE);
        protectedOne();
        drill.time.advance(Duration.ofMinutes(1));
        assertThat(free()).isEqualTo(3);
        assertThat(drill.instances()).hasSize(2);
    }

    @Test
    void isNotMadeWhileThePoolIsEmptyAndTheReasonIsTold() {
        ledger.setPool("db", 1);
        ShadowManager manager = started();
        drill.time.advance(Duration.ofMinutes(1));
        assertThat(manager.replicas(drill.vm)).isEmpty();
        assertThat(drill.events(ShadowEvent.Unprotected.class)).singleElement().satisfies(e -> {
            assertThat(e.wanted()).isEqualTo(1);
            assertThat(e.ready()).isZero();
            assertThat(e.reason()).contains("LICENSE").contains("db needs 2 units, 1 free");
        });
        ledger.setPool("db", 2);
        assertThat(drill.within(Drill.LONG, () -> drill.ready(manager, 1)))
                .as("made as soon as there are units")
                .isTrue();
    }

    @Test
    void givesItsGrantBackWhenItsHostCannotMakeIt() {
        ledger.setPool("db", 2);
        drill.fleet.hypervisor().faults().failNext(FakeHypervisor.Call.CREATE, Retry.PERMANENT);
        ShadowManager manager = protectedOne();
        assertThat(manager.replicas(drill.vm)).hasSize(1);
        assertThat(free()).isZero();
    }

    @Test
    void keepsTheGrantWhileItServesAndGivesItBackWhenItIsRemovedAsAnOldPrimary() {
        ledger.setPool("db", 7);
        ShadowManager manager = protectedOne();
        assertThat(drill.failedOver(manager).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(drill.within(Drill.LONG, () -> drill.ready(manager, 1))).isTrue();
        drill.time.advance(Duration.ofMinutes(2));
        assertThat(free()).as("the new primary and its shadow").isEqualTo(3);
        assertThat(drill.failedOver(manager).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(drill.within(Drill.LONG, () -> drill.ready(manager, 1))).isTrue();
        drill.time.advance(Duration.ofMinutes(2));
        assertThat(free()).as("again two instances").isEqualTo(3);
        assertThat(drill.instances()).hasSize(2);
    }

    @Test
    void isReleasedLaterWhenTheLedgerDoesNotAnswer() {
        ledger.setPool("db", 2);
        ShadowManager manager = protectedOne();
        ledger.faults().failNext(Call.RELEASE, Retry.TRANSIENT);
        manager.remove(drill.vm);
        drill.time.runUntilIdle();
        assertThat(free()).isZero();
        drill.time.advance(Duration.ofMinutes(1));
        assertThat(free()).isEqualTo(2);
    }
}
