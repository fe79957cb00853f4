package dev.shadow.tck.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.SpiException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.StaleGenerationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * What every contract shares: contexts, waiting, and what a refusal looks like.
 *
 * <p>A contract runs against implementations in memory as well as against processes and networks, so
 * it assumes nothing about time. It waits for a condition with {@link #eventually}, which asks again
 * until {@link #patience} has passed; an implementation on virtual time moves its clock in {@link
 * #settle} and lets {@link #nanoTime} follow it.
 */
public abstract class SpiContract {
    private static final int LEAST_LOOKS = 50;

    /** The time-out that calls get which are expected to succeed; 30 s unless overridden. */
    protected Duration timeout() {
        return Duration.ofSeconds(30);
    }

    /** The longest that the contract waits for something to happen; 30 s unless overridden. */
    protected Duration patience() {
        return Duration.ofSeconds(30);
    }

    /** Called between two looks at a condition; does nothing unless overridden. */
    protected void settle() {}

    /** The nanoseconds by which calls are timed; of the system unless overridden. */
    protected long nanoTime() {
        return System.nanoTime();
    }

    /** Lets {@code duration} go by; on the system's clock unless overridden. */
    protected void letPass(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Fails unless the condition comes true within {@link #patience}; looks at least fifty times. */
    protected final void eventually(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + patience().toNanos();
        for (int looks = 1; !condition.call(); looks++) {
            if (looks >= LEAST_LOOKS && System.nanoTime() >= deadline) {
                throw new AssertionError("not within " + patience() + ": " + what);
            }
            settle();
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** A context with a key of its own. */
    protected final CallContext context(long generation) {
        return context(generation, timeout());
    }

    /** A context with a key and a time-out of its own. */
    protected final CallContext context(long generation, Duration timeout) {
        return CallContext.of(UUID.randomUUID().toString(), Generation.of(generation), timeout);
    }

    static void assertRefused(Retry retry, Class<? extends SpiException> type, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).as("what the call throws").isInstanceOf(type);
        assertThat(((SpiException) thrown).retry()).as("retry of " + thrown).isEqualTo(retry);
        assertThat(thrown.getMessage()).as("message").isNotBlank();
    }

    static void assertStale(long offered, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).as("what the call throws").isInstanceOf(StaleGenerationException.class);
        assertThat(((StaleGenerationException) thrown).offered()).isEqualTo(Generation.of(offered));
    }

    /** Fails if the call takes much longer than the time-out that it was given. */
    final void assertEndsWithin(Duration timeout, ThrowingCallable call) {
        long begin = nanoTime();
        Throwable unused = catchThrowable(call);
        assertThat(Duration.ofNanos(nanoTime() - begin))
                .as("how long a call with a time-out of " + timeout + " took")
                .isLessThan(timeout.multipliedBy(2).plusSeconds(1));
    }

    /** Runs the tasks at once, each on a thread of its own, and returns what they answered. */
    final <T> List<T> allAtOnce(List<Callable<T>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            CyclicBarrier start = new CyclicBarrier(tasks.size());
            List<Future<T>> futures = new ArrayList<>();
            for (Callable<T> task : tasks) {
                futures.add(threads.submit(() -> {
                    start.await(10, TimeUnit.SECONDS);
                    return task.call();
                }));
            }
            List<T> answers = new ArrayList<>();
            for (Future<T> future : futures) {
                answers.add(future.get(timeout().toMillis(), TimeUnit.MILLISECONDS));
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }
}
