package dev.shadow.examples.process.command;

import dev.shadow.examples.process.guest.GuestProcess;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs the process of one virtual machine; started by an agent, which speaks to it over its standard streams. */
@Command(
        name = "vm",
        hidden = true,
        description = "Runs one virtual machine for the agent that started it.",
        mixinStandardHelpOptions = true)
public final class VmCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIRECTORY", description = "Directory of the instance.")
    private Path directory = Path.of(".");

    @Override
    public Integer call() throws Exception {
        GuestProcess.run(directory, InstantSource.system());
        return 0;
    }
}
