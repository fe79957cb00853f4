package dev.shadow.examples.drill;

import dev.shadow.examples.command.OptionValues;
import dev.shadow.examples.process.guest.KeyValueLog;
import dev.shadow.examples.process.rpc.Json;
import dev.shadow.spi.SpiException;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncMode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the failover drill, once or several times, and says how it went. */
@Command(
        name = "drill",
        description = {
            "Rehearses a failover with real processes on this machine.",
            "",
            "Starts three hosts in two zones, a virtual machine with a key-value service, clients that write all the"
                    + " time, and a manager. The manager forecasts a rise in load, places a shadow ahead of it, and takes"
                    + " over when the primary's host is killed. At the end every acknowledged write is read back.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the data check holds",
            "1:the data check failed",
            "2:the command line was not understood",
            "3:the drill could not be carried out"
        })
public final class DrillCommand implements Callable<Integer> {
    static final int HOLDS = 0;
    static final int FAILED = 1;
    static final int NOT_CARRIED_OUT = 3;

    private static final Map<String, SyncMode> MODES =
            Map.of("sync", SyncMode.SYNCHRONOUS, "async", SyncMode.ASYNCHRONOUS);
    private static final Map<String, LinkLossPolicy> POLICIES =
            Map.of("fall-back", LinkLossPolicy.FALL_BACK, "hold-writes", LinkLossPolicy.HOLD_WRITES);
    private static final Map<String, DrillPlan.Victim> VICTIMS = Map.of(
            "source-host", DrillPlan.Victim.SOURCE_HOST,
            "source-vm", DrillPlan.Victim.SOURCE_VM,
            "target-host", DrillPlan.Victim.TARGET_HOST,
            "manager", DrillPlan.Victim.MANAGER,
            "none", DrillPlan.Victim.NONE);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--mode",
            paramLabel = "sync|async",
            defaultValue = "sync",
            description =
                    "When a write is acknowledged: on the replica too, or on the primary (default: ${DEFAULT-VALUE}).")
    private String mode = "sync";

    @Option(
            names = "--kill",
            paramLabel = "WHAT",
            defaultValue = "source-host",
            description = "What is killed: source-host; source-vm (its host lives, so an operator orders the failover);"
                    + " target-host; manager (then source-host); none (default: ${DEFAULT-VALUE}).")
    private String kill = "source-host";

    @Option(names = "--cut-link", description = "Cut the replication link for two seconds before the kill.")
    private boolean cutLink;

    @Option(
            names = "--on-link-loss",
            paramLabel = "POLICY",
            defaultValue = "fall-back",
            description = "What synchronous replication does without its replica: fall-back, hold-writes"
                    + " (default: ${DEFAULT-VALUE}).")
    private String onLinkLoss = "fall-back";

    @Option(
            names = "--disk-size",
            paramLabel = "SIZE",
            defaultValue = "64M",
            description = "Size of the virtual machine's disk, 1M to 16G (default: ${DEFAULT-VALUE}).")
    private String diskSize = "64M";

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "4",
            description = "Number of clients, 1 to 64 (default: ${DEFAULT-VALUE}).")
    private String clients = "4";

    @Option(
            names = "--writes-per-second",
            paramLabel = "N",
            defaultValue = "400",
            description = "Writes of all clients together that are aimed at, 1 to 100000 (default: ${DEFAULT-VALUE}).")
    private String writesPerSecond = "400";

    @Option(
            names = "--value-bytes",
            paramLabel = "N",
            defaultValue = "512",
            description = "Bytes of a value, 32 to 65536 (default: ${DEFAULT-VALUE}).")
    private String valueBytes = "512";

    @Option(
            names = "--load-before-kill",
            paramLabel = "TIME",
            defaultValue = "4s",
            description = "How long the clients write before the kill, as 500ms, 4s, 1m; 0s to 60m"
                    + " (default: ${DEFAULT-VALUE}).")
    private String loadBeforeKill = "4s";

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "4s",
            description = "How long the clients go on after the kill, 0s to 60m (default: ${DEFAULT-VALUE}).")
    private String duration = "4s";

    @Option(
            names = "--trace-step",
            paramLabel = "TIME",
            defaultValue = "250ms",
            description =
                    "How long five minutes of the recorded CPU load take, 50ms to 10s (default: ${DEFAULT-VALUE}).")
    private String traceStep = "250ms";

    @Option(
            names = "--rpo",
            paramLabel = "TIME",
            defaultValue = "500ms",
            description = "Recovery point objective in async mode, 50ms to 1m (default: ${DEFAULT-VALUE}).")
    private String rpo = "500ms";

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Values and reads are drawn from it, 0 or more (default: ${DEFAULT-VALUE}).")
    private String seed = "1";

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "1",
            description = "Run N drills, 1 to 1000, and sum them up (default: ${DEFAULT-VALUE}).")
    private String repeat = "1";

    @Option(
            names = "--work-dir",
            paramLabel = "DIR",
            description = "Where disks and logs are kept; must be empty or missing. By default a temporary directory.")
    private @Nullable Path workDirectory;

    @Option(names = "--keep", description = "Keep the work directory; a failed drill always does.")
    private boolean keep;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Where the report is written as JSON. Without it, a report.json stays only with a work"
                    + " directory that is kept.")
    private @Nullable Path json;

    @Option(names = "--verbose", description = "Tell every event of the manager.")
    private boolean verbose;

    /** The program was told to end; what fails from now on is no news. */
    private volatile boolean ending;

    @Override
    public Integer call() throws IOException {
        DrillPlan plan = plan();
        int runs = (int) new OptionValues(spec).number("--repeat", repeat, 1, 1000);
        List<DrillReport> reports = new ArrayList<>();
        for (int run = 1; run <= runs; run++) {
            if (runs > 1) {
                out().println("Drill " + run + " of " + runs);
            }
            Optional<DrillReport> report = runOnce(plan, run, runs);
            if (report.isEmpty()) {
                summarize(plan, reports, runs);
                return NOT_CARRIED_OUT;
            }
            reports.add(report.get());
        }
        summarize(plan, reports, runs);
        return reports.stream().allMatch(DrillReport::holds) ? HOLDS : FAILED;
    }

    private void summarize(DrillPlan plan, List<DrillReport> reports, int runs) throws IOException {
        if (runs > 1 && !reports.isEmpty()) {
            Summary.of(reports).forEach(out()::println);
            writeJson(plan, reports, runs);
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private void writeJson(DrillPlan plan, Object report, int runs) throws IOException {
        if (plan.json().isPresent()) {
            Files.writeString(plan.json().get(), Json.pretty(report) + "\n");
            out().println("  report of " + (runs == 1 ? "the drill" : "all drills") + ": "
                    + plan.json().get());
        }
    }

    /** Empty if the drill could not be carried out, which has been said then. */
    private Optional<DrillReport> runOnce(DrillPlan plan, int run, int runs) throws IOException {
        Path directory = directoryOf(plan, run, runs);
        Narrator narrator = Narrator.to(out(), System::nanoTime, plan.verbose());
        boolean[] clean = {false};
        try (Cast cast = Cast.prepare(directory, plan, System::nanoTime)) {
            Thread onInterrupt = new Thread(
                    () -> {
                        ending = true;
                        abandon(cast, plan, directory);
                    },
                    "drill-end");
            Runtime.getRuntime().addShutdownHook(onInterrupt);
            try {
                DrillReport report =
                        Drill.run(plan, directory, cast, narrator, InstantSource.system(), System::nanoTime);
                report.table().forEach(narrator::plain);
                Files.writeString(directory.resolve("report.json"), Json.pretty(report) + "\n");
                if (runs == 1) {
                    writeJson(plan, report, 1);
                }
                clean[0] = report.holds();
                return Optional.of(report);
            } catch (DrillException | SpiException e) {
                complain(e.getMessage() == null ? e.toString() : e.getMessage());
            } catch (IOException e) {
                complain(e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                complain("interrupted");
            } finally {
                removeHook(onInterrupt);
            }
            return Optional.empty();
        } finally {
            if (clean[0] && !plan.keep() && plan.workDirectory().isEmpty()) {
                deleteTree(directory);
            } else if (!ending) {
                out().println("  disks, logs and report.json are in " + directory);
            }
        }
    }

    /** Ends a drill that is interrupted, as by Ctrl-C: nothing of it stays. */
    private static void abandon(Cast cast, DrillPlan plan, Path directory) {
        cast.close();
        if (!plan.keep() && plan.workDirectory().isEmpty()) {
            try {
                deleteTree(directory);
            } catch (IOException e) {
                System.err.println("shadow drill: " + directory + " could not be removed: " + e.getMessage());
            }
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The program is ending and the hook is running, which is what it is for.
            return;
        }
    }

    private void complain(String reason) {
        if (ending) {
            return;
        }
        spec.commandLine()
                .getErr()
                .println("shadow drill: the drill could not be carried out: " + reason.replaceAll("\\R", " "));
    }

    private Path directoryOf(DrillPlan plan, int run, int runs) throws IOException {
        if (plan.workDirectory().isEmpty()) {
            return Files.createTempDirectory("shadow-drill-");
        }
        Path root = plan.workDirectory().get();
        return Files.createDirectories(runs == 1 ? root : root.resolve("drill-" + run))
                .toAbsolutePath();
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private DrillPlan plan() throws IOException {
        OptionValues values = new OptionValues(spec);
        DrillPlan plan = new DrillPlan(
                values.choice("--mode", mode, MODES),
                values.choice("--kill", kill, VICTIMS),
                cutLink,
                values.choice("--on-link-loss", onLinkLoss, POLICIES),
                values.size("--disk-size", diskSize, 1L << 20, 16L << 30),
                (int) values.number("--clients", clients, 1, 64),
                (int) values.number("--writes-per-second", writesPerSecond, 1, 100_000),
                (int) values.number("--value-bytes", valueBytes, Payload.MIN_BYTES, KeyValueLog.MAX_VALUE),
                values.time("--load-before-kill", loadBeforeKill, Duration.ZERO, Duration.ofHours(1)),
                values.time("--duration", duration, Duration.ZERO, Duration.ofHours(1)),
                values.time("--trace-step", traceStep, Duration.ofMillis(50), Duration.ofSeconds(10)),
                values.time("--rpo", rpo, Duration.ofMillis(50), Duration.ofMinutes(1)),
                values.number("--seed", seed, 0, Long.MAX_VALUE),
                Optional.ofNullable(workDirectory),
                keep,
                Optional.ofNullable(json),
                verbose);
        checkFiles(plan, values);
        return plan;
    }

    private void checkFiles(DrillPlan plan, OptionValues values) throws IOException {
        if (plan.workDirectory().isPresent()) {
            Path directory = plan.workDirectory().get();
            if (directory.toString().isEmpty()) {
                throw values.refused("--work-dir", "", "name a directory");
            }
            try {
                Files.createDirectories(directory);
            } catch (IOException e) {
                throw values.refused("--work-dir", directory.toString(), "name a directory that exists or can be made");
            }
            try (Stream<Path> files = Files.list(directory)) {
                if (files.findAny().isPresent()) {
                    throw values.refused("--work-dir", directory.toString(), "be empty or missing");
                }
            }
        }
        if (plan.json().isPresent()) {
            Path parent = plan.json().get().toAbsolutePath().getParent();
            if (parent == null
                    || !Files.isDirectory(parent)
                    || Files.isDirectory(plan.json().get())) {
                throw values.refused("--json", plan.json().get().toString(), "name a file in a directory that exists");
            }
            boolean existed = Files.exists(plan.json().get());
            try {
                Files.newByteChannel(plan.json().get(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                        .close();
            } catch (IOException e) {
                throw values.refused("--json", plan.json().get().toString(), "name a file that can be written");
            }
            if (!existed) {
                Files.delete(plan.json().get());
            }
        }
    }
}
