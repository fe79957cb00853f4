package dev.shadow.examples.drill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.core.json.ShadowJson;
import dev.shadow.examples.Main;
import dev.shadow.examples.process.Fleet;
import dev.shadow.examples.process.Trace;
import dev.shadow.examples.process.command.ManagerCommand;
import dev.shadow.examples.process.host.JavaProcess;
import dev.shadow.examples.process.rpc.Json;
import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.VmId;
import dev.shadow.spi.profile.PlacementProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManagerProcessTest {
    private static final VmId VM = VmId.of("some-vm");

    @TempDir
    private Path directory;

    @Test
    void secondManagerOnTheSameStateDirectoryIsRefusedInOneLine() throws Exception {
        Path settings = settings();
        CountDownLatch started = new CountDownLatch(1);
        ManagerProcess first = ManagerProcess.start(settings, directory.resolve("first.log"), event -> {
            if (event.path("event").asText().equals("ManagerStarted")) {
                started.countDown();
            }
        });
        try {
            assertThat(started.await(30, TimeUnit.SECONDS))
                    .as("the first manager starts")
                    .isTrue();

            Process second = JavaProcess.running(Main.class, 128, List.of("manager", settings.toString()))
                    .start();
            String complaint = new String(second.getErrorStream().readAllBytes(), UTF_8);

            assertThat(second.waitFor()).isEqualTo(3);
            assertThat(complaint.lines().filter(line -> line.startsWith("shadow manager: ")))
                    .singleElement()
                    .asString()
                    .contains(directory.resolve("state").toString());
            assertThat(first.isAlive()).isTrue();
        } finally {
            first.kill();
        }
    }

    /** A fleet whose only host was never started. */
    private Path settings() throws Exception {
        Resources size = new Resources(1000, 1 << 20, 1 << 20, 1000);
        Fleet.Host host = new Fleet.Host(
                HostId.of("h1"),
                new FailureDomain("region", "zone", "rack", "h1"),
                directory.resolve("h1").toString(),
                size,
                0);
        Fleet.Machine machine = new Fleet.Machine(VM, InstanceId.of("primary"), host.id(), size);
        Path fleet = directory.resolve("fleet.json");
        Files.writeString(fleet, Json.line(new Fleet("secret", 1, List.of(host), List.of(machine))));
        Path recording = directory.resolve("load.csv");
        Trace.copyTo(recording);
        ManagerCommand.Settings settings = new ManagerCommand.Settings(
                fleet.toString(),
                ShadowJson.write(PlacementProfile.builder(VM).build()),
                recording.toString(),
                Instant.parse("2024-03-01T00:00:00Z"),
                Duration.ofMillis(250),
                directory.resolve("state").toString(),
                Duration.ofSeconds(1),
                1);
        Path file = directory.resolve("manager.json");
        Files.writeString(file, Json.line(settings));
        return file;
    }
}
