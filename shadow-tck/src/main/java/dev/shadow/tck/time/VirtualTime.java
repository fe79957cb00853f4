package dev.shadow.tck.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * A clock and the executor that goes by it, on one time line that moves only when a test says so.
 *
 * <p>Nothing runs until {@link #advance}, {@link #runUntilIdle}, {@link #runUntil} or {@link
 * #awaitTermination} is called; then tasks run on the caller's thread, ordered by their time and, at
 * equal times, by their submission. Two runs of the same program are therefore equal. Tasks may be
 * submitted and cancelled by any thread; only one thread at a time may drive, and a task must not.
 *
 * <p>The failure of a task that was submitted with {@link #execute}, or scheduled as a {@code
 * Runnable}, is thrown by the driving call once everything else that was due has run. The failure of
 * a {@code Callable}, or of a task given to {@code submit}, is in its future alone. Waiting for a
 * future on the driving thread would never end; use {@link #runUntil}.
 */
public final class VirtualTime extends AbstractExecutorService implements InstantSource, ScheduledExecutorService {
    private static final int MOST_TASKS_AT_ONE_INSTANT = 1_000_000;

    private final Object lock = new Object();
    private final Instant epoch;
    private final PriorityQueue<Task<?>> queue = new PriorityQueue<>();
    private final List<Throwable> failures = new ArrayList<>();
    private long nowNanos;
    private long submissions;
    private boolean driven;
    private boolean shutdown;

    private VirtualTime(Instant epoch) {
        this.epoch = Objects.requireNonNull(epoch, "epoch");
    }

    /** Returns a time line that begins at 2026-01-01T00:00:00Z. */
    public static VirtualTime create() {
        return startingAt(Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** Returns a time line that begins at {@code epoch}. */
    public static VirtualTime startingAt(Instant epoch) {
        return new VirtualTime(epoch);
    }

    @Override
    public Instant instant() {
        return epoch.plusNanos(nanoTime());
    }

    /** Nanoseconds since the time line began. */
    public long nanoTime() {
        synchronized (lock) {
            return nowNanos;
        }
    }

    /** The nanoseconds of this time line, for code that measures durations. */
    public LongSupplier nanoTicker() {
        return this::nanoTime;
    }

    /** Number of tasks that wait for their time, periodic ones included. */
    public int pending() {
        synchronized (lock) {
            return queue.size();
        }
    }

    /**
     * Moves the time by {@code duration} and runs, each at its time, every task that falls due on the
     * way, those included that such a task submits.
     *
     * @param duration zero or more
     * @throws IllegalStateException if a task failed, or if this is called from a task
     */
    public void advance(Duration duration) {
        long nanos = atLeastZero(duration);
        drive(() -> {
            long target = Math.addExact(nanoTime(), nanos);
            runDue(target, () -> false);
            moveTo(target);
        });
    }

    /**
     * Runs every task that is due now, those included that such a task submits; time stands still.
     *
     * @throws IllegalStateException if a task failed, or if this is called from a task
     */
    public void runUntilIdle() {
        advance(Duration.ZERO);
    }

    /**
     * Runs tasks in their order, and moves the time along with them, until the condition holds.
     *
     * @param atMost the longest that time may move for it; zero or more
     * @return whether the condition holds; if it does not, {@code atMost} has passed
     * @throws IllegalStateException if a task failed, or if this is called from a task
     */
    public boolean runUntil(BooleanSupplier condition, Duration atMost) {
        long nanos = atLeastZero(atMost);
        drive(() -> {
            long target = Math.addExact(nanoTime(), nanos);
            if (!runDue(target, condition)) {
                moveTo(target);
            }
        });
        return condition.getAsBoolean();
    }

    /**
     * Lets time pass and runs nothing: what a call that blocks does to the one thread that it blocks.
     * Tasks that fall due meanwhile run late. May be called from a task.
     *
     * @param duration zero or more
     */
    public void pass(Duration duration) {
        long nanos = atLeastZero(duration);
        synchronized (lock) {
            nowNanos = Math.addExact(nowNanos, nanos);
        }
    }

    private static long atLeastZero(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("duration must be zero or more, was " + duration);
        }
        return duration.toNanos();
    }

    private void drive(Runnable body) {
        synchronized (lock) {
            if (driven) {
                throw new IllegalStateException(
                        "time is driven already: a task must not drive it, and only one thread may");
            }
            driven = true;
        }
        try {
            body.run();
        } finally {
            synchronized (lock) {
                driven = false;
            }
        }
        throwFailures();
    }

    /** Returns whether the condition came true. */
    private boolean runDue(long targetNanos, BooleanSupplier condition) {
        long instant = nanoTime();
        int tasksAtInstant = 0;
        while (!condition.getAsBoolean()) {
            Task<?> task = takeDue(targetNanos);
            if (task == null) {
                return false;
            }
            tasksAtInstant = nanoTime() == instant ? tasksAtInstant + 1 : 0;
            instant = nanoTime();
            if (tasksAtInstant > MOST_TASKS_AT_ONE_INSTANT) {
                throw new IllegalStateException(MOST_TASKS_AT_ONE_INSTANT
                        + " tasks ran and time stood still: does a task submit itself for ever?");
            }
            task.runNow();
        }
        return true;
    }

    @SuppressWarnings("NullAway") // poll and peek of an empty queue
    private Task<?> takeDue(long targetNanos) {
        synchronized (lock) {
            Task<?> next = queue.peek();
            if (next == null || next.dueNanos > Math.max(targetNanos, nowNanos)) {
                return null;
            }
            nowNanos = Math.max(nowNanos, next.dueNanos);
            return queue.poll();
        }
    }

    private void moveTo(long targetNanos) {
        synchronized (lock) {
            nowNanos = Math.max(nowNanos, targetNanos);
        }
    }

    private void throwFailures() {
        List<Throwable> thrown;
        synchronized (lock) {
            if (failures.isEmpty()) {
                return;
            }
            thrown = List.copyOf(failures);
            failures.clear();
        }
        IllegalStateException report = new IllegalStateException(
                thrown.size() + " task(s) failed, the first with " + thrown.get(0), thrown.get(0));
        thrown.stream().skip(1).forEach(report::addSuppressed);
        throw report;
    }

    @Override
    public void execute(Runnable command) {
        var unused = schedule(command, 0, TimeUnit.NANOSECONDS); // a failure is thrown by the driving call
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return enqueue(new Task<>(Executors.callable(command), unit.toNanos(delay), 0, Failures.THROWN));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return enqueue(new Task<>(callable, unit.toNanos(delay), 0, Failures.KEPT));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        return enqueue(new Task<>(
                Executors.callable(command), unit.toNanos(initialDelay), moreThanZero(period, unit), Failures.THROWN));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        return enqueue(new Task<>(
                Executors.callable(command), unit.toNanos(initialDelay), -moreThanZero(delay, unit), Failures.THROWN));
    }

    private static long moreThanZero(long period, TimeUnit unit) {
        if (period <= 0) {
            throw new IllegalArgumentException("period must be more than zero, was " + period + " " + unit);
        }
        return unit.toNanos(period);
    }

    private <V> Task<V> enqueue(Task<V> task) {
        synchronized (lock) {
            if (shutdown) {
                throw new RejectedExecutionException("the executor was shut down: it takes no more tasks");
            }
            queue.add(task);
            return task;
        }
    }

    /** Refused: it would wait on the thread that has to drive. */
    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) {
        throw wouldNeverEnd();
    }

    /** Refused: it would wait on the thread that has to drive. */
    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit) {
        throw wouldNeverEnd();
    }

    /** Refused: it would wait on the thread that has to drive. */
    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks) {
        throw wouldNeverEnd();
    }

    /** Refused: it would wait on the thread that has to drive. */
    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws TimeoutException {
        throw wouldNeverEnd();
    }

    private static UnsupportedOperationException wouldNeverEnd() {
        return new UnsupportedOperationException(
                "virtual time would stand still while this waits: submit the tasks and advance the time");
    }

    /** Takes no more tasks; periodic ones are cancelled, others still run at their time. */
    @Override
    public void shutdown() {
        List<Task<?>> periodic;
        synchronized (lock) {
            shutdown = true;
            periodic = queue.stream().filter(task -> task.periodNanos != 0).toList();
        }
        periodic.forEach(task -> task.cancel(false));
    }

    /** Takes no more tasks and returns those that wait. */
    @Override
    public List<Runnable> shutdownNow() {
        synchronized (lock) {
            shutdown = true;
            List<Runnable> waiting = new ArrayList<>();
            for (Task<?> task = queue.poll(); task != null; task = queue.poll()) {
                waiting.add(task);
            }
            return waiting;
        }
    }

    @Override
    public boolean isShutdown() {
        synchronized (lock) {
            return shutdown;
        }
    }

    @Override
    public boolean isTerminated() {
        synchronized (lock) {
            return shutdown && queue.isEmpty();
        }
    }

    /** Moves the time until everything has run that was submitted before {@link #shutdown}. */
    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return runUntil(this::isTerminated, Duration.ofNanos(Math.max(0, unit.toNanos(timeout))));
    }

    /** What becomes of the failure of a task. */
    private enum Failures {
        THROWN,
        KEPT
    }

    private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {
        private final long order;
        /** Above zero: from start to start; below zero, negated: from end to start; zero: once. */
        private final long periodNanos;

        private final Failures failuresAre;
        private long dueNanos;

        Task(Callable<V> callable, long delayNanos, long periodNanos, Failures failuresAre) {
            super(callable);
            synchronized (lock) {
                this.order = submissions++;
                this.dueNanos = Math.addExact(nowNanos, Math.max(0, delayNanos));
            }
            this.periodNanos = periodNanos;
            this.failuresAre = failuresAre;
        }

        void runNow() {
            if (periodNanos == 0) {
                run();
            } else if (runAndReset()) {
                again();
            }
        }

        private void again() {
            synchronized (lock) {
                dueNanos = periodNanos > 0 ? dueNanos + periodNanos : nowNanos - periodNanos;
                if (!shutdown) {
                    queue.add(this);
                } else {
                    super.cancel(false);
                }
            }
        }

        @Override
        protected void setException(Throwable failure) {
            super.setException(failure);
            if (failuresAre == Failures.THROWN) {
                synchronized (lock) {
                    failures.add(failure);
                }
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            synchronized (lock) {
                queue.remove(this);
            }
            return super.cancel(mayInterruptIfRunning);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            synchronized (lock) {
                return unit.convert(dueNanos - nowNanos, TimeUnit.NANOSECONDS);
            }
        }

        @Override
        public int compareTo(Delayed other) {
            Task<?> that = (Task<?>) other;
            int byTime = Long.compare(dueNanos, that.dueNanos);
            return byTime != 0 ? byTime : Long.compare(order, that.order);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(order);
        }
    }
}
