package dev.shadow.examples.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shadow.examples.Main;
import dev.shadow.examples.process.host.JavaProcess;
import dev.shadow.examples.process.host.ProcessIdentity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The agent of one host in a process of its own. May be shared. */
public final class HostProcess {
    private final Fleet.Host host;
    private final Path log;
    private final Process process;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private HostProcess(Fleet.Host host, Path log, Process process) {
        this.host = host;
        this.log = log;
        this.process = process;
    }

    /** Starts an agent without waiting for it. */
    public static HostProcess start(Fleet.Host host, String secret) throws IOException {
        Path directory = Path.of(host.directory());
        Files.createDirectories(directory);
        Path log = directory.resolve("agent.log");
        List<String> arguments = List.of(
                "agent",
                "--host",
                host.id().value(),
                "--directory",
                host.directory(),
                "--disk-bytes",
                Long.toString(host.capacity().diskBytes()));
        Process process = JavaProcess.running(Main.class, 128, arguments)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        HostProcess started = new HostProcess(host, log, process);
        process.getOutputStream().write((secret + "\n").getBytes(UTF_8));
        process.getOutputStream().flush();
        Thread reader = new Thread(started::read, "host-" + host.id());
        reader.setDaemon(true);
        reader.start();
        return started;
    }

    private void read() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.equals("ready")) {
                    ready.complete(null);
                }
            }
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
        ready.completeExceptionally(new IOException("it ended; see " + log));
    }

    /**
     * Waits until the agent takes calls.
     *
     * @throws IOException if it does not within the time
     */
    public void awaitReady(Duration timeout) throws IOException, InterruptedException {
        try {
            ready.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException(
                    "host " + host.id() + " did not start within " + timeout.toSeconds() + " s; see " + log, e);
        } catch (ExecutionException e) {
            String reason = Objects.requireNonNullElse(e.getCause(), e).getMessage();
            throw new IOException("host " + host.id() + " did not start: " + reason, e);
        }
    }

    /** Number of the agent's process. */
    public long pid() {
        return process.pid();
    }

    /** Kills agent and virtual machines with SIGKILL, as a power cut would, and waits for the agent. */
    public void cutPower() throws IOException, InterruptedException {
        List<ProcessIdentity> machines = host.files().processes();
        process.destroyForcibly();
        for (ProcessIdentity machine : machines) {
            if (machine.isAlive()) {
                ProcessHandle.of(machine.pid()).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
        process.waitFor();
    }
}
