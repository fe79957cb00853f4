package dev.shadow.examples.replicate;

import dev.shadow.examples.command.OptionValues;
import dev.shadow.examples.process.rpc.Json;
import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.sync.Promotion;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.VerifyReport;
import dev.shadow.sync.BlockReplication;
import dev.shadow.sync.HistoryPoint;
import dev.shadow.sync.HistoryPolicy;
import dev.shadow.sync.ReplicaAddress;
import dev.shadow.sync.ReplicaServer;
import dev.shadow.sync.ReplicaServerOptions;
import dev.shadow.sync.ReplicaStatus;
import dev.shadow.sync.Tls;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Keeps replicas, looks at them and activates them. */
@Command(
        name = "replica",
        description = "Keeps replicas of disk images, looks at them and activates them.",
        mixinStandardHelpOptions = true)
public final class ReplicaCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    /** Made by picocli. */
    public ReplicaCommand() {}

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    @Command(
            name = "serve",
            description = "Keeps replicas in a directory and receives their epochs, until it is interrupted.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int serve(
            @Option(names = "--dir", paramLabel = "DIR", required = true, description = "Where the replicas lie.")
                    Path directory,
            @Option(
                            names = "--listen",
                            paramLabel = "ADDRESS",
                            required = true,
                            description = "HOST:PORT, port 0 for a free one, or unix:PATH.")
                    String address,
            @Option(
                            names = "--history-points",
                            paramLabel = "N",
                            defaultValue = "0",
                            description = "Earlier points in time to keep of each replica (default: none).")
                    String points,
            @Option(
                            names = "--history-hours",
                            paramLabel = "T",
                            defaultValue = "24",
                            description = "The oldest of them, in hours before the newest (default: 24).")
                    String hours,
            @Option(
                            names = "--history-spacing",
                            paramLabel = "TIME",
                            defaultValue = "1s",
                            description = "The least time between two of them (default: 1s; 0ms keeps every epoch).")
                    String spacing,
            @Mixin Connection connection)
            throws IOException, InterruptedException {
        OptionValues values = new OptionValues(spec);
        int kept = (int) values.number("--history-points", points, 0, HistoryPolicy.MOST_POINTS);
        Duration age = Duration.ofHours(values.number("--history-hours", hours, 1, 24 * 366));
        Duration apart = values.time("--history-spacing", spacing, Duration.ZERO, Duration.ofHours(24));
        ReplicaServerOptions options = ReplicaServerOptions.defaults()
                .withIoTimeout(Connection.PATIENCE)
                .withNewReplicas()
                .withHistory(kept == 0 ? HistoryPolicy.NONE : new HistoryPolicy(kept, age, apart));
        Optional<Tls> tls = connection.tls();
        CountDownLatch interrupted = new CountDownLatch(1);
        try (ReplicaServer server = ReplicaServer.listen(
                ReplicaAddress.parse(address), directory, tls.isPresent() ? options.withTls(tls.get()) : options)) {
            Thread main = Thread.currentThread();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                interrupted.countDown();
                try {
                    main.join(5_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            out().println("listening at " + server.address());
            interrupted.await();
        }
        return 0;
    }

    @Command(
            name = "status",
            description = "Tells what a replica holds.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int status(@Mixin Target target, @Mixin Connection connection) throws IOException, SyncException {
        try (BlockReplication engine = target.engine(connection)) {
            Optional<ReplicaStatus> found =
                    engine.targetStatus(Connection.HOST, target.instance(), Connection.PATIENCE);
            if (found.isEmpty()) {
                throw new IOException("there is no replica " + target.instance() + " at " + target.address);
            }
            ReplicaStatus status = found.get();
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("vm", status.vm().value());
            line.put("instance", status.instance().value());
            line.put("sizeBytes", status.sizeBytes());
            line.put("blockSize", status.blockSize());
            line.put("generation", status.generation().value());
            line.put("promoted", status.promoted());
            line.put("connected", status.connected());
            line.put("epoch", status.committedEpoch().orElse(0));
            line.put("frozenAt", status.frozenAt().map(Object::toString).orElse(""));
            line.put("stagedBytes", status.stagedBytes());
            tell(target, line);
        }
        return 0;
    }

    @Command(
            name = "history",
            description = "Lists the points in time that a replica can be activated at, oldest first.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int history(@Mixin Target target, @Mixin Connection connection) throws IOException, SyncException {
        try (BlockReplication engine = target.engine(connection)) {
            List<HistoryPoint> points = engine.targetHistory(Connection.HOST, target.instance(), Connection.PATIENCE);
            if (target.json) {
                out().println(Json.line(points.stream()
                        .map(point -> Map.of(
                                "epoch",
                                point.epoch(),
                                "frozenAt",
                                point.frozenAt().toString(),
                                "writeNumber",
                                point.writeNumber()))
                        .toList()));
            } else {
                points.forEach(point -> out().printf(
                                Locale.ROOT,
                                "epoch %d  %s  write %d%n",
                                point.epoch(),
                                point.frozenAt(),
                                point.writeNumber()));
            }
        }
        return 0;
    }

    @Command(
            name = "activate",
            description = {
                "Makes a point in time the content of a replica for good, and fences its source.",
                "The image can then be opened; a source of an older generation is refused."
            },
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int activate(
            @Mixin Target target,
            @Option(
                            names = "--epoch",
                            paramLabel = "N",
                            defaultValue = "0",
                            description = "The point, from the history (default: the last committed epoch).")
                    String epoch,
            @Option(
                            names = "--generation",
                            paramLabel = "N",
                            description = "Generation to promote to (default: one above what the replica has seen).")
                    @Nullable
                    String generation,
            @Mixin Connection connection)
            throws IOException, SyncException {
        OptionValues values = new OptionValues(spec);
        long point = values.number("--epoch", epoch, 0, Long.MAX_VALUE);
        try (BlockReplication engine = target.engine(connection)) {
            ReplicaStatus status = engine.targetStatus(Connection.HOST, target.instance(), Connection.PATIENCE)
                    .orElseThrow(() ->
                            new IOException("there is no replica " + target.instance() + " at " + target.address));
            long to = generation == null
                    ? status.generation().value() + (status.promoted() ? 0 : 1)
                    : values.number("--generation", generation, 1, Long.MAX_VALUE);
            Promotion promotion = engine.promoteTarget(
                    Connection.HOST, status.vm(), target.instance(), Generation.of(to), point, Duration.ofMinutes(10));
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("generation", promotion.generation().value());
            line.put("epoch", promotion.epoch());
            line.put("frozenAt", promotion.frozenAt().toString());
            line.put("discardedBytes", promotion.discardedBytes());
            tell(target, line);
        }
        return 0;
    }

    @Command(
            name = "verify",
            description = "Compares an image with a replica by digests, while nothing is replicated.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:they are the same", "1:they differ", "3:they could not be compared"})
    int verify(
            @Mixin Target target,
            @Option(names = "--source", paramLabel = "IMG", required = true, description = "The image to compare with.")
                    Path source,
            @Mixin Connection connection)
            throws IOException, SyncException {
        try (BlockReplication engine = target.engine(connection)) {
            VerifyReport report = engine.compare(Connection.HOST, target.instance(), source, Connection.PATIENCE);
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("epoch", report.epoch());
            line.put("comparedBytes", report.comparedBytes());
            line.put("differences", report.differences().size());
            line.put(
                    "differingBytes",
                    report.differences().stream()
                            .mapToLong(VerifyReport.ByteRange::length)
                            .sum());
            tell(target, line);
            return report.isIdentical() ? 0 : 1;
        }
    }

    private void tell(Target target, Map<String, Object> line) {
        if (target.json) {
            out().println(Json.line(line));
        } else {
            line.forEach((name, value) -> out().printf(Locale.ROOT, "%-14s %s%n", name, value));
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** The replica that a command is about. */
    static final class Target {
        @Option(
                names = "--at",
                paramLabel = "ADDRESS",
                required = true,
                description = "HOST:PORT or unix:PATH of the replica server.")
        private String address = "";

        @Option(names = "--instance", paramLabel = "NAME", required = true, description = "The replica.")
        private String name = "";

        @Option(names = "--json", description = "Print the result as one line of JSON.")
        private boolean json;

        InstanceId instance() {
            return InstanceId.of(name);
        }

        BlockReplication engine(Connection connection) throws IOException {
            return connection.engine(address, Optional.empty());
        }
    }
}
