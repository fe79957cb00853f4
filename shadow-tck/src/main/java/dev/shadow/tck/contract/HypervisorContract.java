package dev.shadow.tck.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.VmId;
import dev.shadow.spi.compute.ActivationMode;
import dev.shadow.spi.compute.Hypervisor;
import dev.shadow.spi.compute.HypervisorException;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.InstanceSpec;
import dev.shadow.spi.compute.PowerState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The promises of {@link Hypervisor}. */
public abstract class HypervisorContract extends SpiContract {
    /** The hypervisor under test; the same one throughout a test. */
    protected abstract Hypervisor hypervisor();

    /** A host that can be reached and has room for four instances of {@link #size}. */
    protected abstract HostId host();

    /** What a small instance takes. */
    protected abstract Resources size();

    /** Makes the instance of a created spec ready to be activated, for backends that need a disk with content. */
    protected void prepare(InstanceSpec spec) throws Exception {}

    /** Whether a client that connects to the instance's endpoint is served. */
    protected abstract boolean serves(InstanceDescription instance) throws Exception;

    /** Makes the host unreachable for the hypervisor, so that calls to it fail. */
    protected abstract void makeUnreachable(HostId host) throws Exception;

    /** Whether this backend supports the mode; the rules of a mode that it does not are skipped. */
    protected boolean supports(ActivationMode mode) {
        return true;
    }

    private static final Duration SHORT = Duration.ofSeconds(1);

    private final VmId vm = VmId.of("contract-vm");

    private InstanceSpec spec(String id) {
        return new InstanceSpec(InstanceId.of(id), vm, host(), size());
    }

    private InstanceSpec created(String id, long generation) throws Exception {
        InstanceSpec spec = spec(id);
        hypervisor().create(spec, context(generation));
        prepare(spec);
        return spec;
    }

    private InstanceDescription running(String id, long generation) throws Exception {
        InstanceSpec spec = created(id, generation);
        return hypervisor().activate(spec.id(), host(), ActivationMode.TAKE_OVER, context(generation));
    }

    private InstanceDescription describe(InstanceId id) throws Exception {
        return hypervisor().describe(id, host(), timeout()).orElseThrow();
    }

    private List<InstanceId> listed() throws Exception {
        return hypervisor().instances(host(), timeout()).stream()
                .map(InstanceDescription::id)
                .toList();
    }

    @Test
    void createReturnsAStandbyInstanceAsAskedFor() throws Exception {
        InstanceSpec spec = spec("shadow");
        InstanceDescription made = hypervisor().create(spec, context(1));
        assertThat(made.id()).isEqualTo(spec.id());
        assertThat(made.vm()).isEqualTo(vm);
        assertThat(made.host()).isEqualTo(host());
        assertThat(made.power()).isEqualTo(PowerState.STANDBY);
    }

    @Test
    void createRepeatedReturnsTheInstanceThatIsThere() throws Exception {
        InstanceSpec spec = spec("shadow");
        CallContext context = context(1);
        InstanceDescription first = hypervisor().create(spec, context);
        assertThat(hypervisor().create(spec, context)).isEqualTo(first);
        assertThat(hypervisor().create(spec, context(1))).isEqualTo(first);
    }

    @Test
    void createWithAnotherSpecIsRefusedForGood() throws Exception {
        InstanceSpec spec = created("shadow", 1);
        InstanceSpec other = new InstanceSpec(spec.id(), VmId.of("other-vm"), host(), size());
        assertRefused(
                Retry.PERMANENT, HypervisorException.class, () -> hypervisor().create(other, context(1)));
    }

    @Test
    void createOnAnUnknownHostIsRefusedForGood() {
        InstanceSpec nowhere = new InstanceSpec(InstanceId.of("shadow"), vm, HostId.of("no-such-host"), size());
        assertRefused(
                Retry.PERMANENT, HypervisorException.class, () -> hypervisor().create(nowhere, context(1)));
    }

    @Test
    void createWithoutSpaceIsRefusedForGood() {
        Resources huge =
                new Resources(size().cpuMillis(), size().memoryBytes(), 1L << 60, size().networkBitsPerSecond());
        InstanceSpec spec = new InstanceSpec(InstanceId.of("shadow"), vm, host(), huge);
        assertRefused(
                Retry.PERMANENT, HypervisorException.class, () -> hypervisor().create(spec, context(1)));
    }

    @Test
    void createOnAnUnreachableHostMayBeTriedAgain() throws Exception {
        makeUnreachable(host());
        assertRefused(
                Retry.TRANSIENT,
                HypervisorException.class,
                () -> hypervisor().create(spec("shadow"), context(1, SHORT)));
    }

    @Test
    void createOfAnOlderGenerationMakesNothing() throws Exception {
        created("newer", 5);
        assertStale(4, () -> hypervisor().create(spec("older"), context(4)));
        assertThat(listed()).doesNotContain(InstanceId.of("older"));
    }

    @Test
    void activateReturnsOnceTheInstanceServesInItsGeneration() throws Exception {
        InstanceSpec spec = created("shadow", 1);
        InstanceDescription active = hypervisor().activate(spec.id(), host(), ActivationMode.TAKE_OVER, context(2));
        assertThat(active.power()).isEqualTo(PowerState.RUNNING);
        assertThat(active.generation()).isEqualTo(Generation.of(2));
        assertThat(serves(active)).as("serves").isTrue();
    }

    @Test
    void activateRepeatedReturnsTheRunningInstance() throws Exception {
        InstanceSpec spec = created("shadow", 1);
        CallContext context = context(2);
        InstanceDescription first = hypervisor().activate(spec.id(), host(), ActivationMode.TAKE_OVER, context);
        assertThat(hypervisor().activate(spec.id(), host(), ActivationMode.TAKE_OVER, context))
                .isEqualTo(first);
        assertThat(hypervisor().activate(spec.id(), host(), ActivationMode.TAKE_OVER, context(2)))
                .isEqualTo(first);
    }

    @Test
    void activateOfAnUnknownInstanceIsRefusedForGood() {
        assertRefused(
                Retry.PERMANENT,
                HypervisorException.class,
                () -> hypervisor().activate(InstanceId.of("nobody"), host(), ActivationMode.TAKE_OVER, context(1)));
    }

    @Test
    void activateOnAnUnreachableHostMayBeTriedAgain() throws Exception {
        InstanceSpec spec = created("shadow", 1);
        makeUnreachable(host());
        assertRefused(
                Retry.TRANSIENT,
                HypervisorException.class,
                () -> hypervisor().activate(spec.id(), host(), ActivationMode.TAKE_OVER, context(2, SHORT)));
    }

    @Test
    void activateOfAnOlderGenerationStartsNothing() throws Exception {
        InstanceSpec spec = created("shadow", 5);
        assertStale(4, () -> hypervisor().activate(spec.id(), host(), ActivationMode.TAKE_OVER, context(4)));
        assertThat(describe(spec.id()).power()).isEqualTo(PowerState.STANDBY);
    }

    @Test
    void cloneRunsBesideTheShadowThatStaysOnStandby() throws Exception {
        assumeTrue(supports(ActivationMode.CLONE), "this backend does not clone");
        InstanceSpec spec = created("shadow", 1);
        InstanceDescription clone = hypervisor().activate(spec.id(), host(), ActivationMode.CLONE, context(1));
        assertThat(clone.id()).isNotEqualTo(spec.id());
        assertThat(clone.power()).isEqualTo(PowerState.RUNNING);
        assertThat(describe(spec.id()).power()).isEqualTo(PowerState.STANDBY);
    }

    @Test
    void cloneRepeatedWithItsKeyMakesNoSecondOne() throws Exception {
        assumeTrue(supports(ActivationMode.CLONE), "this backend does not clone");
        InstanceSpec spec = created("shadow", 1);
        CallContext context = context(1);
        InstanceDescription first = hypervisor().activate(spec.id(), host(), ActivationMode.CLONE, context);
        assertThat(hypervisor().activate(spec.id(), host(), ActivationMode.CLONE, context))
                .isEqualTo(first);
    }

    @Test
    void isolatedTestLeavesTheShadowOnStandby() throws Exception {
        assumeTrue(supports(ActivationMode.ISOLATED_TEST), "this backend does not test in isolation");
        InstanceSpec spec = created("shadow", 1);
        InstanceDescription copy = hypervisor().activate(spec.id(), host(), ActivationMode.ISOLATED_TEST, context(1));
        assertThat(copy.power()).isEqualTo(PowerState.ISOLATED);
        assertThat(describe(spec.id()).power()).isEqualTo(PowerState.STANDBY);
    }

    @Test
    void pausedInstanceServesNothing() throws Exception {
        InstanceDescription active = running("shadow", 1);
        hypervisor().pause(active.id(), host(), context(1));
        assertThat(describe(active.id()).power()).isEqualTo(PowerState.PAUSED);
        assertThat(serves(active)).as("serves").isFalse();
    }

    @Test
    void pauseOfAnInstanceThatDoesNotRunChangesNothing() throws Exception {
        InstanceSpec spec = created("shadow", 1);
        hypervisor().pause(spec.id(), host(), context(1));
        assertThat(describe(spec.id()).power()).isEqualTo(PowerState.STANDBY);
    }

    @Test
    void pauseOfAnUnknownInstanceIsRefusedForGood() {
        assertRefused(
                Retry.PERMANENT,
                HypervisorException.class,
                () -> hypervisor().pause(InstanceId.of("nobody"), host(), context(1)));
    }

    @Test
    void pauseOnAnUnreachableHostMayBeTriedAgain() throws Exception {
        InstanceSpec spec = created("shadow", 1);
        makeUnreachable(host());
        assertRefused(
                Retry.TRANSIENT,
                HypervisorException.class,
                () -> hypervisor().pause(spec.id(), host(), context(1, SHORT)));
    }

    @Test
    void pauseOfAnOlderGenerationHoldsNothing() throws Exception {
        InstanceDescription active = running("shadow", 5);
        assertStale(4, () -> hypervisor().pause(active.id(), host(), context(4)));
        assertThat(describe(active.id()).power()).isEqualTo(PowerState.RUNNING);
    }

    @Test
    void deprovisionedInstanceIsGone() throws Exception {
        InstanceSpec spec = created("shadow", 1);
        hypervisor().deprovision(spec.id(), host(), context(1));
        assertThat(listed()).doesNotContain(spec.id());
    }

    @Test
    void deprovisionOfNobodySucceeds() throws Exception {
        hypervisor().deprovision(InstanceId.of("nobody"), host(), context(1));
    }

    @Test
    void deprovisionOnAnUnreachableHostMayBeTriedAgain() throws Exception {
        InstanceSpec spec = created("shadow", 1);
        makeUnreachable(host());
        assertRefused(
                Retry.TRANSIENT,
                HypervisorException.class,
                () -> hypervisor().deprovision(spec.id(), host(), context(1, SHORT)));
    }

    @Test
    void deprovisionOfAnOlderGenerationRemovesNothing() throws Exception {
        InstanceSpec spec = created("shadow", 5);
        assertStale(4, () -> hypervisor().deprovision(spec.id(), host(), context(4)));
        assertThat(hypervisor().describe(spec.id(), host(), timeout())).isPresent();
    }

    @Test
    void describeKnowsNothingOfAnUnknownInstance() throws Exception {
        assertThat(hypervisor().describe(InstanceId.of("nobody"), host(), timeout()))
                .isEmpty();
    }

    @Test
    void describeTellsTheHighestGenerationSeen() throws Exception {
        InstanceDescription active = running("shadow", 3);
        assertThat(describe(active.id()).generation()).isEqualTo(Generation.of(3));
    }

    @Test
    void describeOnAnUnreachableHostMayBeTriedAgain() throws Exception {
        makeUnreachable(host());
        assertRefused(
                Retry.TRANSIENT,
                HypervisorException.class,
                () -> hypervisor().describe(InstanceId.of("nobody"), host(), SHORT));
    }

    @Test
    void instancesListsEveryInstanceOfTheHostOnce() throws Exception {
        InstanceSpec first = created("first", 1);
        InstanceSpec second = created("second", 1);
        assertThat(listed()).containsOnlyOnce(first.id(), second.id());
    }

    @Test
    void instancesOfAnUnknownHostAreRefusedForGood() {
        assertRefused(
                Retry.PERMANENT,
                HypervisorException.class,
                () -> hypervisor().instances(HostId.of("no-such-host"), timeout()));
    }

    @Test
    void instancesOfAnUnreachableHostMayBeTriedAgain() throws Exception {
        makeUnreachable(host());
        assertRefused(
                Retry.TRANSIENT, HypervisorException.class, () -> hypervisor().instances(host(), SHORT));
    }

    @Test
    void noCallOutlastsItsTimeOut() throws Exception {
        InstanceSpec spec = created("shadow", 1);
        makeUnreachable(host());
        assertEndsWithin(SHORT, () -> hypervisor().create(spec, context(1, SHORT)));
        assertEndsWithin(
                SHORT, () -> hypervisor().activate(spec.id(), host(), ActivationMode.TAKE_OVER, context(1, SHORT)));
        assertEndsWithin(SHORT, () -> hypervisor().pause(spec.id(), host(), context(1, SHORT)));
        assertEndsWithin(SHORT, () -> hypervisor().deprovision(spec.id(), host(), context(1, SHORT)));
        assertEndsWithin(SHORT, () -> hypervisor().describe(spec.id(), host(), SHORT));
        assertEndsWithin(SHORT, () -> hypervisor().instances(host(), SHORT));
    }

    @Test
    void callsForDifferentVirtualMachinesMayOverlap() throws Exception {
        List<Callable<InstanceId>> creations = List.of(creation("a"), creation("b"), creation("c"), creation("d"));
        assertThat(allAtOnce(creations))
                .doesNotHaveDuplicates()
                .allSatisfy(id ->
                        assertThat(hypervisor().describe(id, host(), timeout())).isPresent());
    }

    private Callable<InstanceId> creation(String name) {
        InstanceSpec spec = new InstanceSpec(InstanceId.of("of-" + name), VmId.of("vm-" + name), host(), size());
        return () -> hypervisor().create(spec, context(1)).id();
    }
}
