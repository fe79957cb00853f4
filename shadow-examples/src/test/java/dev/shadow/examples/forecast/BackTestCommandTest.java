package dev.shadow.examples.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class BackTestCommandTest {
    private static final String HEAD = "id,season,horizon,interval_s,n,values";

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /**
     * The seasonal naive of season 2 says 1, 3, 1, 3 for the last four of the steps; what came is 2, 3, 4, 3 in
     * the first series and what was said in the second. The mean seasonal difference before the origin is 1 in the
     * first, where 2 of 8 pairs differ by 4, and 0 in the second.
     */
    @Test
    void reportsFiguresThatWereComputedByHand() throws IOException {
        write(HEAD, "a,2,4,300,14,1 3 1 3 1 3 5 3 1 3 2 3 4 3", "b,2,4,300,14,1 3 1 3 1 3 1 3 1 3 1 3 1 3");

        assertThat(run("--origins", "1", "--method", "seasonal-naive", "--steps", "2,4"))
                .isZero();

        JsonNode report = report();
        JsonNode a = report.path("series").path(0);
        assertThat(a.path("id").asText()).isEqualTo("a");
        assertThat(a.path("overall").path("mase").asDouble()).isCloseTo((1 + 3) / 4.0, within(1e-9));
        assertThat(a.path("overall").path("smape").asDouble())
                .isCloseTo((200 * 1 / 3.0 + 200 * 3 / 5.0) / 4, within(1e-9));
        assertThat(a.path("ranges").path(0).path("mase").asDouble()).isCloseTo(0.5, within(1e-9));
        assertThat(a.path("ranges").path(1).path("absoluteError").asDouble()).isCloseTo(1.5, within(1e-9));
        JsonNode fleet = report.path("fleet");
        assertThat(fleet.path("series").asInt()).isEqualTo(2);
        assertThat(fleet.path("overall").path("forecasts").asInt()).isEqualTo(2);
        assertThat(fleet.path("overall").path("unscaled").asInt()).isEqualTo(1);
        assertThat(fleet.path("overall").path("mase").asDouble()).isCloseTo(1, within(1e-9));
        assertThat(fleet.path("overall").path("absoluteError").asDouble()).isCloseTo(0.5, within(1e-9));
        assertThat(report.path("series").path(1).path("overall").path("mase").isNull())
                .isTrue();
    }

    @Test
    void printsATableOfAllSeries() throws IOException {
        write(HEAD, row("a", 4, wave(60)));

        assertThat(run()).isZero();

        List<String> lines = out.toString().lines().toList();
        assertThat(lines.get(0)).isEqualTo("1 series, 10 forecasts, 40 outcomes");
        assertThat(lines.get(1)).contains("steps", "OWA", "MASE", "sMAPE", "pinball", "MSIS95", "inside 80 %");
        assertThat(lines.subList(2, lines.size()))
                .extracting(line -> line.strip().replaceAll(" .*", ""))
                .containsExactly("1", "2..4", "1..4");
    }

    @Test
    void reportsTheSameOnSeveralThreads() throws IOException {
        write(IntStream.range(0, 40)
                .mapToObj(i -> i == 0 ? HEAD : row("s" + i, 3, wave(50 + i)))
                .toArray(String[]::new));

        assertThat(run()).isZero();
        JsonNode one = report();
        assertThat(run("--threads", "3")).isZero();

        assertThat(report()).isEqualTo(one);
        assertThat(one.path("series").size()).isEqualTo(39);
    }

    @Test
    void tellsWhichSeriesHaveNoRoomAndTestsTheOthers() throws IOException {
        write(HEAD, row("short", 4, wave(30)), "bad,1,2,300,3,1 x 3", row("good", 4, wave(60)));

        assertThat(run("--percent")).isEqualTo(1);

        assertThat(err.toString())
                .contains(
                        "line 2, series short: origins must be at most 7 for 30 values, 4 steps ahead and 4 apart, was"
                                + " 10")
                .contains("line 3, series bad: value 2 must be a number or NA, was 'x'")
                .contains("2 of 3 series could not be tested");
        assertThat(report().path("series").findValuesAsText("id")).containsExactly("short", "bad", "good");
        assertThat(report().path("series").path(1).path("problem").asText()).startsWith("value 2 must be");
        assertThat(report().path("fleet").path("series").asInt()).isEqualTo(1);
    }

    @Test
    void failsIfNoSeriesCouldBeTested() throws IOException {
        write(HEAD, row("short", 4, wave(9)));

        assertThat(run()).isEqualTo(3);

        assertThat(err.toString()).contains("no series could be tested");
        assertThat(report().path("fleet").isMissingNode()).isTrue();
    }

    @Test
    void writesAPageThatEscapesNames() throws IOException {
        write(HEAD, row("<b>&", 4, wave(60)));

        assertThat(run("--html", directory.resolve("x.html").toString())).isZero();

        String page = Files.readString(directory.resolve("x.html"));
        assertThat(page).contains("<td>&lt;b&gt;&amp;</td>", "Back-test of ensemble", "10 forecasts");
        assertThat(page).doesNotContain("<b>", "NaN");
    }

    @Test
    void updatesBetweenFitsIfToldTo() throws IOException {
        write(HEAD, row("a", 4, wave(80)));

        assertThat(run("--method", "seasonal-naive", "--refit-every", "5")).isZero();
        JsonNode updated = report().path("fleet");
        assertThat(run("--method", "seasonal-naive")).isZero();

        assertThat(updated).isEqualTo(report().path("fleet"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --origins     | 0
                    --spacing     | -1
                    --refit-every | x
                    --steps       | 0
                    --method      | magic
                    """)
    void refusesAWrongOption(String option, String value) throws IOException {
        write(HEAD, row("a", 4, wave(60)));

        assertThat(run(option, value)).isEqualTo(2);

        assertThat(err.toString()).contains(option + " must be").contains("was '" + value + "'");
    }

    @Test
    void refusesRangesThatDoNotAscend() throws IOException {
        write(HEAD, row("a", 4, wave(60)));

        assertThat(run("--steps", "3,3")).isEqualTo(2);

        assertThat(err.toString()).contains("--steps must be a number from 4 to 1000000, was '3'");
    }

    private static String row(String id, int horizon, String values) {
        return id + ",1," + horizon + ",300," + values.split(" ").length + "," + values;
    }

    private static String wave(int length) {
        return IntStream.range(0, length).mapToObj(t -> "" + (t * 7 % 11)).collect(Collectors.joining(" "));
    }

    private void write(String... lines) throws IOException {
        Files.write(directory.resolve("x.history.csv"), List.of(lines));
    }

    private JsonNode report() throws IOException {
        return new ObjectMapper().readTree(directory.resolve("x.json").toFile());
    }

    private int run(String... more) {
        List<String> args = new ArrayList<>(List.of(
                "backtest",
                "--history",
                directory.resolve("x.history.csv").toString(),
                "--out",
                directory.resolve("x.json").toString()));
        args.addAll(List.of(more));
        return new CommandLine(new ForecastCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println(e.getMessage());
                    return 3;
                })
                .execute(args.toArray(String[]::new));
    }
}
