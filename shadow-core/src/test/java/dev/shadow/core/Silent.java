package dev.shadow.core;

import dev.shadow.tck.time.VirtualTime;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The executor of one process on virtual time: after the process was killed its tasks do nothing. */
final class Silent extends AbstractExecutorService implements ScheduledExecutorService {
    private final HostProcess process;
    private final VirtualTime time;

    Silent(HostProcess process, VirtualTime time) {
        this.process = process;
        this.time = time;
    }

    private Runnable silent(Runnable task) {
        return () -> {
            if (!process.isKilled()) {
                try {
                    task.run();
                } catch (Killed e) {
                    // The process is gone, and with it whoever might have seen this.
                }
            }
        };
    }

    @Override
    public void execute(Runnable task) {
        time.execute(silent(task));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return time.schedule(silent(task), delay, unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        return time.schedule(task, delay, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initial, long period, TimeUnit unit) {
        return time.scheduleAtFixedRate(silent(task), initial, period, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initial, long delay, TimeUnit unit) {
        return time.scheduleWithFixedDelay(silent(task), initial, delay, unit);
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }

    @Override
    public <T> List<java.util.concurrent.Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) {
        throw new UnsupportedOperationException();
    }
}
