package dev.shadow.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.core.store.MemoryReplicaStore;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.failover.FailoverReport;
import dev.shadow.spi.failover.FailoverReport.Outcome;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A manager with the clock and the threads that it brings itself; only the fleet's time is driven for it. */
class RealThreadsTest {
    private static final long AT_MOST_SECONDS = 60;
    private static final Duration STEP = Duration.ofMillis(10);

    private final Drill drill = new Drill(VirtualTime.startingAt(Instant.now()));
    private final ScheduledExecutorService fleetTime = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stopTheFleet() throws InterruptedException {
        fleetTime.shutdownNow();
        assertThat(fleetTime.awaitTermination(AT_MOST_SECONDS, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void protectsFailsOverAndClosesOnItsOwnThreads() throws Exception {
        var unused =
                fleetTime.scheduleAtFixedRate(() -> drill.time.advance(STEP), 0, STEP.toNanos(), TimeUnit.NANOSECONDS);
        List<Thread> threads = new CopyOnWriteArrayList<>();
        List<ShadowEvent> events = new CopyOnWriteArrayList<>();
        CountDownLatch isProtected = new CountDownLatch(1);
        CountDownLatch isProtectedAgain = new CountDownLatch(2);
        CompletableFuture<FailoverReport> ended = new CompletableFuture<>();
        ShadowManager manager = drill.wired(HostProcess.unharmed())
                .store(MemoryReplicaStore.create())
                .config(ManagerConfig.builder()
                        .passInterval(Duration.ofMillis(50))
                        .build())
                .build();
        try (manager) {
            manager.subscribe(event -> {
                threads.add(Thread.currentThread());
                events.add(event);
                if (event instanceof ShadowEvent.Protected) {
                    isProtected.countDown();
                    isProtectedAgain.countDown();
                } else if (event instanceof ShadowEvent.FailoverEnded end) {
                    ended.complete(end.report());
                }
            });
            manager.apply(drill.profile().build());
            manager.start();
            assertThat(isProtected.await(AT_MOST_SECONDS, TimeUnit.SECONDS))
                    .as(() -> events.toString())
                    .isTrue();
            var shadow = Drill.only(manager.replicas(drill.vm));

            FailoverReport ordered = manager.failover(drill.vm).get(AT_MOST_SECONDS, TimeUnit.SECONDS);

            assertThat(ordered.outcome()).as(ordered.reason()).isEqualTo(Outcome.SUCCEEDED);
            assertThat(ended.get(AT_MOST_SECONDS, TimeUnit.SECONDS)).isEqualTo(ordered);
            assertThat(manager.primary(drill.vm).orElseThrow().instance()).isEqualTo(shadow.id());
            assertThat(isProtectedAgain.await(AT_MOST_SECONDS, TimeUnit.SECONDS))
                    .as(() -> events.toString())
                    .isTrue();
        }
        Map<Object, SyncPhase> phases = new HashMap<>();
        for (ShadowEvent event : events) {
            if (event instanceof ShadowEvent.SyncProgressed progress) {
                Object session = List.of(
                        progress.replica().id(), progress.replica().sync().generation());
                assertThat(progress.before())
                        .as("%s follows on the one before", progress)
                        .isEqualTo(phases.getOrDefault(session, SyncPhase.OPENED));
                phases.put(session, progress.replica().sync().phase());
            }
        }
        assertThat(threads).isNotEmpty().allSatisfy(thread -> {
            assertThat(thread.getName()).startsWith("shadow-manager-");
            thread.join(TimeUnit.SECONDS.toMillis(AT_MOST_SECONDS));
            assertThat(thread.isAlive()).as("%s after close", thread).isFalse();
        });
    }
}
