package dev.shadow.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.Tier;
import dev.shadow.spi.VmId;
import dev.shadow.spi.compute.PowerState;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.failover.FailoverReport;
import dev.shadow.spi.failover.FailoverReport.Outcome;
import dev.shadow.spi.failover.FailoverStep;
import dev.shadow.spi.failover.FenceReport;
import dev.shadow.spi.metrics.Metric;
import dev.shadow.spi.metrics.MetricSubject;
import dev.shadow.spi.profile.Direction;
import dev.shadow.spi.profile.FenceRequirement;
import dev.shadow.spi.profile.OldPrimary;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.profile.Trigger;
import dev.shadow.spi.profile.TriggerSignal;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.replica.ShadowReplica;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.tck.fake.FakeFencer;
import dev.shadow.tck.fake.FakeHypervisor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShadowManagerTest {
    private final Drill drill = new Drill();

    private ShadowManager protectedBy(PlacementProfile profile) {
        return drill.protectedBy(profile);
    }

    @Test
    void listsEverythingThatIsMissingAtOnce() {
        assertThatThrownBy(() -> ShadowManager.builder().build())
                .isInstanceOfSatisfying(
                        InvalidSetupException.class,
                        e -> assertThat(e.problems()).hasSize(6));
    }

    @Test
    void refusesAnUnknownVirtualMachine() {
        ShadowManager manager = drill.manager();
        PlacementProfile unknown = PlacementProfile.builder(VmId.of("nobody")).build();
        assertThatThrownBy(() -> manager.apply(unknown))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("nobody");
        assertThat(manager.profiles()).isEmpty();
    }

    @Test
    void placesAShadowInAnotherZoneAndKeepsItReady() {
        ShadowManager manager = protectedBy(drill.profile().build());
        ShadowReplica shadow = Drill.only(manager.replicas(drill.vm));
        assertThat(shadow.host()).isNotEqualTo(drill.a);
        assertThat(shadow.performance().warmUp()).isPresent();
        drill.time.advance(Duration.ofSeconds(2));
        assertThat(drill.events(ShadowEvent.Protected.class)).hasSize(1);
        assertThat(manager.processPlacementProfiles().isSettled()).isTrue();
    }

    @Test
    void worksWithoutBeingStartedWhenItIsDriven() {
        ShadowManager manager = drill.manager();
        manager.apply(drill.profile().build());
        for (int pass = 0; pass < 10; pass++) {
            manager.processPlacementProfiles();
            drill.time.advance(Duration.ofSeconds(1));
        }
        assertThat(drill.ready(manager, 1)).isTrue();
    }

    @Test
    void failsOverByItselfWhenTheHostDies() {
        ShadowManager manager = protectedBy(
                drill.profile().synchronous(LinkLossPolicy.FALL_BACK).build());
        drill.time.advance(Duration.ofSeconds(20));
        var write = drill.sync.write(drill.described.instance());
        assertThat(write.acknowledged()).isCompleted();
        drill.fleet.kill(drill.a);
        assertThat(drill.within(
                        Drill.LONG,
                        () -> !drill.events(ShadowEvent.FailoverEnded.class).isEmpty()))
                .isTrue();
        FailoverReport report =
                drill.events(ShadowEvent.FailoverEnded.class).get(0).report();
        assertThat(report.outcome()).as(report.reason()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(report.everyAcknowledgedWriteKept()).isTrue();
        assertThat(report.rto()).isLessThan(Duration.ofSeconds(1));
        assertThat(report.steps())
                .extracting(FailoverReport.StepReport::step)
                .containsExactly(
                        FailoverStep.FENCE, FailoverStep.PROMOTE, FailoverStep.ACTIVATE, FailoverStep.REDIRECT);
        PrimaryInstance primary = manager.primary(drill.vm).orElseThrow();
        assertThat(primary.generation()).isEqualTo(Generation.of(1));
        assertThat(manager.route(drill.vm).orElseThrow().generation()).isEqualTo(Generation.of(1));
        assertThat(drill.fleet.disks().content(primary.instance()).orElseThrow())
                .contains(write.number());
        assertThat(drill.within(Drill.LONG, () -> drill.ready(manager, 1)))
                .as("the new primary gets a shadow")
                .isTrue();
    }

    @Test
    void refusesToGoOnWhenTheFenceIsNotConfirmed() {
        ShadowManager manager = protectedBy(drill.profile().build());
        drill.fleet.fencer().answer(FenceReport.Outcome.UNCONFIRMED);
        drill.fleet.partition(drill.a);
        drill.time.advance(Duration.ofMinutes(3));
        List<ShadowEvent.FailoverEnded> ended = drill.events(ShadowEvent.FailoverEnded.class);
        assertThat(ended).isNotEmpty().allMatch(e -> e.report().outcome() == Outcome.REFUSED);
        assertThat(manager.primary(drill.vm).orElseThrow().host()).isEqualTo(drill.a);
        assertThat(drill.ready(manager, 1)).isTrue();
        drill.fleet.fencer().answer(FenceReport.Outcome.CONFIRMED);
        assertThat(drill.within(
                        Drill.LONG,
                        () -> !manager.primary(drill.vm).orElseThrow().host().equals(drill.a)))
                .as("it is tried again")
                .isTrue();
    }

    @Test
    void goesOnWithoutAConfirmedFenceWhenTheProfileSaysSo() {
        ShadowManager manager =
                protectedBy(drill.profile().fence(FenceRequirement.BEST_EFFORT).build());
        drill.fleet.fencer().answer(FenceReport.Outcome.UNCONFIRMED);
        drill.fleet.partition(drill.a);
        assertThat(drill.within(
                        Drill.LONG,
                        () -> manager.primary(drill.vm)
                                        .orElseThrow()
                                        .generation()
                                        .value()
                                == 1))
                .isTrue();
    }

    @Test
    void holdsAnOldPrimaryThatComesBackAndRemovesItIfAsked() {
        ShadowManager manager = protectedBy(drill.profile()
                .fence(FenceRequirement.BEST_EFFORT)
                .oldPrimary(OldPrimary.DEPROVISION)
                .build());
        drill.fleet.fencer().answer(FenceReport.Outcome.UNCONFIRMED);
        drill.fleet.partition(drill.a);
        assertThat(drill.within(
                        Drill.LONG,
                        () -> drill.ready(manager, 1)
                                && manager.primary(drill.vm)
                                                .orElseThrow()
                                                .generation()
                                                .value()
                                        == 1))
                .isTrue();
        drill.fleet.bringBack(drill.a);
        drill.time.advance(Duration.ofMinutes(2));
        assertThat(drill.running()).hasSize(1);
        assertThat(drill.instances()).extracting(i -> i.id()).doesNotContain(drill.described.instance());
        assertThat(drill.events(ShadowEvent.FailoverStepTaken.class))
                .anyMatch(e -> e.step().step() == FailoverStep.DEPROVISION);
    }

    @Test
    void carriesEveryWriteOverWhenAFailoverIsOrdered() {
        ShadowManager manager =
                protectedBy(drill.profile().asynchronous(Duration.ofMinutes(1)).build());
        var write = drill.sync.write(drill.described.instance());
        var future = manager.failover(drill.vm);
        assertThat(drill.within(Drill.LONG, future::isDone)).isTrue();
        FailoverReport report = future.join();
        assertThat(report.outcome()).as(report.reason()).isEqualTo(Outcome.SUCCEEDED);
        PrimaryInstance primary = manager.primary(drill.vm).orElseThrow();
        assertThat(report.everyAcknowledgedWriteKept()).isTrue();
        assertThat(drill.fleet.disks().content(primary.instance()).orElseThrow())
                .contains(write.number());
    }

    @Test
    void takesAnotherShadowWhenTheFirstCannotBeActivated() {
        ShadowManager manager = protectedBy(drill.profile()
                .shadows(2, Tier.ZONE)
                .synchronous(LinkLossPolicy.FALL_BACK)
                .oldPrimary(OldPrimary.DEPROVISION)
                .build());
        drill.time.advance(Duration.ofSeconds(20));
        var write = drill.sync.write(drill.described.instance());
        assertThat(write.acknowledged()).isCompleted();
        ShadowReplica first = manager.replicas(drill.vm).get(0);
        ShadowReplica second = manager.replicas(drill.vm).get(1);
        drill.fleet.hypervisor().faults().failNext(FakeHypervisor.Call.ACTIVATE, Retry.PERMANENT);

        FailoverReport given = drill.failedOver(manager);

        assertThat(given.outcome()).isEqualTo(Outcome.INCOMPLETE);
        assertThat(given.reason()).contains("ACTIVATE").contains("another failover follows");
        assertThat(drill.within(
                        Drill.LONG,
                        () -> drill.events(ShadowEvent.FailoverEnded.class).size() == 2))
                .isTrue();
        FailoverReport report =
                drill.events(ShadowEvent.FailoverEnded.class).get(1).report();
        assertThat(report.outcome()).as(report.reason()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(report.from()).isEqualTo(first.host());
        assertThat(report.generation()).isEqualTo(Generation.of(2));
        assertThat(report.everyAcknowledgedWriteKept()).isTrue();
        assertThat(drill.fleet.fencer().fenced()).contains(drill.described.instance(), first.id());
        PrimaryInstance primary = manager.primary(drill.vm).orElseThrow();
        assertThat(primary.instance()).isEqualTo(second.id());
        assertThat(drill.fleet.disks().content(primary.instance()).orElseThrow())
                .contains(write.number());
        assertThat(drill.within(Drill.LONG, () -> drill.ready(manager, 2)))
                .as("protected again")
                .isTrue();
        drill.time.advance(Duration.ofMinutes(1));
        assertThat(drill.running()).extracting(i -> i.id()).containsExactly(second.id());
        assertThat(drill.instances()).as("what was given up is gone").hasSize(3);
    }

    @Test
    void keepsTryingTheOnlyShadowWhenItCannotBeActivated() {
        ShadowManager manager = protectedBy(drill.profile().build());
        ShadowReplica only = Drill.only(manager.replicas(drill.vm));
        drill.fleet.hypervisor().faults().failNext(FakeHypervisor.Call.ACTIVATE, Retry.PERMANENT);
        assertThat(drill.failedOver(manager).outcome()).isEqualTo(Outcome.INCOMPLETE);
        assertThat(drill.within(
                        Drill.LONG,
                        () -> manager.primary(drill.vm).orElseThrow().instance().equals(only.id())))
                .isTrue();
        assertThat(manager.primary(drill.vm).orElseThrow().generation()).isEqualTo(Generation.of(1));
    }

    @Test
    void endsAnOrderThatHadNotBegunWhenTheManagerCloses() {
        ShadowManager manager = protectedBy(drill.profile().build());
        var future = manager.failover(drill.vm);
        manager.close();
        assertThat(future).isCompletedExceptionally();
        assertThatThrownBy(future::join).hasMessageContaining("closed");
        drill.time.advance(Duration.ofMinutes(1));
        assertThat(drill.events(ShadowEvent.FailoverStarted.class)).isEmpty();
    }

    @Test
    void tellsThatAnOrderedFailoverUsedUpTheShadowEvenIfAnotherIsReadyAtOnce() {
        ShadowManager manager = protectedBy(drill.profile().build());
        assertThat(drill.failedOver(manager).outcome()).isEqualTo(Outcome.SUCCEEDED);
        drill.time.advance(Duration.ofMinutes(1));
        int unprotected = 0;
        for (ShadowEvent event : drill.events.subList(
                drill.events.indexOf(
                        drill.events(ShadowEvent.FailoverStarted.class).get(0)),
                drill.events.size())) {
            unprotected += event instanceof ShadowEvent.Unprotected ? 1 : 0;
            if (event instanceof ShadowEvent.Protected) {
                assertThat(unprotected).isPositive();
            }
        }
        assertThat(drill.events(ShadowEvent.Protected.class)).hasSize(2);
    }

    @Test
    void refusesAFailoverWithoutAShadowAndSaysWhy() {
        ShadowManager manager = drill.manager();
        manager.apply(drill.profile().build());
        var future = manager.failover(drill.vm);
        drill.time.runUntilIdle();
        assertThat(future.join().outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(future.join().reason()).contains("there is no shadow");
    }

    @Test
    void recordsTheLossOfSynchronyBeforeTheGuestGoesOn() {
        ShadowManager manager = protectedBy(
                drill.profile().synchronous(LinkLossPolicy.FALL_BACK).build());
        drill.time.advance(Duration.ofSeconds(15));
        ShadowReplica shadow = Drill.only(manager.replicas(drill.vm));
        assertThat(shadow.sync().phase()).isEqualTo(SyncPhase.SYNCHRONOUS);
        drill.sync.cutLink(drill.a, shadow.host());
        var write = drill.sync.write(drill.described.instance());
        assertThat(drill.within(
                        Duration.ofSeconds(10), () -> write.acknowledged().isDone()))
                .isTrue();
        drill.fleet.kill(drill.a);
        assertThat(drill.within(
                        Drill.LONG,
                        () -> !drill.events(ShadowEvent.FailoverEnded.class).isEmpty()))
                .isTrue();
        FailoverReport report =
                drill.events(ShadowEvent.FailoverEnded.class).get(0).report();
        assertThat(report.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(report.everyAcknowledgedWriteKept()).isFalse();
    }

    @Test
    void acknowledgesNothingOnceAFailoverHasBegun() {
        ShadowManager manager = protectedBy(
                drill.profile().synchronous(LinkLossPolicy.FALL_BACK).build());
        drill.time.advance(Duration.ofSeconds(15));
        drill.fleet.fencer().faults().failNext(FakeFencer.Call.FENCE, Retry.TRANSIENT);
        var future = manager.failover(drill.vm);
        drill.time.runUntilIdle();
        assertThat(future).isNotDone();
        drill.sync.cutLink(drill.a, Drill.only(manager.replicas(drill.vm)).host());
        var write = drill.sync.write(drill.described.instance());
        assertThat(drill.within(Drill.LONG, future::isDone)).isTrue();
        assertThat(future.join().outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(future.join().everyAcknowledgedWriteKept()).isTrue();
        assertThat(write.acknowledged()).isNotCompleted();
    }

    @Test
    void choosesAnotherHostWhenTheChosenOneCannotCreate() {
        drill.fleet.hypervisor().faults().failNext(FakeHypervisor.Call.CREATE, Retry.PERMANENT);
        ShadowManager manager = protectedBy(drill.profile().build());
        assertThat(drill.events(ShadowEvent.HostsSelected.class)).hasSizeGreaterThan(1);
        drill.time.advance(Duration.ofSeconds(5));
        assertThat(drill.instances()).hasSize(2);
        assertThat(manager.replicas(drill.vm)).hasSize(1);
    }

    @Test
    void createsOnceWhenTheAnswerIsLost() {
        drill.fleet.hypervisor().faults().loseNextAnswer(FakeHypervisor.Call.CREATE);
        protectedBy(drill.profile().build());
        assertThat(drill.instances()).hasSize(2);
    }

    @Test
    void replacesAShadowWhoseHostDied() {
        ShadowManager manager = protectedBy(drill.profile().build());
        HostId first = Drill.only(manager.replicas(drill.vm)).host();
        drill.fleet.kill(first);
        assertThat(drill.within(
                        Drill.LONG,
                        () -> manager.replicas(drill.vm).stream()
                                .anyMatch(r -> r.state() == ReplicaState.STANDBY
                                        && !r.host().equals(first))))
                .isTrue();
        drill.fleet.bringBack(first);
        drill.time.advance(Duration.ofMinutes(1));
        assertThat(drill.instances())
                .as("what was left on the dead host is gone")
                .hasSize(2);
    }

    @Test
    void retiresWhatIsNotWantedAnyMore() {
        ShadowManager manager =
                protectedBy(drill.profile().shadows(2, Tier.ZONE).build());
        manager.apply(drill.profile().build());
        drill.time.advance(Duration.ofSeconds(5));
        assertThat(manager.replicas(drill.vm)).hasSize(1);
        manager.remove(drill.vm);
        drill.time.advance(Duration.ofSeconds(5));
        assertThat(manager.replicas(drill.vm)).isEmpty();
        assertThat(drill.instances()).hasSize(1);
    }

    @Test
    void removesAnInstanceThatNobodyAskedFor() throws Exception {
        ShadowManager manager = protectedBy(drill.profile().build());
        drill.fleet
                .hypervisor()
                .create(
                        new dev.shadow.spi.compute.InstanceSpec(
                                dev.shadow.spi.InstanceId.of("shadow.web.77"), drill.vm, drill.c, Drill.SIZE),
                        dev.shadow.spi.CallContext.of("x", Generation.INITIAL, Duration.ofSeconds(1)));
        drill.time.advance(Duration.ofMinutes(1));
        assertThat(drill.instances()).hasSize(2);
        assertThat(drill.ready(manager, 1)).isTrue();
    }

    @Test
    void waitsForATriggerAndSaysWhatItRestsOn() {
        ShadowManager manager = drill.manager();
        manager.apply(drill.profile()
                .triggers(List.of(new Trigger.Threshold(
                        TriggerSignal.CPU, 80, Direction.ABOVE, Duration.ofMinutes(1), 10, Duration.ofMinutes(2))))
                .build());
        manager.start();
        feed(50, 10);
        assertThat(manager.replicas(drill.vm)).isEmpty();
        feed(90, 10);
        assertThat(manager.replicas(drill.vm)).hasSize(1);
        assertThat(drill.events(ShadowEvent.TriggerFired.class).get(0).evidence())
                .contains("90.0 %")
                .contains("80.0 %");
        feed(50, 10);
        assertThat(manager.replicas(drill.vm)).isEmpty();
        assertThat(drill.events(ShadowEvent.TriggerReleased.class)).hasSize(1);
    }

    private void feed(double value, int samples) {
        for (int i = 0; i < samples; i++) {
            drill.metrics.record(new MetricSubject.Vm(drill.vm), Metric.CPU_PERCENT, value);
            drill.time.advance(Duration.ofSeconds(30));
        }
    }

    @Test
    void placesAheadOfAForecastCrossing() {
        ShadowManager manager = drill.manager();
        manager.apply(drill.profile()
                .triggers(List.of(new Trigger.Predictive(
                        TriggerSignal.CPU, 80, Direction.ABOVE, 0.2, Duration.ofMinutes(10), 5, Duration.ZERO)))
                .build());
        manager.start();
        double value = 70;
        int fed = 0;
        while (drill.events(ShadowEvent.TriggerFired.class).isEmpty() && fed++ < 200) {
            value += 0.1;
            feed(value, 1);
        }
        assertThat(value).isBetween(70.0, 79.9);
        ShadowEvent.TriggerFired fired =
                drill.events(ShadowEvent.TriggerFired.class).get(0);
        assertThat(fired.leadTime()).contains(Duration.ofMinutes(10));
        assertThat(fired.observed()).isGreaterThanOrEqualTo(80);
        drill.time.advance(Duration.ofSeconds(5));
        assertThat(drill.ready(manager, 1)).isTrue();
    }

    @Test
    void doesNotFailOverRightAfterAStartForAHostThatItHasNotHeard() {
        protectedBy(drill.profile().build()).close();
        drill.fleet.kill(drill.a);
        ShadowManager second = drill.manager();
        second.start();
        drill.time.advance(Duration.ofSeconds(9));
        assertThat(drill.events(ShadowEvent.FailoverStarted.class)).isEmpty();
        drill.time.advance(Duration.ofSeconds(5));
        assertThat(second.primary(drill.vm).orElseThrow().generation()).isEqualTo(Generation.of(1));
    }

    @Test
    void takesAStallOfItsOwnForNobodysDeath() {
        ShadowManager manager = protectedBy(drill.profile().build());
        drill.time.pass(Duration.ofMinutes(10));
        drill.time.advance(Duration.ofSeconds(30));
        assertThat(drill.events(ShadowEvent.FailoverStarted.class)).isEmpty();
        assertThat(manager.primary(drill.vm).orElseThrow().host()).isEqualTo(drill.a);
    }

    @Test
    void pausesNothingWhileAllIsWell() {
        ShadowManager manager = protectedBy(drill.profile().build());
        drill.time.advance(Duration.ofMinutes(5));
        assertThat(drill.fleet.hypervisor().faults().calls(FakeHypervisor.Call.PAUSE))
                .isZero();
        assertThat(drill.running()).extracting(i -> i.power()).containsExactly(PowerState.RUNNING);
        assertThat(manager.processPlacementProfiles().isSettled()).isTrue();
    }
}
