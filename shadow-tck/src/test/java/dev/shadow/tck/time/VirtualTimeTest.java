package dev.shadow.tck.time;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // failures come out of the driving call
class VirtualTimeTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final VirtualTime time = VirtualTime.startingAt(START);
    private final List<String> log = new ArrayList<>();

    private Runnable says(String what) {
        return () ->
                log.add(what + "@" + Duration.between(START, time.instant()).toMillis());
    }

    @Test
    void runsNothingUntilItIsDriven() {
        time.execute(says("a"));
        assertThat(log).isEmpty();
        time.runUntilIdle();
        assertThat(log).containsExactly("a@0");
    }

    @Test
    void runsByTimeThenBySubmission() {
        time.schedule(says("late"), 20, MILLISECONDS);
        time.schedule(says("first"), 10, MILLISECONDS);
        time.schedule(says("second"), 10, MILLISECONDS);
        time.advance(Duration.ofMillis(20));
        assertThat(log).containsExactly("first@10", "second@10", "late@20");
    }

    @Test
    void leavesWhatIsNotDue() {
        time.schedule(says("a"), 10, MILLISECONDS);
        time.advance(Duration.ofMillis(9));
        assertThat(log).isEmpty();
        assertThat(time.pending()).isEqualTo(1);
        assertThat(time.instant()).isEqualTo(START.plusMillis(9));
        assertThat(time.nanoTicker().getAsLong()).isEqualTo(9_000_000);
    }

    @Test
    void runsAtItsOwnTimeWhatATaskSubmits() {
        time.schedule(() -> time.schedule(says("child"), 5, MILLISECONDS), 10, MILLISECONDS);
        time.advance(Duration.ofMillis(30));
        assertThat(log).containsExactly("child@15");
        assertThat(time.instant()).isEqualTo(START.plusMillis(30));
    }

    @Test
    void keepsTheRateWhateverATaskTakes() {
        time.scheduleAtFixedRate(
                () -> {
                    says("tick").run();
                    time.pass(Duration.ofMillis(4));
                },
                10,
                10,
                MILLISECONDS);
        time.advance(Duration.ofMillis(30));
        assertThat(log).containsExactly("tick@10", "tick@20", "tick@30");
    }

    @Test
    void keepsTheDelayAfterTheEndOfATask() {
        time.scheduleWithFixedDelay(
                () -> {
                    says("tick").run();
                    time.pass(Duration.ofMillis(4));
                },
                10,
                10,
                MILLISECONDS);
        time.advance(Duration.ofMillis(40));
        assertThat(log).containsExactly("tick@10", "tick@24", "tick@38");
    }

    @Test
    void catchesUpWithAFixedRateAfterABlockingCall() {
        time.scheduleAtFixedRate(says("tick"), 10, 10, MILLISECONDS);
        time.pass(Duration.ofMillis(35));
        time.runUntilIdle();
        assertThat(log).containsExactly("tick@35", "tick@35", "tick@35");
    }

    @Test
    void neverRunsACancelledTask() {
        ScheduledFuture<?> once = time.schedule(says("once"), 10, MILLISECONDS);
        ScheduledFuture<?> often = time.scheduleAtFixedRate(says("often"), 10, 10, MILLISECONDS);
        assertThat(once.cancel(false)).isTrue();
        time.advance(Duration.ofMillis(10));
        assertThat(often.cancel(false)).isTrue();
        time.advance(Duration.ofMillis(50));
        assertThat(log).containsExactly("often@10");
        assertThat(time.pending()).isZero();
    }

    @Test
    void aPeriodicTaskMayCancelItself() {
        List<ScheduledFuture<?>> self = new ArrayList<>();
        self.add(time.scheduleAtFixedRate(
                () -> {
                    says("tick").run();
                    self.get(0).cancel(false);
                },
                10,
                10,
                MILLISECONDS));
        time.advance(Duration.ofSeconds(1));
        assertThat(log).containsExactly("tick@10");
    }

    @Test
    void throwsTheFailureOfATaskAfterTheOthersRan() {
        time.execute(() -> {
            throw new IllegalArgumentException("broken");
        });
        time.execute(says("other"));
        assertThatThrownBy(time::runUntilIdle)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1 task(s) failed")
                .hasRootCauseMessage("broken");
        assertThat(log).containsExactly("other@0");
        time.runUntilIdle();
    }

    @Test
    void endsAPeriodicTaskThatFails() {
        time.scheduleAtFixedRate(
                () -> {
                    says("tick").run();
                    throw new IllegalArgumentException("broken");
                },
                10,
                10,
                MILLISECONDS);
        assertThatThrownBy(() -> time.advance(Duration.ofMillis(50))).hasRootCauseMessage("broken");
        assertThat(log).containsExactly("tick@10");
    }

    @Test
    void keepsTheFailureOfASubmittedTaskInItsFuture() {
        Future<?> future = time.submit(() -> {
            throw new IllegalArgumentException("broken");
        });
        time.runUntilIdle();
        assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).hasRootCauseMessage("broken");
    }

    @Test
    void answersAFuture() throws Exception {
        Future<String> submitted = time.submit(() -> "a");
        ScheduledFuture<String> scheduled = time.schedule(() -> "b", 1, SECONDS);
        assertThat(scheduled.getDelay(MILLISECONDS)).isEqualTo(1000);
        CompletableFuture<String> async = CompletableFuture.supplyAsync(() -> "c", time);
        assertThat(time.runUntil(scheduled::isDone, Duration.ofSeconds(2))).isTrue();
        assertThat(submitted.get() + scheduled.get() + async.get()).isEqualTo("abc");
        assertThat(time.instant()).isEqualTo(START.plusSeconds(1));
    }

    @Test
    void saysWhenAConditionDidNotComeTrue() {
        time.scheduleAtFixedRate(says("tick"), 10, 10, MILLISECONDS);
        assertThat(time.runUntil(() -> log.size() == 3, Duration.ofSeconds(1))).isTrue();
        assertThat(time.instant()).isEqualTo(START.plusMillis(30));
        assertThat(time.runUntil(() -> log.size() == 1, Duration.ofMillis(20))).isFalse();
        assertThat(time.instant()).isEqualTo(START.plusMillis(50));
    }

    @Test
    void isNotDrivenByATask() {
        time.execute(() -> time.advance(Duration.ofMillis(1)));
        assertThatThrownBy(time::runUntilIdle)
                .hasRootCauseMessage("time is driven already: a task must not drive it, and only one thread may");
    }

    @Test
    void refusesToTurnBackAndToWaitForItself() {
        assertThatThrownBy(() -> time.advance(Duration.ofMillis(-1)))
                .hasMessage("duration must be zero or more, was PT-0.001S");
        assertThatThrownBy(() -> time.invokeAll(List.of(() -> "a"))).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> time.scheduleAtFixedRate(says("a"), 0, 0, SECONDS))
                .hasMessage("period must be more than zero, was 0 SECONDS");
    }

    @Test
    void runsWhatWasSubmittedBeforeTheShutdown() {
        time.schedule(says("once"), 10, MILLISECONDS);
        time.scheduleAtFixedRate(says("often"), 1, 1, SECONDS);
        time.shutdown();
        assertThatThrownBy(() -> time.execute(says("later"))).isInstanceOf(RejectedExecutionException.class);
        assertThat(time.isTerminated()).isFalse();
        assertThat(time.awaitTermination(1, SECONDS)).isTrue();
        assertThat(log).containsExactly("once@10");
    }

    @Test
    void handsBackWhatWaitsAtAnImmediateShutdown() {
        time.schedule(says("once"), 10, MILLISECONDS);
        assertThat(time.shutdownNow()).hasSize(1);
        assertThat(time.isTerminated()).isTrue();
    }

    @Test
    void takesTasksFromOtherThreads() throws Exception {
        Thread other = new Thread(() -> time.execute(says("other")));
        other.start();
        other.join();
        time.runUntilIdle();
        assertThat(log).containsExactly("other@0");
    }
}
