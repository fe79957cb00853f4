package dev.shadow.examples.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shadow.examples.Main;
import dev.shadow.examples.process.host.JavaProcess;
import dev.shadow.examples.process.rpc.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The manager in a process of its own. May be shared. */
final class ManagerProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ManagerProcess.class);

    private final Process process;

    private ManagerProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts a manager.
     *
     * @param settings file of its settings
     * @param log file of its log
     * @param events takes every event, in order, on a thread of this object
     */
    static ManagerProcess start(Path settings, Path log, Consumer<JsonNode> events) throws IOException {
        Process process = JavaProcess.running(Main.class, 256, List.of("manager", settings.toString()))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        ManagerProcess manager = new ManagerProcess(process);
        Thread reader = new Thread(() -> manager.read(events), "manager-events");
        reader.setDaemon(true);
        reader.start();
        return manager;
    }

    private void read(Consumer<JsonNode> events) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                try {
                    events.accept(Json.read(line, JsonNode.class));
                } catch (IOException | RuntimeException e) {
                    LOG.warn("an event was not understood: {}", line, e);
                }
            }
        } catch (IOException e) {
            LOG.debug("the manager's events end: {}", e.toString());
        }
    }

    /** Orders a failover. */
    void failover() throws IOException {
        Writer orders = new OutputStreamWriter(process.getOutputStream(), UTF_8);
        orders.write("failover\n");
        orders.flush();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Kills it with SIGKILL and waits until it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
