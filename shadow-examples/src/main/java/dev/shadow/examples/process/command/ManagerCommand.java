package dev.shadow.examples.process.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shadow.core.ManagerConfig;
import dev.shadow.core.ShadowManager;
import dev.shadow.core.detect.HeartbeatSettings;
import dev.shadow.core.json.ShadowJson;
import dev.shadow.examples.process.AgentHostProbe;
import dev.shadow.examples.process.AgentSyncEngine;
import dev.shadow.examples.process.Agents;
import dev.shadow.examples.process.Fleet;
import dev.shadow.examples.process.ProcessFencer;
import dev.shadow.examples.process.ProcessHypervisor;
import dev.shadow.examples.process.ProcessInventory;
import dev.shadow.examples.process.Trace;
import dev.shadow.examples.process.TraceMetrics;
import dev.shadow.examples.process.rpc.Json;
import dev.shadow.examples.process.traffic.ForwarderTrafficDirector;
import dev.shadow.forecast.Forecasters;
import dev.shadow.spi.HostId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.profile.PlacementProfile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Runs the manager, prints every event as one line of JSON, and takes {@code failover} on its standard input. It
 * ends when that input does.
 */
@Command(
        name = "manager",
        hidden = true,
        description = "Runs the manager of a fleet and prints every event as one line of JSON.",
        mixinStandardHelpOptions = true)
public final class ManagerCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "Settings, a JSON file.")
    private Path file = Path.of("manager.json");

    @Override
    public Integer call() throws IOException {
        Settings settings = Json.read(Files.readString(file), Settings.class);
        PrintStream events = new PrintStream(System.out, true, UTF_8);
        // Whatever a library prints must not end up between the events.
        System.setOut(System.err);
        InstantSource clock = InstantSource.system();
        PlacementProfile profile = ShadowJson.readProfile(settings.profile());
        Fleet fleet = Json.read(Files.readString(Path.of(settings.fleet())), Fleet.class);
        Path recording = Path.of(settings.recording());
        Set<HostId> hosts = fleet.hosts().stream().map(Fleet.Host::id).collect(Collectors.toUnmodifiableSet());
        Agents agents = Agents.of(fleet);
        ShadowManager manager = ShadowManager.builder()
                .hypervisor(ProcessHypervisor.over(agents))
                .inventory(ProcessInventory.over(Path.of(settings.fleet()), agents))
                .metrics(TraceMetrics.replaying(
                        profile.vm(), hosts, recording, settings.origin(), settings.step(), clock))
                .forecaster(Forecasters.standard())
                .syncEngine(AgentSyncEngine.over(agents, clock))
                .trafficDirector(ForwarderTrafficDirector.of(fleet.forwarder(), fleet.secret()))
                .fencer(ProcessFencer.over(agents, clock, System::nanoTime))
                .hostProbe(AgentHostProbe.over(agents))
                .stateDirectory(Path.of(settings.stateDirectory()))
                .config(config(settings, Trace.read(recording).length))
                .build();
        manager.subscribe(event -> events.println(line(event)));
        manager.apply(profile);
        manager.start();
        events.println("{\"event\":\"ManagerStarted\",\"at\":\"" + clock.instant() + "\"}");
        obey(manager, profile.vm());
        // A manager may end at any moment and lose nothing, so it does not take long over it.
        Runtime.getRuntime().halt(0);
        return 0;
    }

    private static void obey(ShadowManager manager, VmId vm) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String order = in.readLine(); order != null; order = in.readLine()) {
            if (order.equals("failover")) {
                manager.failover(vm).exceptionally(problem -> {
                    System.err.println("failover of " + vm + ": " + problem.getMessage());
                    return null;
                });
            }
        }
    }

    private static ManagerConfig config(Settings settings, int samples) {
        return ManagerConfig.builder()
                .passInterval(Duration.ofMillis(100))
                .callTimeout(Duration.ofSeconds(5))
                .stepDeadline(Duration.ofSeconds(15))
                .retryDelay(Duration.ofMillis(50))
                .maxRetryDelay(Duration.ofMillis(500))
                .exclusionTime(Duration.ofSeconds(2))
                .historyLength(settings.step().multipliedBy(samples))
                .metricRefresh(settings.step())
                .refitInterval(settings.step().multipliedBy(Trace.SAMPLES_PER_DAY))
                .writeTimeout(settings.writeTimeout())
                .scanInterval(Duration.ofSeconds(1))
                .leaseTime(Duration.ofSeconds(5))
                .detector(new HeartbeatSettings(
                        Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofMillis(50), 1, 4))
                .seed(settings.seed())
                .build();
    }

    private static String line(ShadowEvent event) {
        ObjectNode line = (ObjectNode) Json.tree(event);
        line.put("event", event.getClass().getSimpleName());
        return Json.line(line);
    }

    /**
     * What a manager is started with.
     *
     * @param fleet file of the hosts, a {@link Fleet} as JSON
     * @param profile the one profile that is applied, as JSON text
     * @param recording file of the recorded processor load
     * @param origin when the first sample of the recorded load is taken to be
     * @param step time between two samples
     * @param stateDirectory where the manager keeps its records
     * @param writeTimeout how long a synchronous write waits for its replica
     * @param seed everything random is drawn from it
     */
    public record Settings(
            String fleet,
            String profile,
            String recording,
            Instant origin,
            Duration step,
            String stateDirectory,
            Duration writeTimeout,
            long seed) {}
}
