package dev.shadow.tck.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Proves that every rule of every contract bites: the unbroken fake passes them all, and for each rule
 * there is a wrong implementation that turns exactly that rule red.
 */
class EveryRuleBitesTest {
    private static final Map<Class<?>, List<Mutant>> CONTRACTS = new LinkedHashMap<>();

    static {
        CONTRACTS.put(FakeHypervisorTest.class, HypervisorMutants.all());
        CONTRACTS.put(FakeInventoryTest.class, InventoryMutants.all());
        CONTRACTS.put(FakeMetricsTest.class, MetricsMutants.all());
        CONTRACTS.put(FakeForecasterTest.class, ForecasterMutants.all());
        CONTRACTS.put(FakeHostSelectorTest.class, HostSelectorMutants.all());
        CONTRACTS.put(FakeLicenseLedgerTest.class, LicenseLedgerMutants.all());
        CONTRACTS.put(FakeTrafficDirectorTest.class, TrafficDirectorMutants.all());
        CONTRACTS.put(FakeFencerTest.class, FencerMutants.all());
        CONTRACTS.put(FakeFailureDetectorTest.class, FailureDetectorMutants.all());
        CONTRACTS.put(FakeHostProbeTest.class, HostProbeMutants.all());
        CONTRACTS.put(FakeFunctionRunnerTest.class, FunctionRunnerMutants.all());
        CONTRACTS.put(FakeReplicaStoreTest.class, ReplicaStoreMutants.all());
        CONTRACTS.put(FakeCoordinatorTest.class, CoordinatorMutants.all());
        CONTRACTS.put(FakeSyncEngineTest.class, SyncEngineMutants.all());
    }

    @TestFactory
    Stream<DynamicContainer> everyMutantTurnsItsRuleRedAndNoOther() {
        return CONTRACTS.entrySet().stream()
                .map(entry -> dynamicContainer(
                        entry.getKey().getSimpleName(),
                        entry.getValue().stream().map(mutant -> turnsItsRuleRed(entry.getKey(), mutant))));
    }

    private static DynamicTest turnsItsRuleRed(Class<?> test, Mutant mutant) {
        return dynamicTest(mutant.rule(), () -> {
            ContractRun run = ContractRun.of(test, mutant);
            assertThat(run.failed())
                    .as(() -> "rules that turned red\n" + ContractRun.whyFailed(test, mutant))
                    .containsExactly(mutant.rule());
        });
    }

    @TestFactory
    Stream<DynamicTest> theUnbrokenFakePassesEveryRule() {
        return CONTRACTS.keySet().stream()
                .map(test -> dynamicTest(test.getSimpleName(), () -> {
                    ContractRun run = ContractRun.of(test, null);
                    assertThat(run.failed()).isEmpty();
                    assertThat(run.skipped()).isEmpty();
                    assertThat(run.passed()).isEqualTo(ContractRun.rulesOf(test));
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyRuleHasAMutant() {
        return CONTRACTS.entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey().getSimpleName(), () -> {
                    List<String> broken = new ArrayList<>();
                    entry.getValue().forEach(mutant -> broken.add(mutant.rule()));
                    assertThat(new TreeSet<>(broken)).isEqualTo(ContractRun.rulesOf(entry.getKey()));
                }));
    }

    @Test
    void everyContractIsProven() {
        List<String> proven = CONTRACTS.keySet().stream()
                .map(test -> test.getSuperclass().getSimpleName())
                .toList();
        assertThat(proven)
                .containsExactlyInAnyOrder(
                        "HypervisorContract",
                        "InventoryContract",
                        "MetricsSourceContract",
                        "ForecasterContract",
                        "HostSelectorContract",
                        "LicenseLedgerContract",
                        "TrafficDirectorContract",
                        "FencerContract",
                        "FailureDetectorContract",
                        "HostProbeContract",
                        "FunctionRunnerContract",
                        "ReplicaStoreContract",
                        "CoordinatorContract",
                        "SyncEngineContract");
    }
}
