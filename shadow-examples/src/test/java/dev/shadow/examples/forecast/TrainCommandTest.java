package dev.shadow.examples.forecast;

import static org.assertj.core.api.Assertions.assertThat;

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
import picocli.CommandLine;

final class TrainCommandTest {
    private static final String HEAD = "id,season,horizon,interval_s,n,values";

    @TempDir
    Path directory;

    private final StringWriter err = new StringWriter();

    private static String row(String id, int from, int to) {
        String values = IntStream.range(from, to)
                .mapToObj(t -> Double.toString(50 + 20 * Math.sin(t / 4.0) + t * 7919L % 11))
                .collect(Collectors.joining(" "));
        return id + ",24,3,3600," + (to - from) + "," + values;
    }

    private int run(String... arguments) {
        CommandLine program = new CommandLine(new ForecastCommand());
        program.setErr(new PrintWriter(err, true));
        program.setOut(new PrintWriter(new StringWriter(), true));
        program.setExecutionExceptionHandler((e, line, parsed) -> {
            line.getErr().println(e.getMessage());
            return 3;
        });
        return program.execute(arguments);
    }

    private String file(String name, String... lines) throws IOException {
        Path file = directory.resolve(name);
        Files.write(file, List.of(lines));
        return file.toString();
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private int train(String history, String model, String... more) {
        List<String> all = new ArrayList<>(
                List.of("train", "--history", history, "--model", model, "--hidden", "8", "--batches", "3"));
        all.addAll(List.of(more));
        return run(all.toArray(String[]::new));
    }

    @Test
    void trainsANetworkThatForecasts() throws IOException {
        String history = file("x.csv", HEAD, row("a", 0, 400), row("b", 3, 500));
        assertThat(train(history, path("x.model"))).as(err.toString()).isZero();
        assertThat(run("--history", history, "--out", path("x.out"), "--method", "lstm", "--model", path("x.model")))
                .as(err.toString())
                .isZero();
        assertThat(Files.readAllLines(directory.resolve("x.out"))).hasSize(1 + 2 * 3);
    }

    @Test
    void originsOfOneSeriesAreTheSameAsTheWholeSeries() throws IOException {
        String parts = file("parts.csv", HEAD, row("a@300", 0, 300), row("a@500", 200, 500));
        String whole = file("whole.csv", HEAD, row("a", 0, 500));
        assertThat(train(parts, path("parts.model"))).as(err.toString()).isZero();
        assertThat(train(whole, path("whole.model"), "--threads", "2"))
                .as(err.toString())
                .isZero();
        assertThat(directory.resolve("parts.model")).hasSameBinaryContentAs(directory.resolve("whole.model"));
    }

    @Test
    void goesOnFromATrainedNetwork() throws IOException {
        String history = file("x.csv", HEAD, row("a", 0, 400));
        assertThat(train(history, path("one.model"))).isZero();
        assertThat(train(history, path("two.model"), "--from", path("one.model")))
                .isZero();
    }

    @Test
    void damagedNetworkIsToldWithItsFile() throws IOException {
        String history = file("x.csv", HEAD, row("a", 0, 400));
        String damaged = file("damaged.model", "no network at all, but long enough to be read as a header of one");
        assertThat(train(history, path("x.model"), "--from", damaged)).isEqualTo(3);
        assertThat(err.toString()).contains("damaged.model").contains("SHDWLSTM");
    }

    @Test
    void seriesThatAreTooShortAreTold() throws IOException {
        assertThat(train(file("x.csv", HEAD, row("a", 0, 20)), path("x.model"))).isEqualTo(3);
        assertThat(err.toString()).contains("long enough");
    }
}
