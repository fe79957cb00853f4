package dev.shadow.examples.forecast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shadow.forecast.evaluate.BackTestPlan;
import dev.shadow.forecast.evaluate.BackTestReport;
import dev.shadow.forecast.evaluate.BackTestSubject;
import dev.shadow.forecast.evaluate.FleetBackTest;
import dev.shadow.spi.InvalidValueException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tests a method on the past of every series of a file. */
@Command(
        name = "backtest",
        description = {
            "Forecasts every series of a file from several origins in its past and says how good that was.",
            "",
            "The history is read as by 'forecast'. At each origin the method sees the values before it and nothing else."
                    + " The last origin is the horizon before the end of the series. A table of all series together is"
                    + " printed; --out has every figure of every series.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every series was tested",
            "1:some series could not be tested",
            "2:the command line was not understood",
            "3:no series could be tested, or a file could not be read or written"
        })
final class BackTestCommand implements Callable<Integer> {
    private static final int SOME_LEFT_OUT = 1;
    private static final int NOT_CARRIED_OUT = 3;
    private static final int SERIES_PER_THREAD = 4;
    private static final List<Double> LEVELS =
            Arrays.stream(ForecastRun.LEVELS).boxed().toList();

    @Spec
    private CommandSpec spec;

    @Mixin
    private SeriesOptions series;

    @Option(names = "--out", paramLabel = "FILE", description = "Where the report is written, JSON.")
    private @Nullable Path out;

    @Option(names = "--html", paramLabel = "FILE", description = "Where a page for people is written.")
    private @Nullable Path html;

    @Option(
            names = "--origins",
            paramLabel = "N",
            defaultValue = "10",
            description = "Origins in each series, 1 to 1000000 (default: ${DEFAULT-VALUE}).")
    private String origins = "10";

    @Option(
            names = "--spacing",
            paramLabel = "N",
            description = "Steps from one origin to the next, 1 to 1000000 (default: the horizon).")
    private @Nullable String spacing;

    @Option(
            names = "--refit-every",
            paramLabel = "N",
            defaultValue = "1",
            description = "Fit afresh at every so manieth origin and only update the model at the others, 1 to 1000000"
                    + " (default: ${DEFAULT-VALUE}).")
    private String refitEvery = "1";

    @Option(
            names = "--steps",
            paramLabel = "N,...",
            split = ",",
            description =
                    "Ends of the ranges of steps that are also judged apart, ascending, 1 to 1000000 (default: 1, 4,"
                            + " 16 and so on up to the horizon).")
    private @Nullable List<String> steps;

    private int leftOut;

    @Override
    public Integer call() throws IOException {
        Path outFile = series.given("--out", out);
        BackTestSettings settings = settings();
        var forecaster = series.forecaster();
        WorstSeries worst = new WorstSeries();
        Optional<BackTestReport> fleet;
        ExecutorService workers = Executors.newFixedThreadPool(series.threads());
        try (BackTestJson json = BackTestJson.create(outFile, settings);
                Subjects subjects = new Subjects(settings, json)) {
            fleet = FleetBackTest.of(forecaster, LEVELS, workers, SERIES_PER_THREAD * series.threads())
                    .run(subjects, new Notes(subjects, json, worst));
            if (fleet.isPresent()) {
                json.fleet(fleet.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            workers.shutdownNow();
        }
        return outcome(fleet, settings, worst);
    }

    private BackTestSettings settings() {
        var values = series.values();
        Optional<List<Integer>> ends = Optional.empty();
        if (steps != null) {
            List<Integer> given = new ArrayList<>();
            for (String step : steps) {
                int after = given.isEmpty() ? 0 : given.get(given.size() - 1);
                given.add((int) values.number("--steps", step.strip(), after + 1L, 1_000_000));
            }
            ends = Optional.of(given);
        }
        return new BackTestSettings(
                series.method(),
                series.fitting(),
                (int) values.number("--origins", origins, 1, 1_000_000),
                series.horizon(),
                spacing == null
                        ? OptionalInt.empty()
                        : OptionalInt.of((int) values.number("--spacing", spacing, 1, 1_000_000)),
                (int) values.number("--refit-every", refitEvery, 1, 1_000_000),
                ends);
    }

    /** The series of the file that have room for the origins; those without are told. */
    private final class Subjects implements Iterator<BackTestSubject>, AutoCloseable {
        private final BackTestSettings settings;
        private final BackTestJson json;
        private final TaskReader reader;
        private final Deque<Long> lines = new ArrayDeque<>();
        private Optional<BackTestSubject> next = Optional.empty();

        private Subjects(BackTestSettings settings, BackTestJson json) throws IOException {
            this.settings = settings;
            this.json = json;
            this.reader = series.open(problem -> leaveOut(problem, json));
        }

        @Override
        public boolean hasNext() {
            try {
                while (next.isEmpty()) {
                    Optional<ForecastTask> task = reader.read();
                    if (task.isEmpty()) {
                        return false;
                    }
                    prepare(task.get());
                }
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void prepare(ForecastTask task) {
            try {
                BackTestPlan plan = settings.plan(task, LEVELS);
                next = Optional.of(new BackTestSubject(
                        task.id(), task.history(), settings.fitting().options(task), plan));
                lines.add(task.line());
            } catch (InvalidValueException e) {
                leaveOut(new RowProblem(task.line(), task.id(), String.valueOf(e.getMessage())), json);
            }
        }

        @Override
        public BackTestSubject next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            BackTestSubject subject = next.orElseThrow();
            next = Optional.empty();
            return subject;
        }

        /** The line of the oldest series that was not asked for yet; reports come in the order of the series. */
        private long nextLine() {
            return lines.remove();
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }

    private final class Notes implements FleetBackTest.Listener {
        private final Subjects subjects;
        private final BackTestJson json;
        private final WorstSeries worst;

        private Notes(Subjects subjects, BackTestJson json, WorstSeries worst) {
            this.subjects = subjects;
            this.json = json;
            this.worst = worst;
        }

        @Override
        public void tested(BackTestSubject subject, BackTestReport report) {
            json.series(subjects.nextLine(), subject.id(), report);
            worst.add(subject.id(), report);
        }

        @Override
        public void refused(BackTestSubject subject, Exception reason) {
            leaveOut(new RowProblem(subjects.nextLine(), subject.id(), String.valueOf(reason.getMessage())), json);
        }
    }

    private void leaveOut(RowProblem problem, BackTestJson json) {
        leftOut++;
        complain(problem.toString());
        json.problem(problem);
    }

    private int outcome(Optional<BackTestReport> fleet, BackTestSettings settings, WorstSeries worst)
            throws IOException {
        if (fleet.isEmpty()) {
            complain("no series could be tested");
            return NOT_CARRIED_OUT;
        }
        PrintWriter console = spec.commandLine().getOut();
        console.print(AccuracyTable.text(fleet.get()));
        console.flush();
        if (html != null) {
            try (BufferedWriter page = Files.newBufferedWriter(html, UTF_8)) {
                page.write(BackTestPage.of(settings, LEVELS, fleet.get(), worst, leftOut));
            }
        }
        if (leftOut > 0) {
            complain(leftOut + " of " + (fleet.get().series() + leftOut) + " series could not be tested");
            return SOME_LEFT_OUT;
        }
        return 0;
    }

    private void complain(String complaint) {
        spec.commandLine().getErr().println("shadow forecast backtest: " + complaint);
    }
}
