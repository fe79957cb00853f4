package dev.shadow.tck.contract;

import static dev.shadow.tck.contract.Mutant.boundToOneThread;
import static dev.shadow.tck.contract.Mutant.confusing;
import static dev.shadow.tck.contract.Mutant.ignoringGenerations;
import static dev.shadow.tck.contract.Mutant.outlasting;
import static dev.shadow.tck.contract.Mutant.swallowing;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.compute.ActivationMode;
import dev.shadow.spi.compute.Hypervisor;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.InstanceSpec;
import dev.shadow.spi.compute.PowerState;
import dev.shadow.tck.contract.Mutant.Call;
import dev.shadow.tck.contract.Mutant.Mistake;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A wrong hypervisor for every rule. */
final class HypervisorMutants {
    private static final String LATE = "did not answer";

    private HypervisorMutants() {}

    private static Mutant on(String method, String rule, Mistake mistake) {
        return Mutant.of(rule, Hypervisor.class, method, mistake);
    }

    private static boolean takesOver(Call call) {
        return call.arg(2, ActivationMode.class) == ActivationMode.TAKE_OVER;
    }

    private static Optional<InstanceDescription> before(Call call) throws Exception {
        return ((Hypervisor) call.target())
                .describe(
                        call.arg(0, InstanceId.class),
                        call.arg(1, HostId.class),
                        call.context().timeout());
    }

    private static CallContext fresh(Call call) {
        return CallContext.of("fresh-" + call.count(), call.context().generation(), Duration.ofSeconds(9));
    }

    private static InstanceDescription like(
            InstanceDescription it, PowerState power, Generation generation, Optional<Endpoint> endpoint) {
        return new InstanceDescription(it.id(), it.vm(), it.host(), power, generation, endpoint);
    }

    private static Mistake startingIf(PowerState power) {
        return call -> {
            Optional<InstanceDescription> before = before(call);
            Object answer = call.proceed();
            if (before.isPresent() && before.get().power() == power) {
                Object unused = ((Hypervisor) call.target())
                        .activate(before.get().id(), before.get().host(), ActivationMode.TAKE_OVER, call.context());
            }
            return answer;
        };
    }

    static List<Mutant> all() {
        return List.of(
                on("create", "createReturnsAStandbyInstanceAsAskedFor", call -> {
                    InstanceDescription made = (InstanceDescription) Objects.requireNonNull(call.proceed());
                    return like(made, PowerState.STOPPED, made.generation(), Optional.empty());
                }),
                on("create", "createRepeatedReturnsTheInstanceThatIsThere", call -> {
                    if (!call.first("made " + call.args()[0])) {
                        throw new IllegalStateException("the instance exists");
                    }
                    return call.proceed();
                }),
                on("create", "createWithAnotherSpecIsRefusedForGood", swallowing("another spec", null)),
                on("create", "createOnAnUnknownHostIsRefusedForGood", confusing("is unknown")),
                on("create", "createWithoutSpaceIsRefusedForGood", confusing("lacks space")),
                on("create", "createOnAnUnreachableHostMayBeTriedAgain", confusing(LATE)),
                on("create", "createOfAnOlderGenerationMakesNothing", ignoringGenerations()),
                on("create", "callsForDifferentVirtualMachinesMayOverlap", boundToOneThread()),
                on("activate", "activateReturnsOnceTheInstanceServesInItsGeneration", call -> {
                    InstanceDescription active = (InstanceDescription) Objects.requireNonNull(call.proceed());
                    Endpoint nobody = new Endpoint("nobody", 1);
                    return like(active, active.power(), active.generation(), Optional.of(nobody));
                }),
                on("activate", "activateRepeatedReturnsTheRunningInstance", call -> {
                    boolean again = takesOver(call) && !call.first("activated");
                    if (again) {
                        throw new IllegalStateException("it runs already");
                    }
                    return call.proceed();
                }),
                on("activate", "activateOfAnUnknownInstanceIsRefusedForGood", confusing("has no instance")),
                on("activate", "activateOnAnUnreachableHostMayBeTriedAgain", confusing(LATE)),
                on("activate", "activateOfAnOlderGenerationStartsNothing", ignoringGenerations()),
                on(
                        "activate",
                        "cloneRunsBesideTheShadowThatStaysOnStandby",
                        call -> call.arg(2, ActivationMode.class) == ActivationMode.CLONE
                                ? call.with(2, ActivationMode.TAKE_OVER)
                                : call.proceed()),
                on(
                        "activate",
                        "cloneRepeatedWithItsKeyMakesNoSecondOne",
                        call -> call.arg(2, ActivationMode.class) == ActivationMode.CLONE
                                ? call.with(3, fresh(call))
                                : call.proceed()),
                on(
                        "activate",
                        "isolatedTestLeavesTheShadowOnStandby",
                        call -> call.arg(2, ActivationMode.class) == ActivationMode.ISOLATED_TEST
                                ? call.with(2, ActivationMode.CLONE)
                                : call.proceed()),
                on("pause", "pausedInstanceServesNothing", startingIf(PowerState.RUNNING)),
                on("pause", "pauseOfAnInstanceThatDoesNotRunChangesNothing", startingIf(PowerState.STANDBY)),
                on("pause", "pauseOfAnUnknownInstanceIsRefusedForGood", confusing("has no instance")),
                on("pause", "pauseOnAnUnreachableHostMayBeTriedAgain", confusing(LATE)),
                on("pause", "pauseOfAnOlderGenerationHoldsNothing", ignoringGenerations()),
                on("deprovision", "deprovisionedInstanceIsGone", call -> {
                    Optional<InstanceDescription> before = before(call);
                    Object answer = call.proceed();
                    if (before.isPresent()) {
                        InstanceDescription it = before.get();
                        Object unused = ((Hypervisor) call.target())
                                .create(new InstanceSpec(it.id(), it.vm(), it.host(), Resources.NONE), call.context());
                    }
                    return answer;
                }),
                on("deprovision", "deprovisionOfNobodySucceeds", call -> {
                    if (before(call).isEmpty()) {
                        throw new IllegalStateException("no such instance");
                    }
                    return call.proceed();
                }),
                on("deprovision", "deprovisionOnAnUnreachableHostMayBeTriedAgain", confusing(LATE)),
                on("deprovision", "deprovisionOfAnOlderGenerationRemovesNothing", ignoringGenerations()),
                on("describe", "describeKnowsNothingOfAnUnknownInstance", call -> {
                    Optional<?> found = (Optional<?>) call.proceed();
                    if (found == null || found.isEmpty()) {
                        throw new IllegalStateException("no such instance");
                    }
                    return found;
                }),
                on("describe", "describeTellsTheHighestGenerationSeen", call -> {
                    Optional<?> found = (Optional<?>) call.proceed();
                    return found == null
                            ? null
                            : found.map(InstanceDescription.class::cast)
                                    .map(it -> like(it, it.power(), Generation.INITIAL, it.endpoint()));
                }),
                on("describe", "describeOnAnUnreachableHostMayBeTriedAgain", confusing(LATE)),
                on("describe", "noCallOutlastsItsTimeOut", outlasting()),
                on("instances", "instancesListsEveryInstanceOfTheHostOnce", call -> {
                    List<?> all = (List<?>) call.proceed();
                    return all == null ? null : all.stream().limit(1).toList();
                }),
                on("instances", "instancesOfAnUnknownHostAreRefusedForGood", confusing("is unknown")),
                on("instances", "instancesOfAnUnreachableHostMayBeTriedAgain", confusing(LATE)));
    }
}
