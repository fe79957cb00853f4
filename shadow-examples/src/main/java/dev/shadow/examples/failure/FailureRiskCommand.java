package dev.shadow.examples.failure;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shadow.forecast.failure.FailureModel;
import dev.shadow.forecast.failure.FailureOptions;
import dev.shadow.forecast.failure.FailureRisk;
import dev.shadow.forecast.failure.HealthCsv;
import dev.shadow.forecast.failure.HealthTable;
import dev.shadow.forecast.failure.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Learns from the health of units whose fate is known and writes the risk of others. */
@Command(
        name = "failure-risk",
        description = {
            "Learns from health readings which units fail, and writes the risk of others.",
            "",
            "Tables are comma-separated, with a header; unit and age_h are needed, a label is 0, 1 or unknown.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class FailureRiskCommand implements Callable<Integer> {
    @Option(names = "--train", paramLabel = "CSV", required = true, description = "Readings with their label.")
    private Path train = Path.of("");

    @Option(names = "--score", paramLabel = "CSV", required = true, description = "Readings to judge.")
    private Path score = Path.of("");

    @Option(names = "--out", paramLabel = "CSV", required = true, description = "Gets unit, age_h and risk.")
    private Path out = Path.of("");

    @Option(names = "--reasons", paramLabel = "CSV", description = "Gets the three main reasons of each risk.")
    private @Nullable Path reasons;

    @Option(
            names = "--label",
            defaultValue = "fails_720h",
            description = "Column of the label. Default: ${DEFAULT-VALUE}.")
    private String label = "";

    @Option(
            names = "--text",
            split = ",",
            defaultValue = "model",
            description = "Columns of text. Default: ${DEFAULT-VALUE}.")
    private List<String> texts = List.of();

    @Option(names = "--threads", defaultValue = "1", description = "Threads. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(names = "--seed", defaultValue = "1", description = "Seed. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Override
    public Integer call() throws IOException {
        HealthCsv csv = HealthCsv.of(label, Set.copyOf(texts));
        HealthTable known;
        try (BufferedReader in = Files.newBufferedReader(train)) {
            known = csv.readLabelled(train.toString(), in);
        }
        HealthTable asked;
        try (BufferedReader in = Files.newBufferedReader(score)) {
            asked = csv.readUnlabelled(score.toString(), in);
        }
        FailureModel model =
                FailureModel.fit(known, FailureOptions.standard(seed).withThreads(threads));
        List<FailureRisk> risks = model.judge(asked, reasons == null ? 0 : 3);
        try (Writer writer = Files.newBufferedWriter(out, UTF_8)) {
            writer.write("unit,age_h,risk\n");
            for (FailureRisk r : risks) {
                writer.write(r.unit() + "," + hours(r) + "," + r.probability() + "\n");
            }
        }
        if (reasons != null) {
            try (Writer writer = Files.newBufferedWriter(reasons, UTF_8)) {
                writer.write("unit,age_h,risk,reasons\n");
                for (FailureRisk r : risks) {
                    String why = r.reasons().stream().map(Reason::text).collect(Collectors.joining("; "));
                    writer.write(r.unit() + "," + hours(r) + "," + r.probability() + "," + why + "\n");
                }
            }
        }
        return 0;
    }

    private static String hours(FailureRisk r) {
        double age = r.ageHours();
        return age == Math.rint(age) && age < 1e15 ? Long.toString((long) age) : Double.toString(age);
    }
}
