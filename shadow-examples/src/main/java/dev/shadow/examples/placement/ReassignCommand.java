package dev.shadow.examples.placement;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shadow.core.placement.reassign.MachineReassigner;
import dev.shadow.core.placement.reassign.Reassignment;
import dev.shadow.core.placement.reassign.ReassignmentFormat;
import dev.shadow.core.placement.reassign.ReassignmentProblem;
import dev.shadow.core.placement.search.BudgetMeter;
import dev.shadow.core.placement.search.CpuClock;
import dev.shadow.core.placement.search.SearchBudget;
import dev.shadow.core.placement.search.SearchProgress;
import dev.shadow.core.placement.search.SeedStreams;
import dev.shadow.examples.process.rpc.Json;
import dev.shadow.spi.InvalidValueException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Solves a machine reassignment problem of the ROADEF/EURO challenge 2012. */
@Command(
        name = "reassign",
        description = {
            "Moves processes between machines to where they cost least, as in the ROADEF/EURO challenge 2012.",
            "",
            "Progress is told on standard error, the result as one line of JSON on standard output. A file whose name ends"
                    + " in .gz is compressed.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:a solution was written",
            "2:the command line or an input was not understood",
            "3:the work could not be carried out"
        })
public final class ReassignCommand implements Callable<Integer> {
    /** Left for writing the solution, and for what the JVM does at its end. */
    private static final double RESERVED_SECONDS = 0.15;

    @Spec
    private CommandSpec spec;

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "Machines, services, processes.")
    private Path model = Path.of("");

    @Option(
            names = "--assignment",
            paramLabel = "FILE",
            required = true,
            description = "The machine of each process at first.")
    private Path assignment = Path.of("");

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "60",
            description =
                    "Processor seconds for each thread, the start of the JVM included (default: ${DEFAULT-VALUE}).")
    private double seconds = 60;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Searches that run side by side, 1 to 64 (default: ${DEFAULT-VALUE}).")
    private int threads = 1;

    @Option(
            names = "--seed",
            paramLabel = "X",
            defaultValue = "1",
            description = "All chance is drawn from it (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where the solution is written.")
    private Path out = Path.of("");

    @Option(names = "--quiet", description = "Tell no progress.")
    private boolean quiet;

    /** Made by picocli. */
    public ReassignCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkOptions();
        ReassignmentProblem problem = readProblem();
        CpuClock clock = CpuClock.ofProcess();
        double allowed = Math.max(0, seconds - RESERVED_SECONDS) * threads;
        SearchBudget budget = SearchBudget.ofCpuTime(Duration.ofNanos((long) (allowed * 1e9)));
        MachineReassigner search =
                MachineReassigner.of(problem, SeedStreams.of(seed), quiet ? progress -> {} : this::tell);
        Reassignment result = solve(search, () -> BudgetMeter.fromZero(budget, clock));
        try (Writer writer = writerTo(out)) {
            ReassignmentFormat.writeAssignment(writer, result.assignment());
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("objective", result.cost().total());
        line.put("lowerBound", problem.lowerBound());
        line.put("cpuSeconds", clock.cpuNanos() / 1e9);
        line.put("evaluations", result.evaluations());
        line.put("load", result.cost().load());
        line.put("balance", result.cost().balance());
        line.put("processMoves", result.cost().processMoves());
        line.put("serviceMoves", result.cost().serviceMoves());
        line.put("machineMoves", result.cost().machineMoves());
        spec.commandLine().getOut().println(Json.line(line));
        return 0;
    }

    private Reassignment solve(MachineReassigner search, Supplier<BudgetMeter> meters) throws InterruptedException {
        if (threads == 1) {
            return search.solve(meters.get());
        }
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            return search.solve(threads, workers, meters);
        } finally {
            workers.shutdown();
        }
    }

    private void checkOptions() {
        if (!(seconds > 0) || seconds > 86_400) {
            throw refused("--seconds must be above 0 and at most 86400, was " + seconds);
        }
        if (threads < 1 || threads > 64) {
            throw refused("--threads must be a number from 1 to 64, was " + threads);
        }
        Path directory = out.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory) || Files.isDirectory(out)) {
            throw refused("--out must name a file in a directory that exists, was '" + out + "'");
        }
        for (Path input : new Path[] {model, assignment}) {
            if (!Files.isRegularFile(input) || !Files.isReadable(input)) {
                throw refused((input.equals(model) ? "--model" : "--assignment")
                        + " must name a file that can be read, was '" + input + "'");
            }
        }
    }

    private ParameterException refused(String complaint) {
        return new ParameterException(spec.commandLine(), complaint);
    }

    private ReassignmentProblem readProblem() throws IOException {
        try (Reader models = readerOf(model);
                Reader assignments = readerOf(assignment)) {
            return ReassignmentFormat.read(models, assignments);
        } catch (ZipException e) {
            throw new InvalidValueException(
                    "a file named .gz", String.valueOf(e.getMessage()), "be compressed by gzip");
        }
    }

    private static Reader readerOf(Path file) throws IOException {
        InputStream bytes = Files.newInputStream(file);
        try {
            InputStream plain = isCompressed(file) ? new GZIPInputStream(bytes, 1 << 16) : bytes;
            return new BufferedReader(new InputStreamReader(plain, UTF_8));
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }

    private static Writer writerTo(Path file) throws IOException {
        OutputStream bytes = Files.newOutputStream(file);
        return new OutputStreamWriter(isCompressed(file) ? new GZIPOutputStream(bytes) : bytes, UTF_8);
    }

    private static boolean isCompressed(Path file) {
        return file.toString().endsWith(".gz");
    }

    private void tell(SearchProgress progress) {
        spec.commandLine()
                .getErr()
                .printf(
                        Locale.ROOT,
                        "%6.1f s  objective %.0f  gap %.2f %%  %d moves%n",
                        progress.cpuNanos() / 1e9,
                        progress.objective(),
                        100 * progress.gap(),
                        progress.steps());
    }
}
