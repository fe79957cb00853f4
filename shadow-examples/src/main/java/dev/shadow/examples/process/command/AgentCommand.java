package dev.shadow.examples.process.command;

import dev.shadow.examples.process.host.HostAgent;
import dev.shadow.examples.process.host.HostDirectory;
import dev.shadow.spi.HostId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the agent of one host until its standard input ends. The secret is the first line of that input. */
@Command(
        name = "agent",
        hidden = true,
        description = "Runs the agent of one host; the secret of the run is the first line of its input.",
        mixinStandardHelpOptions = true)
public final class AgentCommand implements Callable<Integer> {
    @Option(names = "--host", required = true, description = "Name of the host.")
    private String host = "";

    @Option(names = "--directory", required = true, description = "Where the host keeps its files.")
    private Path directory = Path.of(".");

    @Option(names = "--disk-bytes", required = true, description = "Bytes that all disks of the host may take.")
    private long diskBytes;

    @Override
    public Integer call() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String secret = in.readLine();
        if (secret == null) {
            throw new IOException("the secret of the run must be the first line of the input, which was empty");
        }
        HostDirectory files = new HostDirectory(directory);
        HostAgent agent =
                HostAgent.start(new HostAgent.Settings(HostId.of(host), files, secret, diskBytes), System::nanoTime);
        System.out.println("ready");
        // Whoever started the agent says nothing more; it only goes away.
        in.transferTo(Writer.nullWriter());
        agent.close();
        return 0;
    }
}
