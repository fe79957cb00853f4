package dev.shadow.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.Tier;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.failover.FailoverReport;
import dev.shadow.spi.failover.FailoverReport.Outcome;
import dev.shadow.spi.failover.FailoverStep;
import dev.shadow.spi.function.FunctionException;
import dev.shadow.spi.profile.FenceRequirement;
import dev.shadow.spi.profile.OldPrimary;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.profile.StepHook;
import dev.shadow.spi.profile.StepHook.When;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.replica.ShadowReplica;
import dev.shadow.tck.fake.FakeFencer;
import dev.shadow.tck.fake.FakeFunctionRunner;
import dev.shadow.tck.fake.FakeHypervisor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The functions of the platform around the steps of a failover. */
class FailoverHooksTest {
    private final Drill drill = new Drill();

    private static String name(When when, FailoverStep step) {
        return when + "-" + step;
    }

    private static StepHook hook(When when, FailoverStep step) {
        return new StepHook(when, step, name(when, step));
    }

    private static List<StepHook> everywhere() {
        List<StepHook> hooks = new ArrayList<>();
        for (FailoverStep step : FailoverStep.values()) {
            hooks.add(hook(When.AFTER, step));
            hooks.add(hook(When.BEFORE, step));
        }
        return hooks;
    }

    private static List<String> namesInOrder() {
        List<String> names = new ArrayList<>();
        for (FailoverStep step : FailoverStep.values()) {
            names.add(name(When.BEFORE, step));
            names.add(name(When.AFTER, step));
        }
        return names;
    }

    private static void agree(Drill drill, List<StepHook> hooks) {
        hooks.forEach(hook -> drill.functions.define(hook.function(), (vm, input) -> Map.of()));
    }

    private static List<String> ran(Drill drill) {
        return drill.functions.runs().stream()
                .map(FakeFunctionRunner.Run::function)
                .toList();
    }

    private void refuse(StepHook hook) {
        drill.functions.define(hook.function(), (vm, input) -> {
            throw new FunctionException(Retry.PERMANENT, "not today");
        });
    }

    private ShadowManager protectedWith(PlacementProfile.Builder profile, StepHook hook) {
        agree(drill, List.of(hook));
        return drill.protectedBy(profile.hooks(List.of(hook)).build());
    }

    @Test
    void runBeforeAndAfterEveryStepAndKnowWhatItIsAbout() {
        agree(drill, everywhere());
        ShadowManager manager = drill.protectedBy(drill.profile()
                .oldPrimary(OldPrimary.DEPROVISION)
                .hooks(everywhere())
                .build());
        String to = Drill.only(manager.replicas(drill.vm)).host().value();
        assertThat(drill.failedOver(manager).outcome()).isEqualTo(Outcome.SUCCEEDED);
        drill.time.advance(Duration.ofMinutes(1));
        assertThat(ran(drill)).containsExactlyElementsOf(namesInOrder());
        assertThat(drill.functions.runs())
                .allSatisfy(run -> assertThat(run.input())
                        .containsEntry("from", "a")
                        .containsEntry("to", to)
                        .containsEntry("generation", "1"))
                .anySatisfy(run ->
                        assertThat(run.input()).containsEntry("when", "BEFORE").containsEntry("step", "DEPROVISION"));
    }

    @ParameterizedTest
    @EnumSource(FenceRequirement.class)
    void leaveThePrimaryAloneWhenOneRefusesBeforeTheFence(FenceRequirement fence) {
        StepHook hook = hook(When.BEFORE, FailoverStep.FENCE);
        ShadowManager manager = protectedWith(drill.profile().fence(fence), hook);
        refuse(hook);
        FailoverReport report = drill.failedOver(manager);
        assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(report.reason()).contains("BEFORE-FENCE").contains("not today");
        assertThat(drill.fleet.fencer().faults().calls(FakeFencer.Call.FENCE)).isZero();
        drill.time.advance(Duration.ofMinutes(5));
        assertThat(drill.events(ShadowEvent.FailoverStarted.class))
                .as("an order that was refused is not tried again by itself")
                .hasSize(1);
        assertThat(manager.primary(drill.vm).orElseThrow().host()).isEqualTo(drill.a);
        assertThat(drill.running()).hasSize(1);
        assertThat(drill.ready(manager, 1)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = FailoverStep.class,
            names = {"PROMOTE", "ACTIVATE", "REDIRECT"})
    void holdAFailoverUpBeforeAStepUntilTheyAgree(FailoverStep step) {
        StepHook hook = hook(When.BEFORE, step);
        ShadowManager manager = protectedWith(drill.profile().shadows(2, Tier.ZONE), hook);
        refuse(hook);
        List<ShadowReplica> before = manager.replicas(drill.vm);
        FailoverReport report = drill.failedOver(manager);
        assertThat(report.outcome()).isEqualTo(Outcome.INCOMPLETE);
        assertThat(report.reason())
                .contains(step + " is held up")
                .contains("BEFORE-" + step)
                .contains("not today");
        assertThat(report.steps()).extracting(FailoverReport.StepReport::step).doesNotContain(step);
        drill.time.advance(Duration.ofMinutes(5));
        assertThat(manager.replicas(drill.vm))
                .as("no replica pays for what a function refuses")
                .noneMatch(r -> r.state() == ReplicaState.FAILED)
                .hasSameSizeAs(before);
        assertThat(drill.fleet.hypervisor().faults().calls(FakeHypervisor.Call.ACTIVATE))
                .isEqualTo(step == FailoverStep.REDIRECT ? 1 : 0);

        agree(drill, List.of(hook));
        assertThat(drill.within(
                        Drill.LONG,
                        () -> drill.events(ShadowEvent.FailoverEnded.class).stream()
                                .anyMatch(e -> e.report().outcome() == Outcome.SUCCEEDED)))
                .isTrue();
        assertThat(manager.primary(drill.vm).orElseThrow().generation().value()).isEqualTo(1);
        assertThat(ran(drill)).containsExactly(hook.function());
    }

    @Test
    void giveWayToAnotherShadowWhenTheHostOfTheChosenOneDiesMeanwhile() {
        StepHook hook = hook(When.BEFORE, FailoverStep.ACTIVATE);
        ShadowManager manager = protectedWith(drill.profile().shadows(2, Tier.ZONE), hook);
        List<ShadowReplica> shadows = manager.replicas(drill.vm);
        refuse(hook);
        assertThat(drill.failedOver(manager).outcome()).isEqualTo(Outcome.INCOMPLETE);
        drill.fleet.kill(shadows.get(0).host());
        drill.time.advance(Duration.ofMinutes(1));
        agree(drill, List.of(hook));
        assertThat(drill.within(
                        Drill.LONG,
                        () -> manager.primary(drill.vm)
                                .orElseThrow()
                                .instance()
                                .equals(shadows.get(1).id())))
                .isTrue();
    }

    @Test
    void areReportedWhenOneFailsAfterAStepAndTheFailoverGoesOn() {
        StepHook hook = hook(When.AFTER, FailoverStep.PROMOTE);
        ShadowManager manager = protectedWith(drill.profile(), hook);
        refuse(hook);
        assertThat(drill.failedOver(manager).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(drill.events(ShadowEvent.ProblemReported.class))
                .anySatisfy(
                        e -> assertThat(e.problem()).contains("AFTER-PROMOTE").contains("not today"));
    }

    @Test
    void areTriedAgainAfterATransientFailureAndHaveTheEffectOfOne() {
        StepHook hook = hook(When.BEFORE, FailoverStep.PROMOTE);
        ShadowManager manager = protectedWith(drill.profile(), hook);
        drill.functions.faults().loseNextAnswer(FakeFunctionRunner.Call.RUN);
        FailoverReport report = drill.failedOver(manager);
        assertThat(report.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(drill.functions.faults().calls(FakeFunctionRunner.Call.RUN)).isEqualTo(2);
        assertThat(ran(drill)).containsExactly(hook.function());
    }

    @Test
    void keepTheOldPrimaryWhenOneRefusesBeforeItIsRemoved() {
        StepHook hook = hook(When.BEFORE, FailoverStep.DEPROVISION);
        ShadowManager manager = protectedWith(drill.profile().oldPrimary(OldPrimary.DEPROVISION), hook);
        AtomicBoolean allowed = new AtomicBoolean();
        drill.functions.define(hook.function(), (vm, input) -> {
            if (!allowed.get()) {
                throw new FunctionException(Retry.PERMANENT, "an audit is under way");
            }
            return Map.of();
        });
        assertThat(drill.failedOver(manager).outcome()).isEqualTo(Outcome.SUCCEEDED);
        drill.time.advance(Duration.ofMinutes(2));
        assertThat(drill.instances()).extracting(i -> i.id()).contains(drill.described.instance());
        assertThat(drill.running()).hasSize(1);
        assertThat(drill.events(ShadowEvent.ProblemReported.class))
                .anySatisfy(e -> assertThat(e.problem()).contains("an audit is under way"));
        allowed.set(true);
        drill.time.advance(Duration.ofMinutes(2));
        assertThat(drill.instances()).extracting(i -> i.id()).doesNotContain(drill.described.instance());
    }

    /** A manager is killed at every write of a failover in turn; no function is left out or has two effects. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void areNeitherLostNorDoubledByAKillAtAnyWrite(boolean afterEffect) {
        int writes = live(new Drill(), Integer.MAX_VALUE, afterEffect);
        assertThat(writes).isGreaterThan(5);
        for (int write = 1; write <= writes; write++) {
            Drill killed = new Drill();
            live(killed, write, afterEffect);
            assertThat(ran(killed))
                    .as("killed %s write %d of %d", afterEffect ? "after" : "before", write, writes)
                    .containsExactlyElementsOf(namesInOrder());
        }
    }

    /** Fails over in a process that is killed, and goes on in another one; returns the writes of the first. */
    private static int live(Drill drill, int killedAt, boolean afterEffect) {
        agree(drill, everywhere());
        drill.protectedBy(drill.profile()
                        .oldPrimary(OldPrimary.DEPROVISION)
                        .hooks(everywhere())
                        .build())
                .close();
        drill.fleet.kill(drill.a);
        HostProcess first = HostProcess.killedAtWrite(killedAt, afterEffect);
        try {
            drill.manager(first, b -> b).start();
            drill.within(Duration.ofMinutes(1), first::isKilled);
            if (!first.isKilled()) {
                drill.fleet.bringBack(drill.a);
                drill.within(Duration.ofMinutes(1), first::isKilled);
            }
        } catch (Killed e) {
            assertThat(first.isKilled()).isTrue();
        }
        int writes = first.writes();
        first.kill();
        ShadowManager second = drill.manager();
        second.start();
        drill.within(
                Drill.LONG,
                () -> second.primary(drill.vm).orElseThrow().generation().value() > 0);
        drill.fleet.bringBack(drill.a);
        drill.time.advance(Duration.ofMinutes(2));
        return writes;
    }
}
