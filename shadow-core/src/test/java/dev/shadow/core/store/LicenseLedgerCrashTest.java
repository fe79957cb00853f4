package dev.shadow.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.core.placement.StoreLicenseLedger;
import dev.shadow.spi.CallContext;
import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.LicenseException;
import dev.shadow.spi.placement.LicenseMetric;
import dev.shadow.spi.placement.LicenseTerms;
import dev.shadow.tck.property.SeededTest;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** A ledger on a disk that loses power. */
class LicenseLedgerCrashTest {
    private static final CallContext CALL = CallContext.of("call", Generation.INITIAL, Duration.ofSeconds(1));
    private static final Duration TTL = Duration.ofDays(1);
    private static final List<LicenseDemand> BOTH = List.of(new LicenseDemand("db", 1), new LicenseDemand("os", 2));

    private final VirtualTime time = VirtualTime.create();

    private StoreLicenseLedger ledger(FileReplicaStore store) {
        LicenseTerms db =
                new LicenseTerms("db", LicenseMetric.PER_CORE, 1, 16, 1, Duration.ofDays(30), Set.of(), Set.of());
        LicenseTerms os = LicenseTerms.of("os", LicenseMetric.PER_VCPU, 100, 1);
        return StoreLicenseLedger.over(store, List.of(db, os), id -> Optional.of(eightCores(id)), time, () -> 0);
    }

    private static HostDescription eightCores(HostId id) {
        return new HostDescription(
                id,
                new FailureDomain("r", "z", "k", id.value()),
                new Resources(8000, 1, 1, 1),
                Resources.NONE,
                true,
                Set.of(),
                Set.of(),
                1);
    }

    /** Every instance in turn reserves and commits, and each second one is released. */
    private static void step(StoreLicenseLedger ledger, int i) throws LicenseException {
        InstanceId instance = InstanceId.of("i" + i / 3);
        switch (i % 3) {
            case 0 ->
                assertThat(ledger.reserve(instance, HostId.of("h" + i / 3 % 2), BOTH, TTL, CALL))
                        .isPresent();
            case 1 -> assertThat(ledger.commit(instance, CALL).isCommitted()).isTrue();
            default -> {
                if (i / 3 % 2 == 0) {
                    ledger.release(instance, CALL);
                }
            }
        }
    }

    @SeededTest(runs = 4)
    void goesOnAsIfNothingHadHappenedWhereverPowerIsLost(RandomGenerator random) throws Exception {
        int crashAt = 0;
        boolean crashed = true;
        while (crashed) {
            CrashingStorage disk = CrashingStorage.empty(crashAt++);
            int acknowledged = 0;
            try (FileReplicaStore store = FileReplicaStore.open(disk, 300)) {
                StoreLicenseLedger ledger = ledger(store);
                for (int i = 0; i < 18; i++) {
                    step(ledger, i);
                    acknowledged++;
                }
            } catch (dev.shadow.spi.SpiException e) {
                assertThat(disk.isOut()).as("%s", e).isTrue();
            }
            crashed = disk.isOut();
            try (FileReplicaStore store = FileReplicaStore.open(disk.afterPowerLoss(random, Integer.MAX_VALUE), 300)) {
                StoreLicenseLedger ledger = ledger(store);
                for (int i = acknowledged; i < 18; i++) {
                    step(ledger, i);
                }
                assertThat(ledger.stock(TTL).free()).containsEntry("db", 0).containsEntry("os", 94);
                assertThat(ledger.stock(TTL).opened()).containsEntry("db", Set.of(HostId.of("h0"), HostId.of("h1")));
                for (int i = 0; i < 6; i++) {
                    ledger.release(InstanceId.of("i" + i), CALL);
                }
                assertThat(ledger.free(TTL)).containsEntry("db", 0).containsEntry("os", 100);
            }
        }
        assertThat(crashAt).isGreaterThan(30);
    }
}
