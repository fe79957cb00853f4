package dev.shadow.examples.forecast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shadow.examples.command.OptionValues;
import dev.shadow.forecast.lstm.LstmNetwork;
import dev.shadow.forecast.lstm.LstmTraining;
import dev.shadow.spi.forecast.ForecastException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains the network of the method lstm on the series of one or more files. */
@Command(
        name = "train",
        description = {
            "Trains one network on many series, for 'forecast --method lstm --model FILE'.",
            "",
            "The histories are files as 'forecast' reads them. Rows that are origins of one series, named"
                    + " series@origin, are put together to one, so that none is learned twice. The last part of each"
                    + " series judges and does not train. Equal inputs and seed give equal files with any number of"
                    + " threads, unless --seconds ends the training.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the network was trained and written",
            "2:the command line was not understood",
            "3:no series can be trained on, or a file could not be read or written"
        })
public final class TrainCommand implements Callable<Integer> {
    private static final int NOT_CARRIED_OUT = 3;

    @Spec
    private CommandSpec spec;

    @Option(names = "--history", paramLabel = "FILE", required = true, description = "Series to train on; repeatable.")
    private List<Path> histories = new ArrayList<>();

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "Where the network is written.")
    private Path model = Path.of("");

    @Option(names = "--from", paramLabel = "FILE", description = "A network to go on from, in place of a fresh one.")
    private @Nullable Path from;

    @Option(
            names = "--hidden",
            paramLabel = "N",
            defaultValue = "32",
            description = "Cells, a multiple of 8 from 8 to 256 (default: ${DEFAULT-VALUE}).")
    private String hidden = "32";

    @Option(
            names = "--batches",
            paramLabel = "N",
            defaultValue = "3000",
            description = "Batches of 128 windows at most (default: ${DEFAULT-VALUE}).")
    private String batches = "3000";

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

    @Option(names = "--seconds", paramLabel = "N", description = "Ends the training after so many seconds.")
    private @Nullable String seconds;

    @Override
    public Integer call() throws IOException {
        OptionValues values = new OptionValues(spec);
        LstmTraining.Builder training = LstmTraining.builder()
                .hidden((int) values.number("--hidden", hidden, 8, 256))
                .batches((int) values.number("--batches", batches, 1, 10_000_000))
                .threads((int) values.number("--threads", threads, 1, 64))
                .seed(values.number("--seed", seed, 0, Long.MAX_VALUE));
        if (seconds != null) {
            long end = System.nanoTime() + 1_000_000_000L * values.number("--seconds", seconds, 1, 1_000_000);
            training.limit(() -> System.nanoTime() - end >= 0);
        }
        if (from != null) {
            training.startFrom(read(from));
        }
        WholeSeries series = collected();
        try {
            LstmNetwork network = training.season(series.season()).build().train(series.all());
            write(network, model);
            tell(network.training());
            return 0;
        } catch (ForecastException e) {
            complain(Objects.toString(e.getMessage()));
            return NOT_CARRIED_OUT;
        }
    }

    private static LstmNetwork read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return LstmNetwork.load(in);
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private WholeSeries collected() throws IOException {
        WholeSeries series = new WholeSeries();
        for (Path history : histories) {
            try (TaskReader reader = TaskReader.open(
                    new InputStreamReader(Files.newInputStream(history), UTF_8),
                    history.toString(),
                    problem -> complain(history + ", " + problem))) {
                for (Optional<ForecastTask> task = reader.read(); task.isPresent(); task = reader.read()) {
                    series.add(task.get());
                }
            }
        }
        return series;
    }

    /** Writes beside the file and renames, so that a network that is in use is never half new. */
    private static void write(LstmNetwork network, Path file) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        try (OutputStream out = Files.newOutputStream(unfinished)) {
            network.save(out);
        }
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private void tell(LstmNetwork.Training training) {
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "trained on %d series, %d batches, seed %d; scaled pinball loss on the last part of each %.5f%n",
                        training.series(),
                        training.batches(),
                        training.seed(),
                        training.validationLoss());
    }

    private void complain(String complaint) {
        spec.commandLine().getErr().println("shadow forecast train: " + complaint);
    }
}
