package dev.shadow.examples.forecast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shadow.examples.command.OptionValues;
import dev.shadow.spi.forecast.Forecaster;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of commands that fit every series of a file. */
final class SeriesOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--history", paramLabel = "FILE", description = "The series.")
    private @Nullable Path history;

    @Option(
            names = "--method",
            paramLabel = "NAME",
            defaultValue = "ensemble",
            completionCandidates = MethodNames.class,
            description = "The method: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private String method = "ensemble";

    @Option(names = "--model", paramLabel = "FILE", description = "A trained model, for a method that takes one.")
    private @Nullable Path model;

    @Option(
            names = "--horizon",
            paramLabel = "N",
            description = "Steps to forecast, 1 to 1000000, in place of what the history says.")
    private @Nullable String horizon;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads that forecast, 1 to 256 (default: ${DEFAULT-VALUE}).")
    private String threads = "1";

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Whatever a method draws comes from it, 0 or more (default: ${DEFAULT-VALUE}).")
    private String seed = "1";

    @Option(
            names = "--percent",
            description = "Values are percentages: a series with one below 0 or above 100 is refused, and no forecast"
                    + " leaves that range.")
    private boolean percent;

    /** The names that {@code --method} takes. */
    static final class MethodNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return new ArrayList<>(ForecastMethods.all().keySet()).iterator();
        }
    }

    /** The file of an option that must be given. */
    Path given(String name, @Nullable Path file) {
        if (file == null) {
            throw new ParameterException(spec.commandLine(), name + " must name a file");
        }
        return file;
    }

    Path history() {
        return given("--history", history);
    }

    String method() {
        return method;
    }

    Forecaster forecaster() throws IOException {
        return values().choice("--method", method, ForecastMethods.all()).open(Optional.ofNullable(model));
    }

    OptionalInt horizon() {
        return horizon == null
                ? OptionalInt.empty()
                : OptionalInt.of((int) values().number("--horizon", horizon, 1, 1_000_000));
    }

    int threads() {
        return (int) values().number("--threads", threads, 1, 256);
    }

    /** How the series are fitted. */
    Fitting fitting() {
        return new Fitting(values().number("--seed", seed, 0, Long.MAX_VALUE), percent);
    }

    OptionValues values() {
        return new OptionValues(spec);
    }

    /** Opens the history. Characters that are no UTF-8 spoil their row, not the file. */
    TaskReader open(Consumer<RowProblem> problems) throws IOException {
        Path file = history();
        return TaskReader.open(new InputStreamReader(Files.newInputStream(file), UTF_8), file.toString(), problems);
    }
}
