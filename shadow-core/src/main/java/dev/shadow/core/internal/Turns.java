package dev.shadow.core.internal;

import dev.shadow.spi.VmId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Queues turns of virtual machines, each at most once, on the executor. Thread-safe. */
final class Turns {
    private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

    private final ScheduledExecutorService executor;
    private final Consumer<VmId> work;
    private final Set<VmId> queued = ConcurrentHashMap.newKeySet();
    private final Set<VmId> poked = ConcurrentHashMap.newKeySet();

    /**
     * @param work takes one turn; a failure is logged
     */
    Turns(ScheduledExecutorService executor, Consumer<VmId> work) {
        this.executor = executor;
        this.work = work;
    }

    /** A turn as soon as there is a thread; after the present one if that has begun. */
    void soon(VmId vm) {
        if (queued.add(vm)) {
            submit(() -> turn(vm), Duration.ZERO);
        } else {
            poked.add(vm);
        }
    }

    /** A turn after a pause. */
    void later(VmId vm, Duration pause) {
        submit(() -> soon(vm), pause);
    }

    /** Something else on the same threads. */
    void submit(Runnable task, Duration pause) {
        try {
            var unused = executor.schedule(task, pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the executor is closed; the next manager goes on");
        }
    }

    private void turn(VmId vm) {
        try {
            work.accept(vm);
        } catch (RuntimeException e) {
            LOG.error("the work on {} failed in itself; the next pass tries again", vm, e);
        } finally {
            queued.remove(vm);
            if (poked.remove(vm)) {
                soon(vm);
            }
        }
    }
}
