package dev.shadow.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.Generation;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.profile.OldPrimary;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.tck.fake.FakeFencer;
import dev.shadow.tck.fake.FakeHypervisor;
import dev.shadow.tck.fake.FakeSyncEngine;
import dev.shadow.tck.fake.FakeTrafficDirector;
import dev.shadow.tck.property.SeededTest;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole life of a protected machine: placed, warmed, its host killed, failed over, protected again.
 * The manager is killed at every write to its store in turn, and another one goes on.
 */
class ManagerCrashTest {
    private static final Duration AT_MOST = Duration.ofMinutes(20);

    private static PlacementProfile profile(Drill drill) {
        return drill.profile()
                .synchronous(LinkLossPolicy.FALL_BACK)
                .oldPrimary(OldPrimary.DEPROVISION)
                .build();
    }

    /** Lives until the end or until the process is killed; every step can be lived through again. */
    private static void live(Drill drill, HostProcess process) {
        try {
            ShadowManager manager = drill.manager(process, b -> b);
            manager.apply(profile(drill));
            manager.start();
            drill.within(AT_MOST, () -> process.isKilled() || drill.ready(manager, 1) || isFailedOver(manager, drill));
            drill.within(Duration.ofSeconds(20), process::isKilled);
            if (process.isKilled()) {
                return;
            }
            if (!isFailedOver(manager, drill)) {
                var unused = drill.sync.write(drill.described.instance());
                drill.fleet.kill(drill.a);
            }
            drill.within(
                    AT_MOST, () -> process.isKilled() || (isFailedOver(manager, drill) && drill.ready(manager, 1)));
            if (process.isKilled()) {
                return;
            }
            drill.fleet.bringBack(drill.a);
            drill.within(Duration.ofMinutes(2), process::isKilled);
        } catch (Killed e) {
            assertThat(process.isKilled()).isTrue();
        }
    }

    private static boolean isFailedOver(ShadowManager manager, Drill drill) {
        return manager.primary(drill.vm)
                .map(p -> !p.generation().equals(Generation.INITIAL))
                .orElse(false);
    }

    private static void checkTheEnd(Drill drill, ShadowManager manager, String when) {
        assertThat(isFailedOver(manager, drill)).as(when).isTrue();
        PrimaryInstance primary = manager.primary(drill.vm).orElseThrow();
        List<InstanceDescription> running = drill.running();
        assertThat(running).as("one primary serves, %s", when).hasSize(1);
        assertThat(running.get(0).id()).as(when).isEqualTo(primary.instance());
        assertThat(running.get(0).generation()).as(when).isEqualTo(primary.generation());
        List<Long> acknowledged = drill.sync.acknowledged(drill.described.instance());
        assertThat(drill.fleet.disks().content(primary.instance()).orElseThrow())
                .as("what was acknowledged is there, %s", when)
                .containsAll(acknowledged);
        assertThat(drill.fleet.fencer().fenced()).as(when).contains(drill.described.instance());
        assertThat(drill.instances()).as("nothing is made twice, %s", when).hasSize(2);
        assertThat(drill.ready(manager, 1)).as("protected again, %s", when).isTrue();
        assertThat(manager.replicas(drill.vm))
                .as(when)
                .extracting(r -> r.state())
                .containsExactlyInAnyOrder(ReplicaState.ACTIVE, ReplicaState.STANDBY);
        assertThat(manager.route(drill.vm).orElseThrow().target())
                .as(when)
                .isEqualTo(running.get(0).endpoint().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isRepairedAfterAKillAtEveryWrite(boolean afterEffect) {
        Drill whole = new Drill();
        HostProcess unharmed = HostProcess.unharmed();
        live(whole, unharmed);
        checkTheEnd(whole, whole.manager(), "without a kill");
        int writes = unharmed.writes();
        assertThat(writes).isGreaterThan(20);
        for (int write = 1; write <= writes; write++) {
            Drill drill = new Drill();
            HostProcess first = HostProcess.killedAtWrite(write, afterEffect);
            live(drill, first);
            String when = "killed " + (afterEffect ? "after" : "before") + " write " + write + " of " + writes;
            assertThat(first.isKilled()).as(when).isTrue();
            HostProcess second = HostProcess.unharmed();
            live(drill, second);
            second.kill();
            checkTheEnd(drill, drill.manager(), when);
        }
    }

    /** Every provider fails now and then, and managers are killed at random; in the end all is as it should be. */
    @SeededTest(runs = 60)
    void survivesManyFaults(RandomGenerator random) {
        Drill drill = new Drill();
        int kills = random.nextInt(4);
        for (int i = 0; i < kills; i++) {
            disturb(drill, random);
            live(drill, HostProcess.killedAtWrite(1 + random.nextInt(60), random.nextBoolean()));
        }
        disturb(drill, random);
        HostProcess last = HostProcess.unharmed();
        live(drill, last);
        last.kill();
        drill.fleet.hypervisor().faults().clear();
        ShadowManager manager = drill.manager();
        manager.start();
        drill.time.advance(Duration.ofMinutes(20));
        checkTheEnd(drill, manager, "after " + kills + " kills");
        drill.events(ShadowEvent.FailoverEnded.class)
                .forEach(e -> assertThat(e.report().generation().value()).isLessThanOrEqualTo(20));
    }

    private static void disturb(Drill drill, RandomGenerator random) {
        for (int i = random.nextInt(6); i > 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> drill.fleet.hypervisor().faults().failNext(FakeHypervisor.Call.CREATE, retry(random));
                case 1 -> drill.fleet.hypervisor().faults().loseNextAnswer(FakeHypervisor.Call.CREATE);
                case 2 -> drill.fleet.hypervisor().faults().failNext(FakeHypervisor.Call.ACTIVATE, Retry.TRANSIENT);
                case 3 -> drill.fleet.fencer().faults().loseNextAnswer(FakeFencer.Call.FENCE);
                case 4 -> drill.fleet.traffic().faults().failNext(FakeTrafficDirector.Call.REDIRECT, Retry.TRANSIENT);
                default -> drill.sync.faults().failNext(FakeSyncEngine.Call.OPEN, Retry.TRANSIENT);
            }
        }
    }

    private static Retry retry(RandomGenerator random) {
        return random.nextBoolean() ? Retry.TRANSIENT : Retry.PERMANENT;
    }
}
