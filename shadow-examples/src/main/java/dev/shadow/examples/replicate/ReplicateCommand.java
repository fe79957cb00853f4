package dev.shadow.examples.replicate;

import dev.shadow.examples.process.rpc.Json;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Copies the ranges of an image that are known to have changed into another image on this machine. */
@Command(
        name = "replicate",
        description = {
            "Copies what has changed in a disk image into another image.",
            "",
            "A list of the changed ranges says what to copy; without one, everything is. A copy that was interrupted is"
                    + " finished by the next one to the same target.",
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

    @Option(
            names = "--target",
            paramLabel = "IMG",
            required = true,
            description = "The image to copy to; made if it is missing.")
    private Path target = Path.of("");

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
    public Integer call() throws IOException {
        long begin = System.nanoTime();
        ExtentList ranges = extents == null ? everything() : ExtentList.read(extents);
        CopyOptions options = new CopyOptions(threads, durable);
        PrintWriter err = spec.commandLine().getErr();
        CopyProgress progress = new CopyProgress(ranges.bytes(), json ? line -> {} : err::println, System::nanoTime);
        CopyResult result = ImageCopy.copy(source, target, ranges, options, progress);
        tell(result, (System.nanoTime() - begin) / 1e9);
        return 0;
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
