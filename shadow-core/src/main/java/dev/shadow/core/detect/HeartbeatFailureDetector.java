package dev.shadow.core.detect;

import dev.shadow.spi.HostId;
import dev.shadow.spi.Subscription;
import dev.shadow.spi.failover.DetectionException;
import dev.shadow.spi.failover.FailureDetector;
import dev.shadow.spi.failover.HostHealth;
import dev.shadow.spi.failover.HostHealth.Verdict;
import dev.shadow.spi.failover.HostProbe;
import java.net.ConnectException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes hosts and counts what they miss; see {@link HeartbeatSettings} for how.
 *
 * <p>It distrusts itself before it distrusts a host. A probe that came back much later than its time-out,
 * or was sent much later than it was due, says that this process stood still, and counts for nothing.
 * Where several hosts are watched, a host is dead only if another one has answered since it fell silent;
 * while nobody answers, the observer itself is taken to be cut off and the verdict is {@code UNKNOWN}.
 *
 * <p>Thread-safe. Verdicts are told in order, under a lock that nothing else waits for.
 */
public final class HeartbeatFailureDetector implements FailureDetector {
    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatFailureDetector.class);

    private final HostProbe probe;
    private final HeartbeatSettings settings;
    private final InstantSource clock;
    private final LongSupplier nanoTicker;
    private final ScheduledExecutorService executor;
    private final CopyOnWriteArrayList<Entry> listeners = new CopyOnWriteArrayList<>();
    private final Object lock = new Object();

    // Guarded by lock.
    private final Map<HostId, Watched> hosts = new TreeMap<>();
    private boolean closed;

    private HeartbeatFailureDetector(
            HostProbe probe,
            HeartbeatSettings settings,
            InstantSource clock,
            LongSupplier nanoTicker,
            ScheduledExecutorService executor) {
        this.probe = Objects.requireNonNull(probe, "probe");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.nanoTicker = Objects.requireNonNull(nanoTicker, "nanoTicker");
        this.executor = Objects.requireNonNull(executor, "executor");
    }

    /**
     * Returns a detector that watches nothing yet.
     *
     * @param nanoTicker a monotonic clock in nanoseconds, which deadlines are measured by
     * @param executor runs the probes, which block; stays the caller's
     */
    public static HeartbeatFailureDetector create(
            HostProbe probe,
            HeartbeatSettings settings,
            InstantSource clock,
            LongSupplier nanoTicker,
            ScheduledExecutorService executor) {
        return new HeartbeatFailureDetector(probe, settings, clock, nanoTicker, executor);
    }

    @Override
    public void watch(Set<HostId> wanted) {
        synchronized (lock) {
            hosts.keySet().retainAll(wanted);
            for (HostId host : wanted) {
                if (!hosts.containsKey(host)) {
                    Watched watched = new Watched(host, unknown(host, "host " + host + " was not heard of yet"));
                    hosts.put(host, watched);
                    plan(watched, Duration.ZERO);
                }
            }
        }
    }

    private HostHealth unknown(HostId host, String reason) {
        return new HostHealth(host, Verdict.UNKNOWN, clock.instant(), List.of(reason));
    }

    @Override
    public HostHealth health(HostId host) {
        synchronized (lock) {
            Watched watched = hosts.get(host);
            return watched == null ? unknown(host, "host " + host + " is not watched") : watched.health;
        }
    }

    @Override
    public Subscription subscribe(Consumer<HostHealth> listener) {
        Entry own = new Entry(Objects.requireNonNull(listener, "listener"));
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            hosts.clear();
        }
    }

    /** Called with the lock held. */
    private void plan(Watched watched, Duration delay) {
        long turn = ++watched.turn;
        watched.dueNanos = nanoTicker.getAsLong() + delay.toNanos();
        try {
            var unused = executor.schedule(() -> probe(watched, turn), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            closed = true;
        }
    }

    private void probe(Watched watched, long turn) {
        long sentNanos = nanoTicker.getAsLong();
        boolean late;
        synchronized (lock) {
            if (!isCurrent(watched, turn) || watched.probing) {
                return;
            }
            watched.probing = true;
            late = sentNanos - watched.dueNanos > slack();
        }
        Answer answer = ask(watched.host);
        boolean stalled =
                late || nanoTicker.getAsLong() - sentNanos > settings.timeout().toNanos() + slack();
        judge(watched, answer, sentNanos, stalled);
    }

    private long slack() {
        return settings.interval().plus(settings.timeout()).toNanos();
    }

    /** Called with the lock held. */
    private boolean isCurrent(Watched watched, long turn) {
        return !closed && watched.turn == turn && hosts.get(watched.host) == watched;
    }

    private Answer ask(HostId host) {
        try {
            probe.probe(host, settings.timeout());
            return new Answer(0, "");
        } catch (DetectionException e) {
            return new Answer(wasRefused(e) ? 2 : 1, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.warn("the probe of host {} failed in itself", host, e);
            return new Answer(1, "the probe failed in itself: " + e);
        }
    }

    private static boolean wasRefused(Throwable failure) {
        int depth = 0;
        for (Throwable t = failure; t != null && depth < 16; t = t.getCause()) {
            if (t instanceof ConnectException) {
                return true;
            }
            depth++;
        }
        return false;
    }

    /** What a probe brought: 0 points for an answer. */
    private record Answer(int points, String problem) {}

    private void judge(Watched watched, Answer answer, long sentNanos, boolean stalled) {
        synchronized (lock) {
            watched.probing = false;
            if (closed || hosts.get(watched.host) != watched) {
                return;
            }
            if (answer.points() == 0) {
                answered(watched, sentNanos);
            } else if (!stalled) {
                missed(watched, answer, sentNanos);
            }
            plan(watched, watched.points == 0 ? settings.interval() : settings.recheck());
        }
    }

    private void answered(Watched watched, long sentNanos) {
        watched.points = 0;
        watched.probes = 0;
        watched.problems.clear();
        watched.answeredNanos = sentNanos;
        watched.everAnswered = true;
        change(watched, Verdict.ALIVE, List.of());
        // Others may have waited for a sign that this process is not cut off.
        hosts.values().stream().filter(other -> other.points > 0).forEach(this::conclude);
    }

    private void missed(Watched watched, Answer answer, long sentNanos) {
        if (watched.points == 0) {
            watched.firstMissNanos = sentNanos;
            askOthersNow(watched);
        }
        watched.points = Math.min(settings.deadAt() * 2, watched.points + answer.points());
        watched.probes++;
        watched.problems.add(answer.problem());
        if (watched.problems.size() > settings.deadAt()) {
            watched.problems.remove(0);
        }
        conclude(watched);
    }

    /** An answer of another host, from now on, shows that this process is not cut off. */
    private void askOthersNow(Watched silent) {
        for (Watched other : hosts.values()) {
            if (other != silent && !other.probing && other.points == 0) {
                plan(other, Duration.ZERO);
            }
        }
    }

    private void conclude(Watched watched) {
        if (watched.points >= settings.deadAt() && watched.probes > 1) {
            boolean proof = hosts.size() == 1 || hosts.values().stream().anyMatch(other -> heardSince(other, watched));
            if (proof || watched.health.verdict() == Verdict.DEAD) {
                change(watched, Verdict.DEAD, reasons(watched));
            } else {
                List<String> reasons = reasons(watched);
                reasons.add(0, "no watched host answers, so the observer may be cut off");
                change(watched, Verdict.UNKNOWN, reasons);
            }
        } else if (watched.points >= settings.suspectAt() && watched.health.verdict() != Verdict.DEAD) {
            change(watched, Verdict.SUSPECT, reasons(watched));
        }
    }

    private static boolean heardSince(Watched other, Watched silent) {
        return other != silent && other.everAnswered && other.answeredNanos - silent.firstMissNanos >= 0;
    }

    private static List<String> reasons(Watched watched) {
        List<String> reasons = new ArrayList<>();
        reasons.add(watched.probes + " probes in a row went unanswered");
        watched.problems.stream().distinct().forEach(reasons::add);
        return reasons;
    }

    private void change(Watched watched, Verdict verdict, List<String> reasons) {
        if (watched.health.verdict() == verdict) {
            return;
        }
        watched.health = new HostHealth(watched.host, verdict, clock.instant(), reasons);
        for (Entry entry : listeners) {
            try {
                entry.listener.accept(watched.health);
            } catch (RuntimeException e) {
                LOG.warn("a listener failed on the verdict of host {}", watched.host, e);
            }
        }
    }

    /** One host. Guarded by the detector's lock. */
    private static final class Watched {
        private final HostId host;
        private final List<String> problems = new ArrayList<>();
        private HostHealth health;
        private long turn;
        private long dueNanos;
        private boolean probing;
        private int points;
        private int probes;
        private long firstMissNanos;
        private long answeredNanos;
        private boolean everAnswered;

        Watched(HostId host, HostHealth health) {
            this.host = host;
            this.health = health;
        }
    }

    /** Told apart by identity, so that one listener may subscribe twice. */
    private static final class Entry {
        private final Consumer<HostHealth> listener;

        Entry(Consumer<HostHealth> listener) {
            this.listener = listener;
        }
    }
}
