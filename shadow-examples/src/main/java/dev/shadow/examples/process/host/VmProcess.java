package dev.shadow.examples.process.host;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shadow.examples.Main;
import dev.shadow.examples.process.rpc.RpcConnection;
import dev.shadow.examples.process.rpc.RpcException;
import dev.shadow.examples.process.rpc.RpcHandler;
import dev.shadow.spi.InstanceId;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The process of one virtual machine, as its agent sees it: a child that waits, warm, to be told what to serve,
 * and ends with its agent. May be shared.
 */
final class VmProcess {
    private static final int HEAP_MEGABYTES = 128;

    private final Process process;
    private final ProcessIdentity identity;
    private final RpcConnection control;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private VmProcess(
            InstanceId instance,
            Process process,
            ProcessIdentity identity,
            Executor executor,
            BiConsumer<String, JsonNode> notices) {
        this.process = process;
        this.identity = identity;
        RpcHandler handler = new RpcHandler() {
            @Override
            public @Nullable Object handle(String method, JsonNode params) throws Exception {
                return NONE.handle(method, params);
            }

            @Override
            public void told(String topic, JsonNode params) {
                if (topic.equals("ready")) {
                    ready.complete(null);
                } else {
                    notices.accept(topic, params);
                }
            }
        };
        this.control = RpcConnection.open(
                "vm-" + instance,
                process::destroyForcibly,
                process.getInputStream(),
                new BufferedOutputStream(process.getOutputStream()),
                handler,
                executor);
        CompletableFuture<Void> unused =
                control.closed().thenRun(() -> ready.completeExceptionally(new IOException("the process has ended")));
    }

    /**
     * Starts a process and records it before it is given anything to do.
     *
     * @param notices takes what the process tells, topic and content; must not block
     */
    static VmProcess start(
            InstanceId instance, HostDirectory directory, Executor executor, BiConsumer<String, JsonNode> notices)
            throws IOException {
        File log = directory.log(instance).toFile();
        List<String> arguments = List.of("vm", directory.instance(instance).toString());
        Process process = JavaProcess.running(Main.class, HEAP_MEGABYTES, arguments)
                .redirectError(ProcessBuilder.Redirect.appendTo(log))
                .start();
        try {
            ProcessIdentity identity = ProcessIdentity.of(process.toHandle());
            directory.recordProcess(instance, identity);
            return new VmProcess(instance, process, identity, executor, notices);
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    ProcessIdentity identity() {
        return identity;
    }

    boolean isAlive() {
        return process.isAlive() && !control.isClosed();
    }

    /** Completes when the process has ended. */
    CompletableFuture<Process> ended() {
        return process.onExit();
    }

    /** Waits until the process has loaded what it needs. */
    void awaitReady(Duration timeout) throws RpcException {
        try {
            ready.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw RpcException.unreachable("the virtual machine's process was not ready within " + timeout, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RpcException.unreachable("interrupted while the virtual machine's process was awaited", e);
        } catch (ExecutionException e) {
            throw RpcException.unreachable("the virtual machine's process ended before it was ready", e);
        }
    }

    JsonNode call(String method, @Nullable Object params, Duration timeout) throws RpcException {
        return control.call(method, params, timeout);
    }

    /** Kills the process and says whether it has certainly ended within the time. */
    boolean kill(Duration timeout) throws InterruptedException {
        process.destroyForcibly();
        return process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }
}
