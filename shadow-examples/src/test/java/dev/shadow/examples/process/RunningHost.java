package dev.shadow.examples.process;

import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.HostId;
import dev.shadow.spi.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A host with its agent process, for one test. Some are started ahead, since a process takes its time to start. */
public final class RunningHost implements AutoCloseable {
    public static final String SECRET = "secret-of-the-tests";

    private static final int SPARE = 3;
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Deque<Future<RunningHost>> AHEAD = new ArrayDeque<>();
    private static final ExecutorService STARTER = Executors.newFixedThreadPool(2, work -> {
        Thread thread = new Thread(work, "spare-hosts");
        thread.setDaemon(true);
        return thread;
    });

    private final Fleet.Host host;
    private HostProcess process;

    private RunningHost(Fleet.Host host, HostProcess process) {
        this.host = host;
        this.process = process;
    }

    /** Hands out a host that nobody else uses. */
    public static RunningHost take() throws Exception {
        Future<RunningHost> next;
        synchronized (AHEAD) {
            if (AHEAD.isEmpty()) {
                Runtime.getRuntime().addShutdownHook(new Thread(RunningHost::dismissAll));
            }
            while (AHEAD.size() <= SPARE) {
                AHEAD.add(STARTER.submit(RunningHost::start));
            }
            next = AHEAD.remove();
        }
        return next.get();
    }

    private static void dismissAll() {
        synchronized (AHEAD) {
            for (Future<RunningHost> spare : AHEAD) {
                try {
                    spare.get().close();
                } catch (ExecutionException | InterruptedException | IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private static RunningHost start() throws IOException, InterruptedException {
        int number = COUNT.incrementAndGet();
        Path directory = Files.createTempDirectory("shadow-host-");
        Fleet.Host host = new Fleet.Host(
                HostId.of("h" + number),
                new FailureDomain("region", "zone" + number, "rack", "h" + number),
                directory.toString(),
                new Resources(8000, 16L << 30, 256L << 20, 10_000_000_000L),
                0);
        HostProcess process = HostProcess.start(host, SECRET);
        process.awaitReady(Duration.ofSeconds(30));
        return new RunningHost(host, process);
    }

    public Fleet.Host host() {
        return host;
    }

    public HostId id() {
        return host.id();
    }

    public Path directory() {
        return Path.of(host.directory());
    }

    /** Kills agent and machines. */
    public void kill() throws IOException, InterruptedException {
        process.cutPower();
    }

    /** Kills the agent alone. */
    public void killAgent() {
        ProcessHandle agent = ProcessHandle.of(process.pid()).orElseThrow();
        agent.destroyForcibly();
        agent.onExit().join();
    }

    /** Starts the agent again. */
    public void restart() throws IOException, InterruptedException {
        process = HostProcess.start(host, SECRET);
        process.awaitReady(Duration.ofSeconds(30));
    }

    /** Lets the agent accept connections and never answer. */
    public void hang() throws IOException, InterruptedException {
        stop(process.pid());
    }

    /** Stops a process, so that it does nothing and ends only when it is killed. */
    public static void stop(long pid) throws IOException, InterruptedException {
        int exit =
                new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor();
        if (exit != 0) {
            throw new IOException("process " + pid + " could not be stopped");
        }
    }

    @Override
    public void close() throws IOException {
        try {
            process.cutPower();
            for (var machine : host.files().processes()) {
                machine.kill(Duration.ofSeconds(5), System::nanoTime);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while host " + host.id() + " was ended", e);
        }
        try (Stream<Path> files = Files.walk(directory())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
