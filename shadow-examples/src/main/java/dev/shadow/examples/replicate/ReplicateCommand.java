package dev.shadow.examples.replicate;

import dev.shadow.examples.command.OptionValues;
import dev.shadow.examples.process.rpc.Json;
import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.sync.copy.CopyOptions;
import dev.shadow.sync.copy.CopyResult;
import dev.shadow.sync.copy.ExtentList;
import dev.shadow.sync.copy.ImageCopy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Copies an image, or the ranges of it that are known to have changed, here or to a replica elsewhere. */
@Command(
        name = "replicate",
        description = {
            "Copies what has changed in a disk image into another image, or an image to a replica on another machine.",
            "",
            "With --target the other image is on this machine:",
            "A list of the changed ranges says what to copy; without one, everything is. A copy that was interrupted is"
                    + " finished by the next one to the same target.",
            "",
            "With --to a replica server ('replica serve') takes the image as one epoch: all of it but its zeros, and"
                    + " nothing at all if it does not arrive in one piece. Nobody may write the image meanwhile.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the target has everything",
            "2:the command line or the list was not understood",
            "3:the copy could not be carried out; the next one finishes it"
        })
public final class ReplicateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--source", paramLabel = "IMG", required = true, description = "The image to copy from.")
    private Path source = Path.of("");

    @Option(names = "--target", paramLabel = "IMG", description = "The image to copy to; made if it is missing.")
    private @Nullable Path target;

    @Option(
            names = "--to",
            paramLabel = "ADDRESS",
            description = "HOST:PORT or unix:PATH of the replica server to send to.")
    private @Nullable String address;

    @Option(names = "--instance", paramLabel = "NAME", description = "With --to: name of the replica.")
    private @Nullable String instance;

    @Option(
            names = "--vm",
            paramLabel = "NAME",
            description = "With --to: the virtual machine of the image (default: the name of the replica).")
    private @Nullable String vm;

    @Option(names = "--generation", paramLabel = "N", description = "With --to: generation of the source (default: 0).")
    private String generation = "0";

    @Option(names = "--block-size", paramLabel = "BYTES", description = "With --to: bytes of a block (default: 64k).")
    private String blockSize = "64k";

    @Mixin
    private Connection connection = new Connection();

    @Option(
            names = "--extents",
            paramLabel = "LIST",
            description = "A file with a line for each changed range: offset and length in bytes, sorted.")
    private @Nullable Path extents;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that copy, 1 to 64 (default: one for each processor, 4 at most).")
    private int threads = Math.min(4, Runtime.getRuntime().availableProcessors());

    @Option(names = "--durable", description = "End only when everything has reached the disk.")
    private boolean durable;

    @Option(names = "--json", description = "Print the result as one line of JSON.")
    private boolean json;

    /** Made by picocli. */
    public ReplicateCommand() {}

    @Override
    public Integer call() throws IOException, SyncException {
        long begin = System.nanoTime();
        String server = address;
        if (server != null) {
            send(server, begin);
            return 0;
        }
        Path copy = target;
        if (copy == null) {
            throw new ParameterException(spec.commandLine(), "--target or --to must be given");
        }
        ExtentList ranges = extents == null ? everything() : ExtentList.read(extents);
        CopyOptions options = new CopyOptions(threads, durable);
        PrintWriter err = spec.commandLine().getErr();
        CopyProgress progress = new CopyProgress(ranges.bytes(), json ? line -> {} : err::println, System::nanoTime);
        CopyResult result = ImageCopy.copy(source, copy, ranges, options, progress);
        tell(result, (System.nanoTime() - begin) / 1e9);
        return 0;
    }

    private void send(String server, long begin) throws IOException, SyncException {
        if (instance == null || target != null || extents != null) {
            throw new ParameterException(
                    spec.commandLine(), "--to needs --instance, and goes with neither --target nor --extents");
        }
        OptionValues values = new OptionValues(spec);
        RemoteReplication replication = new RemoteReplication(
                source,
                VmId.of(vm == null ? instance : vm),
                InstanceId.of(instance),
                Generation.of(values.number("--generation", generation, 0, Long.MAX_VALUE)),
                (int) values.size("--block-size", blockSize, 512, 4L << 20));
        PrintWriter err = spec.commandLine().getErr();
        RemoteReplication.Outcome outcome = replication.run(
                connection, server, json ? sent -> {} : new SentProgress(err::println, System::nanoTime));
        double seconds = (System.nanoTime() - begin) / 1e9;
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("epoch", outcome.epoch());
            line.put("sizeBytes", outcome.sizeBytes());
            line.put("sentBytes", outcome.sentBytes());
            line.put("seconds", seconds);
            out.println(Json.line(line));
        } else {
            out.printf(
                    Locale.ROOT,
                    "epoch %d of %s is durable: %,d bytes, %,d of them sent, in %.2f s%n",
                    outcome.epoch(),
                    instance,
                    outcome.sizeBytes(),
                    outcome.sentBytes(),
                    seconds);
        }
    }

    private ExtentList everything() throws IOException {
        try (FileChannel channel = FileChannel.open(source)) {
            ExtentList.Builder all = ExtentList.builder();
            return channel.size() == 0
                    ? all.build()
                    : all.add(0, channel.size()).build();
        }
    }

    private void tell(CopyResult result, double seconds) {
        PrintWriter out = spec.commandLine().getOut();
        if (!json) {
            out.printf(
                    Locale.ROOT,
                    "copied %,d ranges, %,d bytes (%,d written%s) in %.2f s%n",
                    result.ranges(),
                    result.bytes(),
                    result.writtenBytes(),
                    result.resumedBytes() == 0
                            ? ""
                            : String.format(Locale.ROOT, ", %,d left over before", result.resumedBytes()),
                    seconds);
            return;
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("ranges", result.ranges());
        line.put("bytes", result.bytes());
        line.put("writtenBytes", result.writtenBytes());
        line.put("resumedBytes", result.resumedBytes());
        line.put("seconds", seconds);
        out.println(Json.line(line));
    }
}
