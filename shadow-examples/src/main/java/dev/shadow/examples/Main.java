package dev.shadow.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shadow.examples.drill.DrillCommand;
import dev.shadow.examples.failure.FailureRiskCommand;
import dev.shadow.examples.forecast.ForecastCommand;
import dev.shadow.examples.placement.PlaceCommand;
import dev.shadow.examples.placement.ReassignCommand;
import dev.shadow.examples.process.command.AgentCommand;
import dev.shadow.examples.process.command.ManagerCommand;
import dev.shadow.examples.process.command.VmCommand;
import dev.shadow.examples.replicate.ReplicaCommand;
import dev.shadow.examples.replicate.ReplicateCommand;
import dev.shadow.spi.InvalidValueException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * The {@code shadow} program. A new subcommand is named in the list of this class and nowhere else. An error is one line on standard error; see {@code --help} for the exit
 * codes.
 */
@Command(
        name = "shadow",
        description = "Warm shadow replicas of virtual machines, from the command line.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            DrillCommand.class,
            ForecastCommand.class,
            FailureRiskCommand.class,
            PlaceCommand.class,
            ReplicateCommand.class,
            ReplicaCommand.class,
            ReassignCommand.class,
            AgentCommand.class,
            ManagerCommand.class,
            VmCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:a check failed",
            "2:the command line or an input was not understood",
            "3:the work could not be carried out"
        })
public final class Main implements Callable<Integer> {
    private static final int NOT_CARRIED_OUT = 3;

    @Spec
    private CommandSpec spec;

    private Main() {}

    /** Runs the program and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.exit(run(new PrintWriter(System.out, true, UTF_8), new PrintWriter(System.err, true, UTF_8), args));
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine program = new CommandLine(new Main());
        program.getSubcommands().values().forEach(c -> c.getCommandSpec().versionProvider(new Version()));
        return program.setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(Main::misused)
                .setExecutionExceptionHandler(Main::failed)
                .execute(args);
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    private static int misused(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        return complain(command, name + ": " + e.getMessage() + " (try '" + name + " --help')", ExitCode.USAGE);
    }

    private static int failed(Exception e, CommandLine command, ParseResult parsed) {
        String name = command.getCommandSpec().qualifiedName();
        // A FileSystemException says in its message which file and only in its name what about it.
        boolean speaks = e.getMessage() != null && !(e instanceof FileSystemException);
        String reason = speaks ? Objects.requireNonNull(e.getMessage()) : e.toString();
        return complain(
                command, name + ": " + reason, e instanceof InvalidValueException ? ExitCode.USAGE : NOT_CARRIED_OUT);
    }

    private static int complain(CommandLine command, String complaint, int exitCode) {
        command.getErr().println(complaint.replaceAll("\\R", " "));
        return exitCode;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"shadow " + (version == null ? "(not packaged)" : version)};
        }
    }
}
