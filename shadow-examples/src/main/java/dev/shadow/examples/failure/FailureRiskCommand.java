package dev.shadow.examples.failure;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shadow.examples.command.OptionValues;
import dev.shadow.forecast.failure.AlarmCosts;
import dev.shadow.forecast.failure.AlarmCurve;
import dev.shadow.forecast.failure.FailureModel;
import dev.shadow.forecast.failure.FailureOptions;
import dev.shadow.forecast.failure.FailureRisk;
import dev.shadow.forecast.failure.FittedOn;
import dev.shadow.forecast.failure.HealthCsv;
import dev.shadow.forecast.failure.HealthTable;
import dev.shadow.forecast.failure.Reason;
import dev.shadow.spi.InvalidValueException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Learns from the health of units whose fate is known and writes the risk of others. */
@Command(
        name = "failure-risk",
        description = {
            "Learns from health readings which units fail, and writes the risk of others.",
            "",
            "Tables are comma-separated with a header. The columns unit and age_h are needed; every other one is a"
                    + " signal, an empty cell a missing number. A label is 1 (failed), 0 (healthy), or mitigated or"
                    + " unknown where nobody can tell. Equal tables and seed give equal risks with any number of"
                    + " threads.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the risks were written",
            "2:the command line or a table was not understood",
            "3:a file could not be read or written"
        })
public final class FailureRiskCommand implements Callable<Integer> {
    private static final int MOST_REASONS = 3;

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Origin origin = new Origin();

    @Option(names = "--score", paramLabel = "CSV", required = true, description = "Readings to judge.")
    private Path score = Path.of("");

    @Option(names = "--out", paramLabel = "CSV", required = true, description = "Gets unit, age_h and risk.")
    private Path out = Path.of("");

    @Option(
            names = "--reasons",
            paramLabel = "CSV",
            description = "Gets the " + MOST_REASONS + " main reasons of each risk.")
    private @Nullable Path reasons;

    @Option(names = "--save", paramLabel = "FILE", description = "Gets the model, to be taken with --model.")
    private @Nullable Path save;

    @Option(
            names = "--costs",
            paramLabel = "A,F,U",
            description = "Cost of acting on a unit for one period, of a foreseen failure and of an unforeseen one;"
                    + " tells from which risk acting pays, and what that would have done.")
    private @Nullable String costs;

    @Option(
            names = "--label",
            paramLabel = "NAME",
            defaultValue = "fails_720h",
            description = "Column of the label (default: ${DEFAULT-VALUE}).")
    private String label = "fails_720h";

    @Option(
            names = "--text",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "model",
            description = "Columns of text (default: ${DEFAULT-VALUE}).")
    private List<String> texts = List.of("model");

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads, 1 to 64 (default: ${DEFAULT-VALUE}).")
    private String threads = "1";

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Everything random is drawn from it, 0 or more (default: ${DEFAULT-VALUE}).")
    private String seed = "1";

    /** Where the model comes from. */
    static final class Origin {
        @Option(names = "--train", paramLabel = "CSV", required = true, description = "Readings with their label.")
        private @Nullable Path train;

        @Option(names = "--model", paramLabel = "FILE", required = true, description = "A saved model.")
        private @Nullable Path model;
    }

    @Override
    public Integer call() throws IOException {
        OptionValues values = new OptionValues(spec);
        int threadCount = (int) values.number("--threads", threads, 1, 64);
        FailureOptions options = FailureOptions.standard(values.number("--seed", seed, 0, Long.MAX_VALUE));
        AlarmCosts alarmCosts = costs == null ? null : costs(values, costs);
        HealthCsv csv = HealthCsv.of(label, Set.copyOf(texts));
        HealthTable asked;
        try (BufferedReader in = Files.newBufferedReader(score)) {
            asked = csv.readUnlabelled(score.toString(), in);
        }
        FailureModel model = origin.train == null
                ? loaded(Objects.requireNonNull(origin.model))
                : learned(origin.train, csv, options, threadCount);
        if (save != null) {
            write(model, save);
        }
        tell(model, alarmCosts);
        List<FailureRisk> risks = judged(model, asked);
        write(risks);
        if (reasons != null) {
            writeReasons(risks, reasons);
        }
        return 0;
    }

    private static FailureModel loaded(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return FailureModel.load(in);
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static FailureModel learned(Path file, HealthCsv csv, FailureOptions options, int threadCount)
            throws IOException {
        HealthTable known;
        try (BufferedReader in = Files.newBufferedReader(file)) {
            known = csv.readLabelled(file.toString(), in);
        }
        ExecutorService executor = Executors.newFixedThreadPool(threadCount);
        try {
            return FailureModel.fit(known, options, executor);
        } catch (InvalidValueException e) {
            throw in(file, e);
        } finally {
            executor.shutdownNow();
        }
    }

    private List<FailureRisk> judged(FailureModel model, HealthTable asked) {
        try {
            return model.judge(asked, reasons == null ? 0 : MOST_REASONS);
        } catch (InvalidValueException e) {
            throw in(score, e);
        }
    }

    private static InvalidValueException in(Path file, InvalidValueException e) {
        return new InvalidValueException(file + ", " + e.field(), e.value(), e.allowed());
    }

    private static AlarmCosts costs(OptionValues values, String text) {
        List<String> parts = List.of(text.split(",", -1));
        String allowed = "be three numbers A,F,U with A above 0 and U above F";
        if (parts.size() != 3) {
            throw values.refused("--costs", text, allowed);
        }
        try {
            return new AlarmCosts(
                    Double.parseDouble(parts.get(0)),
                    Double.parseDouble(parts.get(1)),
                    Double.parseDouble(parts.get(2)));
        } catch (IllegalArgumentException e) {
            throw values.refused("--costs", text, allowed + " (" + e.getMessage() + ")");
        }
    }

    private void tell(FailureModel model, @Nullable AlarmCosts alarmCosts) {
        FittedOn f = model.fittedOn();
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "learned from %d units aged %.0f to %.0f hours: %d failed, %d healthy and %d unknown rows, seed %d;"
                                + " on unseen units Brier skill %.4f, log loss %.5f%n",
                        f.units(),
                        f.youngestHours(),
                        f.oldestHours(),
                        f.failed(),
                        f.healthy(),
                        f.unknown(),
                        f.options().seed(),
                        f.brierSkill(),
                        f.logLoss());
        if (alarmCosts != null) {
            tell(model.alarms(), alarmCosts);
        }
    }

    private void tell(AlarmCurve alarms, AlarmCosts alarmCosts) {
        AlarmCurve.Point point = alarms.cheapest(alarmCosts);
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "acting pays from a risk of %.5f; cheapest on unseen units was %s: %d alarms in %d rows found %d of"
                                + " %d failures%n",
                        alarmCosts.threshold(),
                        point.alarms() == 0 ? "none" : String.format(Locale.ROOT, "%.5f", point.threshold()),
                        point.alarms(),
                        alarms.rows(),
                        point.found(),
                        alarms.failures());
    }

    /** Writes beside the file and renames, so that a model that is in use is never half new. */
    private static void write(FailureModel model, Path file) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        try (OutputStream to = new BufferedOutputStream(Files.newOutputStream(unfinished))) {
            model.save(to);
        }
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private void write(List<FailureRisk> risks) throws IOException {
        try (Writer writer = Files.newBufferedWriter(out, UTF_8)) {
            writer.write("unit,age_h,risk\n");
            for (FailureRisk r : risks) {
                writer.write(r.unit() + "," + plain(r.ageHours()) + "," + r.probability() + "\n");
            }
        }
    }

    private static void writeReasons(List<FailureRisk> risks, Path file) throws IOException {
        try (Writer writer = Files.newBufferedWriter(file, UTF_8)) {
            writer.write("unit,age_h,risk,rank,signal,value,log_odds,reason\n");
            for (FailureRisk r : risks) {
                int rank = 1;
                for (Reason reason : r.reasons()) {
                    writer.write(String.join(
                                    ",",
                                    r.unit(),
                                    plain(r.ageHours()),
                                    Double.toString(r.probability()),
                                    Integer.toString(rank++),
                                    reason.signal(),
                                    Double.isNaN(reason.value()) ? "" : plain(reason.value()),
                                    String.format(Locale.ROOT, "%.4f", reason.logOdds()),
                                    reason.text())
                            + "\n");
                }
            }
        }
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }
}
