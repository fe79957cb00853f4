package dev.shadow.examples.forecast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shadow.examples.command.OptionValues;
import dev.shadow.spi.forecast.Forecaster;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Forecasts every series of a file. */
@Command(
        name = "forecast",
        description = {
            "Forecasts every series of a file with quantiles.",
            "",
            "The history is a CSV file with the columns id,season,horizon,interval_s,n,values: a row per series, its"
                    + " values oldest first and separated by spaces, NA where one is missing. The forecast has a row per"
                    + " series and step; its column 'mean' is the median. Values may have any unit and sign unless"
                    + " --percent is given. A series that cannot be forecast is told with its line, and the others are"
                    + " forecast.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {ArimaCommand.class, TrainCommand.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every series was forecast",
            "1:some series could not be forecast",
            "2:the command line was not understood",
            "3:no series could be forecast, or a file could not be read or written"
        })
public final class ForecastCommand implements Callable<Integer> {
    private static final int SOME_LEFT_OUT = 1;
    private static final int NOT_CARRIED_OUT = 3;

    @Spec
    private CommandSpec spec;

    @Option(names = "--history", paramLabel = "FILE", description = "The series to forecast.")
    private @Nullable Path history;

    @Option(names = "--out", paramLabel = "FILE", description = "Where the forecasts are written.")
    private @Nullable Path out;

    @Option(
            names = "--timing",
            paramLabel = "FILE",
            description = "Where the cost of each series is written; all are forecast twice then, and the second pass,"
                    + " with a warm JVM, counts.")
    private @Nullable Path timing;

    @Option(
            names = "--method",
            paramLabel = "NAME",
            defaultValue = "ensemble",
            description = "The method: ensemble, lstm, naive, seasonal-naive, theta, ets, arima, histogram"
                    + " (default: ${DEFAULT-VALUE}).")
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

    @Override
    public Integer call() throws IOException {
        OptionValues values = new OptionValues(spec);
        Path historyFile = given("--history", history);
        Path outFile = given("--out", out);
        Map<String, ForecastMethods.Opener> methods = ForecastMethods.all();
        Forecaster forecaster = values.choice("--method", method, methods).open(Optional.ofNullable(model));
        OptionalInt steps = horizon == null
                ? OptionalInt.empty()
                : OptionalInt.of((int) values.number("--horizon", horizon, 1, 1_000_000));
        ForecastRun.Settings settings = new ForecastRun.Settings(
                steps,
                values.number("--seed", seed, 0, Long.MAX_VALUE),
                (int) values.number("--threads", threads, 1, 256),
                percent);
        if (timing != null) {
            warmUp(forecaster, settings, historyFile);
        }
        AtomicInteger leftOut = new AtomicInteger();
        Consumer<RowProblem> problems = problem -> {
            leftOut.incrementAndGet();
            complain(problem.toString());
        };
        int done;
        try (TaskReader tasks = open(historyFile, problems);
                ForecastFiles files = ForecastFiles.create(outFile, Optional.ofNullable(timing))) {
            done = new ForecastRun(forecaster, settings, problems).run(tasks, files::write);
        }
        return outcome(done, leftOut.get());
    }

    private Path given(String name, @Nullable Path file) {
        if (file == null) {
            throw new ParameterException(spec.commandLine(), name + " must name a file");
        }
        return file;
    }

    private static void warmUp(Forecaster forecaster, ForecastRun.Settings settings, Path file) throws IOException {
        Consumer<RowProblem> silent = problem -> {};
        try (TaskReader tasks = open(file, silent)) {
            new ForecastRun(forecaster, settings, silent).run(tasks, forecast -> {});
        }
    }

    /** Characters that are no UTF-8 spoil their row, not the file. */
    private static TaskReader open(Path file, Consumer<RowProblem> problems) throws IOException {
        return TaskReader.open(new InputStreamReader(Files.newInputStream(file), UTF_8), file.toString(), problems);
    }

    private int outcome(int done, int leftOut) {
        if (done == 0) {
            complain("no series could be forecast");
            return NOT_CARRIED_OUT;
        }
        if (leftOut > 0) {
            complain(leftOut + " of " + (done + leftOut) + " series could not be forecast");
            return SOME_LEFT_OUT;
        }
        return 0;
    }

    private synchronized void complain(String complaint) {
        spec.commandLine().getErr().println("shadow forecast: " + complaint);
    }
}
