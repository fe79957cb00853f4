package dev.shadow.examples.process.host;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts this very program again as another process. */
public final class JavaProcess {
    private JavaProcess() {}

    /**
     * Returns a process, not yet started, that runs the program with these arguments on a small heap.
     *
     * @param main class with the main method
     * @param heapMegabytes the most heap that it takes
     */
    public static ProcessBuilder running(Class<?> main, int heapMegabytes, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Many small processes that live for a minute: quick to start, few threads.
        command.addAll(
                List.of("-Xmx" + heapMegabytes + "m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }
}
