package dev.shadow.examples.forecast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shadow.spi.forecast.Forecaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
        subcommands = {ArimaCommand.class, BackTestCommand.class, TrainCommand.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every series was forecast",
            "1:some series could not be forecast, or not be drawn",
            "2:the command line was not understood",
            "3:no series could be forecast, or a file could not be read or written"
        })
public final class ForecastCommand implements Callable<Integer> {
    private static final int SOME_LEFT_OUT = 1;
    private static final int NOT_CARRIED_OUT = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SeriesOptions series;

    @Option(names = "--out", paramLabel = "FILE", description = "Where the forecasts are written.")
    private @Nullable Path out;

    @Option(
            names = "--timing",
            paramLabel = "FILE",
            description = "Where the cost of each series is written; all are forecast twice then, and the second pass,"
                    + " with a warm JVM, counts.")
    private @Nullable Path timing;

    @Option(
            names = "--plot",
            paramLabel = "FILE",
            description = "Where a picture is drawn, SVG: the newest values and the forecast with its 50, 80 and 95 %%"
                    + " bands, of the first " + FanChart.MOST_PANELS + " series or of those that --plot-series names.")
    private @Nullable Path plot;

    @Option(
            names = "--plot-series",
            paramLabel = "ID",
            description = "A series to draw; may be given up to " + FanChart.MOST_PANELS + " times.")
    private List<String> plotSeries = List.of();

    private int leftOut;

    @Override
    public Integer call() throws IOException {
        Path outFile = series.given("--out", out);
        FanChart chart = chart();
        Forecaster forecaster = series.forecaster();
        ForecastRun.Settings settings = new ForecastRun.Settings(series.horizon(), series.threads(), series.fitting());
        if (timing != null) {
            ForecastRun run = new ForecastRun(forecaster, settings, problem -> {});
            try (TaskReader tasks = series.open(run::skipped)) {
                run.run(tasks, forecast -> {});
            }
        }
        ForecastRun run = new ForecastRun(forecaster, settings, problem -> {
            leftOut++;
            complain(problem.toString());
        });
        int done;
        try (TaskReader tasks = series.open(run::skipped);
                ForecastFiles files = ForecastFiles.create(outFile, Optional.ofNullable(timing))) {
            done = run.run(tasks, forecast -> {
                files.write(forecast);
                chart.offer(forecast);
            });
        }
        if (plot != null && done > 0) {
            Files.writeString(plot, chart.svg(), UTF_8);
        }
        return outcome(done, chart.notFound());
    }

    private FanChart chart() {
        if (plot == null && !plotSeries.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--plot-series needs --plot");
        }
        if (plotSeries.size() > FanChart.MOST_PANELS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--plot-series must be given at most " + FanChart.MOST_PANELS + " times, was " + plotSeries.size());
        }
        if (plot == null) {
            return FanChart.ofNone();
        }
        String unit = series.fitting().percent() ? "%" : "";
        return plotSeries.isEmpty() ? FanChart.ofFirst(unit) : FanChart.of(plotSeries, unit);
    }

    private int outcome(int done, List<String> notDrawn) {
        if (done == 0) {
            complain("no series could be forecast");
            return NOT_CARRIED_OUT;
        }
        notDrawn.forEach(id -> complain("--plot-series " + id + ": no such series was forecast"));
        if (leftOut > 0) {
            complain(leftOut + " of " + (done + leftOut) + " series could not be forecast");
        }
        return leftOut > 0 || !notDrawn.isEmpty() ? SOME_LEFT_OUT : 0;
    }

    private void complain(String complaint) {
        spec.commandLine().getErr().println("shadow forecast: " + complaint);
    }
}
