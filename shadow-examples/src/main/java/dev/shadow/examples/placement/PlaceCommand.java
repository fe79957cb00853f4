package dev.shadow.examples.placement;

import dev.shadow.core.placement.plan.AuditReport;
import dev.shadow.core.placement.plan.FleetDocuments;
import dev.shadow.core.placement.plan.FleetInstance;
import dev.shadow.core.placement.plan.FleetPlanner;
import dev.shadow.core.placement.plan.PlanExplainer;
import dev.shadow.core.placement.plan.PlanResult;
import dev.shadow.core.placement.plan.PlannerOptions;
import dev.shadow.core.placement.search.CpuClock;
import dev.shadow.core.placement.search.SearchBudget;
import dev.shadow.core.placement.search.SearchProgress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Plans the shadows of a fleet that is described in a file. */
@Command(
        name = "place",
        description = {
            "Plans the shadows of a fleet so that every zone, rack and host failure is survived, at least cost.",
            "",
            "Progress goes to standard error, one line of JSON with the result to standard output. Time is processor"
                    + " time of the whole program, so a busy machine does not change how much is searched.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every shadow is placed and every event survived",
            "1:there was no room for every shadow",
            "2:the command line was not understood",
            "3:the plan could not be made"
        })
public final class PlaceCommand implements Callable<Integer> {
    private static final int INCOMPLETE = 1;
    private static final int NEXT_BEST = 5;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--instance",
            required = true,
            paramLabel = "FILE",
            description = "The fleet, shadow-placement/1, as .json or .json.gz.")
    private Path instance = Path.of(".");

    @Option(
            names = "--seconds",
            defaultValue = "60",
            paramLabel = "S",
            description = "Processor seconds for each thread, the start of the program included (default:"
                    + " ${DEFAULT-VALUE}).")
    private double seconds = 60;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Evaluated moves of each thread instead of seconds: the same plan for the same seed.")
    private @Nullable Long steps;

    @Option(
            names = "--threads",
            defaultValue = "1",
            paramLabel = "N",
            description = "Searches at the same time, 1 to 256 (default: ${DEFAULT-VALUE}).")
    private int threads = 1;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "X",
            description = "Seed of all chance (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "Where the plan goes, shadow-solution/1.")
    private Path out = Path.of(".");

    @Option(names = "--afresh", description = "Plan everything anew, even if most shadows could stay where they were.")
    private boolean afresh;

    @Option(
            names = "--explain",
            paramLabel = "VM",
            description = "Say on standard error why this machine's shadows are where the plan puts them, what the next"
                    + " best hosts would cost, and what speaks against all others. Machines are counted from 0.")
    private @Nullable Integer explain;

    @Override
    public Integer call() throws IOException {
        if (!(seconds >= 0 && seconds <= 1e6)) {
            throw new ParameterException(
                    spec.commandLine(), "--seconds must be a number from 0 to 1000000, was " + seconds);
        }
        if (threads < 1 || threads > 256) {
            throw new ParameterException(spec.commandLine(), "--threads must be from 1 to 256, was " + threads);
        }
        if (steps != null && steps < 0) {
            throw new ParameterException(spec.commandLine(), "--steps must be at least 0, was " + steps);
        }
        CpuClock clock = CpuClock.ofProcess();
        FleetInstance fleet = FleetDocuments.readFleet(instance);
        if (explain != null && (explain < 0 || explain >= fleet.vmCount())) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--explain must name one of the " + fleet.vmCount() + " machines, counted from 0, was " + explain);
        }
        FleetPlanner planner = FleetPlanner.of(fleet);
        PlannerOptions options = new PlannerOptions(budget(), threads, seed, clock, true, Double.NaN, this::progressed);
        PlanResult result = afresh ? planner.planAfresh(options) : planner.plan(options);
        FleetDocuments.writePlan(result.plan(), out);
        if (explain != null) {
            ExplanationText.of(
                            fleet,
                            explain,
                            PlanExplainer.of(fleet, result.plan()).explain(explain, NEXT_BEST))
                    .forEach(spec.commandLine().getErr()::println);
        }
        return told(result, clock);
    }

    private SearchBudget budget() {
        // The clock counts the whole program, so several threads together may use several times the seconds.
        return steps != null
                ? SearchBudget.ofSteps(steps)
                : new SearchBudget((long) (seconds * threads * 1e9), Long.MAX_VALUE);
    }

    private void progressed(SearchProgress progress) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(String.format(
                Locale.ROOT,
                "%7.1f s  objective %,.0f%s",
                progress.cpuNanos() / 1e9,
                progress.objective(),
                Double.isNaN(progress.gap()) ? "" : String.format(Locale.ROOT, "  gap %.2f %%", 100 * progress.gap())));
    }

    private int told(PlanResult result, CpuClock clock) {
        AuditReport audit = result.audit();
        PrintWriter err = spec.commandLine().getErr();
        audit.reasons().forEach(err::println);
        spec.commandLine()
                .getOut()
                .println(String.format(
                        Locale.ROOT,
                        "{\"objective\":%d,\"cpuSeconds\":%.2f,\"evaluations\":%d,\"feasible\":%b,\"reserve\":%d,"
                                + "\"licence\":%d,\"link\":%d,\"shadows\":%d,\"kept\":%d,\"moved\":%d,\"incremental\":%b}",
                        audit.objective(),
                        clock.cpuNanos() / 1e9,
                        result.evaluations(),
                        audit.feasible(),
                        audit.reserveCost(),
                        audit.licenceCost(),
                        audit.linkCost(),
                        audit.shadows(),
                        audit.kept(),
                        audit.moved(),
                        result.incremental()));
        return audit.feasible() ? 0 : INCOMPLETE;
    }
}
