package dev.shadow.sync.internal;

import dev.shadow.spi.HostId;
import dev.shadow.spi.sync.SyncPhase;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one {@link SourceMachine} on a thread of its own and keeps it connected. Everything that happens to the machine
 * comes through one queue.
 */
public final class SessionRunner {
    private static final Logger LOG = LoggerFactory.getLogger(SessionRunner.class);
    private static final long RATE_WINDOW_NANOS = 4_000_000_000L;

    private final SourceMachine machine;
    private final Peer peer;
    private final Settings settings;
    private final Consumer<Snapshot> publisher;
    private final LinkedBlockingQueue<Event> inbox = new LinkedBlockingQueue<>();
    private final AtomicBoolean wakePending = new AtomicBoolean();
    private final CompletableFuture<Void> firstContact = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final ArrayDeque<long[]> rateSamples = new ArrayDeque<>();
    private @Nullable FrameConnection connection;
    private @Nullable Object attempt;
    private long nextAttemptNanos;
    private long backoffNanos;
    private boolean stopping;
    private volatile boolean done;
    private SyncPhase publishedPhase = SyncPhase.OPENED;
    private long publishedNanos;
    private long publishedEpoch;
    private long publishedSent;

    /** How to reach the target and how long to wait for it. */
    public record Settings(String name, HostId host, Dialer dialer, LongSupplier nanoClock, ThreadFactory threads) {}

    /** What the session shows of itself. */
    public record Snapshot(
            SyncPhase phase, ReplicaPoint point, double bytesPerSecond, long sentBytes, String detail, boolean news) {}

    private interface Event {
        void happen() throws IOException;
    }

    private SessionRunner(SourceMachine machine, Peer peer, Settings settings, Consumer<Snapshot> publisher) {
        this.machine = machine;
        this.peer = peer;
        this.settings = settings;
        this.publisher = publisher;
        this.backoffNanos = settings.dialer().network().minBackoff().toNanos();
        this.nextAttemptNanos = settings.nanoClock().getAsLong();
    }

    /** Attaches to the peer and starts the thread. */
    public static SessionRunner start(SourceMachine machine, Peer peer, Settings settings, Consumer<Snapshot> publisher)
            throws IOException {
        SessionRunner runner = new SessionRunner(machine, peer, settings, publisher);
        peer.attach(runner::wake);
        settings.threads().newThread(runner::run).start();
        return runner;
    }

    private void wake() {
        if (wakePending.compareAndSet(false, true)) {
            inbox.add(() -> wakePending.set(false));
        }
    }

    /** Completed once the target was first reached, refused, or could not be reached. */
    public CompletableFuture<Void> firstContact() {
        return firstContact;
    }

    /** Runs a task on the session's thread; after the end it does not run, and the result says so. */
    public CompletableFuture<Void> execute(Consumer<SourceMachine> task) {
        Task queued = new Task(task, new CompletableFuture<>());
        inbox.add(queued);
        if (done) {
            queued.abandon();
        }
        return queued.result;
    }

    /** Something that the session's user asked for. */
    private final class Task implements Event {
        private final Consumer<SourceMachine> work;
        private final CompletableFuture<Void> result;

        Task(Consumer<SourceMachine> work, CompletableFuture<Void> result) {
            this.work = work;
            this.result = result;
        }

        @Override
        public void happen() {
            try {
                work.accept(machine);
                publish(now(), true);
                result.complete(null);
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        }

        void abandon() {
            result.completeExceptionally(new IllegalStateException("the session is closed"));
        }
    }

    /**
     * Ends the session and waits until its thread has let go of the disk.
     *
     * @param forget whether writes that need the replica are let go for good
     */
    public void stop(boolean forget) {
        inbox.add(() -> {
            if (forget) {
                show(SyncPhase.CLOSED);
                peer.leaveSynchronous();
            }
            stopping = true;
        });
        if (!done) {
            ended.join();
        }
    }

    private void show(SyncPhase phase) {
        publisher.accept(new Snapshot(
                phase, machine.point(), 0, machine.sentBytes(), machine.detail(), phase != publishedPhase));
        publishedPhase = phase;
    }

    private long now() {
        return settings.nanoClock().getAsLong();
    }

    private void run() {
        try {
            while (!stopping) {
                step();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.error("session {} ends because of a defect", settings.name(), e);
            throw e;
        } finally {
            attempt = null;
            closeConnection();
            machine.disconnected("the session was closed", now());
            peer.detach();
            done = true;
            for (Event left = inbox.poll(); left != null; left = inbox.poll()) {
                if (left instanceof Task task) {
                    task.abandon();
                }
            }
            firstContact.complete(null);
            ended.complete(null);
        }
    }

    private void step() throws InterruptedException {
        Event event = inbox.poll(waitNanos(), TimeUnit.NANOSECONDS);
        try {
            while (event != null) {
                event.happen();
                event = inbox.poll();
            }
            while (!stopping && machine.poll(now()) > 0 && inbox.isEmpty()) {
                publish(now(), false);
            }
        } catch (IOException e) {
            lost(connection, e);
        }
        long now = now();
        if (machine.isFinished()) {
            publish(now, true);
            firstContact.complete(null);
            attempt = null;
            closeConnection();
        } else if (!stopping && attempt == null && now - nextAttemptNanos >= 0) {
            connect();
        }
        publish(now, false);
    }

    private long waitNanos() {
        long now = now();
        long wait = machine.isFinished() ? 1_000_000_000L : machine.nanosToNextPoll(now);
        return attempt != null ? wait : Math.max(1, Math.min(wait, nextAttemptNanos - now));
    }

    private void connect() {
        Object mine = new Object();
        attempt = mine;
        settings.threads().newThread(() -> link(mine)).start();
    }

    /** Connects and reads until the connection ends. On a thread of its own. */
    private void link(Object mine) {
        FrameConnection opened = null;
        try {
            FrameConnection link = settings.dialer().connect(settings.host());
            opened = link;
            inbox.add(() -> adopt(mine, link));
            while (!done) {
                Framing.Frame frame = link.read();
                inbox.add(() -> {
                    if (connection == link) {
                        receive(frame);
                    }
                });
            }
        } catch (IOException e) {
            inbox.add(() -> {
                if (attempt == mine) {
                    lost(connection, e);
                }
            });
        } catch (RuntimeException e) {
            LOG.warn("session {}: looking up the target failed", settings.name(), e);
            inbox.add(() -> {
                if (attempt == mine) {
                    lost(connection, new IOException("looking up the target failed: " + e.getMessage(), e));
                }
            });
        } finally {
            if (opened != null && done) {
                opened.close();
            }
        }
    }

    private void adopt(Object mine, FrameConnection link) {
        if (attempt != mine || stopping) {
            link.close();
            return;
        }
        connection = link;
        machine.connected(link);
    }

    private void receive(Framing.Frame frame) throws IOException {
        machine.receive(frame, now());
        boolean lives = frame.message() instanceof Message.Committed || frame.message() instanceof Message.Heartbeat;
        if (lives) {
            // A welcome alone does not count: a target without space welcomes, and fails at the first epoch.
            backoffNanos = settings.dialer().network().minBackoff().toNanos();
        }
        publish(now(), false);
        if (machine.isWelcomed()) {
            firstContact.complete(null);
        }
        machine.answer();
    }

    private void lost(@Nullable FrameConnection lost, IOException why) {
        if (lost != null) {
            lost.close();
        }
        connection = null;
        attempt = null;
        String reason = why.getMessage() == null ? "the peer closed the connection" : why.getMessage();
        LOG.info("session {} is interrupted: {}", settings.name(), reason);
        machine.disconnected(reason, now());
        nextAttemptNanos = now() + backoffNanos;
        backoffNanos = Math.min(settings.dialer().network().maxBackoff().toNanos(), backoffNanos * 2);
        publish(now(), true);
        firstContact.complete(null);
    }

    private void closeConnection() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    private void publish(long now, boolean always) {
        SyncPhase phase = machine.phase(now);
        boolean news = phase != publishedPhase
                || (machine.sentBytes() != publishedSent && now - publishedNanos >= 500_000_000L);
        boolean moved = machine.point().epoch() != publishedEpoch;
        if (!always && !news && !moved && now - publishedNanos < 100_000_000L) {
            return;
        }
        if (rateSamples.isEmpty() || now - rateSamples.getLast()[0] >= 100_000_000L) {
            rateSamples.addLast(new long[] {now, machine.sentBytes()});
        }
        while (rateSamples.size() > 1 && now - rateSamples.getFirst()[0] > RATE_WINDOW_NANOS) {
            rateSamples.removeFirst();
        }
        long[] oldest = rateSamples.getFirst();
        double seconds = (now - oldest[0]) / 1e9;
        double rate = seconds <= 0 ? 0 : (machine.sentBytes() - oldest[1]) / seconds;
        publishedPhase = phase;
        publishedNanos = now;
        publishedEpoch = machine.point().epoch();
        if (news) {
            publishedSent = machine.sentBytes();
        }
        publisher.accept(new Snapshot(phase, machine.point(), rate, machine.sentBytes(), machine.detail(), news));
    }
}
