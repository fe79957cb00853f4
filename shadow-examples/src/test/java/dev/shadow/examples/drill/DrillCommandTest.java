package dev.shadow.examples.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shadow.examples.process.rpc.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class DrillCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--mode | quick | --mode must be one of async, sync, was 'quick'",
                "--kill | everything | --kill must be one of manager, none, source-host, source-vm, target-host, was 'everything'",
                "--on-link-loss | panic | --on-link-loss must be one of fall-back, hold-writes, was 'panic'",
                "--disk-size | 10 | --disk-size must be a size such as 64M, from 1M to 16G, was '10'",
                "--disk-size | huge | --disk-size must be a size such as 64M, from 1M to 16G, was 'huge'",
                "--disk-size | 999999999999G | --disk-size must be a size such as 64M, from 1M to 16G, was '999999999999G'",
                "--clients | 0 | --clients must be a number from 1 to 64, was '0'",
                "--clients | many | --clients must be a number from 1 to 64, was 'many'",
                "--writes-per-second | -1 | --writes-per-second must be a number from 1 to 100000, was '-1'",
                "--value-bytes | 31 | --value-bytes must be a number from 32 to 65536, was '31'",
                "--load-before-kill | 5 | --load-before-kill must be a time such as 500ms, 4s or 1m, from 0ms to 3600s, was '5'",
                "--duration | 2h | --duration must be a time such as 500ms, 4s or 1m, from 0ms to 3600s, was '2h'",
                "--trace-step | 1ms | --trace-step must be a time such as 500ms, 4s or 1m, from 50ms to 10s, was '1ms'",
                "--rpo | 0s | --rpo must be a time such as 500ms, 4s or 1m, from 50ms to 60s, was '0s'",
                "--seed | x | --seed must be a number of at least 0, was 'x'",
                "--repeat | 0 | --repeat must be a number from 1 to 1000, was '0'",
                "--json | /no/such/directory/report.json | --json must name a file in a directory that exists, was '/no/such/directory/report.json'",
            })
    void refusesAWrongValueNamingOptionValueAndWhatIsAllowed(String option, String value, String complaint) {
        assertThat(run(option, value)).isEqualTo(2);
        assertThat(err.toString()).startsWith(complaint);
    }

    @Test
    void refusesAWorkDirectoryThatHoldsSomething() throws Exception {
        Files.writeString(directory.resolve("mine.txt"), "precious");

        assertThat(run("--work-dir", directory.toString())).isEqualTo(2);
        assertThat(err.toString()).startsWith("--work-dir must be empty or missing, was");
        assertThat(directory.resolve("mine.txt")).hasContent("precious");
    }

    @Test
    void synchronousDrillLosesNothing() throws Exception {
        JsonNode report = drill(0, "--mode", "sync");

        assertThat(report.path("holds").asBoolean()).isTrue();
        assertThat(report.path("lost").asLong()).isZero();
        assertThat(report.path("writes").asLong()).isGreaterThan(100);
        assertThat(report.path("failover").path("to").asText()).isEqualTo("b1");
        assertThat(report.path("failover").path("everyWriteKept").asBoolean()).isTrue();
        assertThat(report.path("forecastLeadMillis").asDouble())
                .as("forecast ahead of the rise")
                .isPositive();
        assertThat(out.toString()).contains("data check                    HOLDS");
    }

    @Test
    void asynchronousDrillOverACutLinkLosesExactlyWhatWasNotCommitted() throws Exception {
        JsonNode report = drill(0, "--mode", "async", "--cut-link");

        assertThat(report.path("holds").asBoolean()).isTrue();
        assertThat(report.path("failover").path("lastWrite").asLong()).isPositive();
        assertThat(report.path("lost").asLong() == 0)
                .isEqualTo(report.path("rpoBytes").asLong() == 0);
        assertThat(out.toString()).contains("is CUT", "is mended");
    }

    @Test
    void drillSurvivesAManagerThatIsKilledAndStartedAgain() throws Exception {
        JsonNode report = drill(0, "--kill", "manager");

        assertThat(report.path("lost").asLong()).isZero();
        assertThat(out.toString()).contains("nothing was made twice");
    }

    @Test
    void drillThatLosesItsShadowsHostGetsItBack() throws Exception {
        JsonNode report = drill(0, "--kill", "target-host");

        assertThat(report.path("lost").asLong()).isZero();
        assertThat(report.path("failover").isNull()).isTrue();
    }

    @Test
    void fullDiskStopsTheClientsAndLosesNothing() throws Exception {
        JsonNode report = drill(0, "--kill", "none", "--disk-size", "1M", "--value-bytes", "8192");

        assertThat(report.path("lost").asLong()).isZero();
        assertThat(out.toString()).contains("stopped: disk full:");
    }

    private JsonNode drill(int expectedExit, String... options) throws Exception {
        Path work = directory.resolve("work");
        List<String> arguments = new ArrayList<>(Arrays.asList(options));
        arguments.addAll(List.of("--work-dir", work.toString(), "--trace-step", "100ms"));
        arguments.addAll(List.of("--load-before-kill", "500ms", "--duration", "500ms", "--clients", "2"));
        if (!arguments.contains("--disk-size")) {
            arguments.addAll(List.of("--disk-size", "4M"));
        }
        int exit = run(arguments.toArray(String[]::new));
        assertThat(exit).as(out + "\n" + err).isEqualTo(expectedExit);
        assertThat(ProcessHandle.current().descendants().filter(DrillCommandTest::isOfTheDrill))
                .as("processes that outlived the drill")
                .isEmpty();
        return Json.read(Files.readString(work.resolve("report.json")), JsonNode.class);
    }

    private static boolean isOfTheDrill(ProcessHandle process) {
        return process.info().commandLine().map(line -> line.contains("/work/")).orElse(false);
    }

    private int run(String... arguments) {
        return new CommandLine(new DrillCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
