package dev.shadow.examples.process.host;

import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a host keeps its files, and what others may read there: where its agent answers, and which processes run
 * on it. Its agent alone writes, but for the fences, which an outsider writes who switched the host off.
 *
 * @param root the directory of the host
 */
public record HostDirectory(Path root) {
    /** Where the agent says who it is. */
    Path agentFile() {
        return root.resolve("agent.json");
    }

    Path lockFile() {
        return root.resolve("agent.lock");
    }

    Path instancesFile() {
        return root.resolve("instances.json");
    }

    Path replicas() {
        return root.resolve("replicas");
    }

    Path instance(InstanceId instance) {
        return root.resolve("instances").resolve(instance.value());
    }

    Path image(InstanceId instance) {
        return instance(instance).resolve("disk.img");
    }

    Path diskState(InstanceId instance) {
        return instance(instance).resolve("disk-state");
    }

    Path log(InstanceId instance) {
        return instance(instance).resolve("vm.log");
    }

    private Path processFile(InstanceId instance) {
        return root.resolve("processes").resolve(instance.value() + ".json");
    }

    private Path fenceFile(VmId vm) {
        return root.resolve("fences").resolve(vm.value() + ".json");
    }

    /** Makes the directories that an agent needs. */
    void prepare() throws IOException {
        for (String name : List.of("instances", "processes", "fences")) {
            Files.createDirectories(root.resolve(name));
        }
    }

    /**
     * What the agent that was started last says of itself; empty if there never was one.
     *
     * @throws IOException if it cannot be read
     */
    public Optional<AgentRecord> agent() throws IOException {
        return DurableFile.read(agentFile(), AgentRecord.class);
    }

    /** Records the process of an instance, before the process is given anything to do. */
    void recordProcess(InstanceId instance, ProcessIdentity process) throws IOException {
        DurableFile.write(processFile(instance), process);
    }

    /** Forgets the process of an instance that has certainly ended. */
    void forgetProcess(InstanceId instance) throws IOException {
        Files.deleteIfExists(processFile(instance));
    }

    /**
     * The process of an instance that was recorded last and may have ended since; empty if none was.
     *
     * @throws IOException if the record cannot be read
     */
    public Optional<ProcessIdentity> process(InstanceId instance) throws IOException {
        return DurableFile.read(processFile(instance), ProcessIdentity.class);
    }

    /**
     * The recorded processes of all instances.
     *
     * @throws IOException if one cannot be read
     */
    public List<ProcessIdentity> processes() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("processes"))) {
            List<Path> records = files.filter(
                            file -> file.getFileName().toString().endsWith(".json"))
                    .toList();
            List<ProcessIdentity> processes = new ArrayList<>();
            for (Path record : records) {
                DurableFile.read(record, ProcessIdentity.class).ifPresent(processes::add);
            }
            return processes;
        }
    }

    /** Makes the host refuse every generation of a virtual machine below this one, also after a restart. */
    public void fence(VmId vm, Generation generation) throws IOException {
        if (fencedBelow(vm).map(present -> present.isOlderThan(generation)).orElse(true)) {
            Files.createDirectories(root.resolve("fences"));
            DurableFile.write(fenceFile(vm), generation);
        }
    }

    /** The generation that {@link #fence} recorded; empty if none. */
    Optional<Generation> fencedBelow(VmId vm) throws IOException {
        return DurableFile.read(fenceFile(vm), Generation.class);
    }

    /**
     * An agent as it says of itself.
     *
     * @param process its process
     * @param port where it takes calls, on loopback
     * @param replicaPort where epochs for its replicas are sent, on loopback
     */
    public record AgentRecord(ProcessIdentity process, int port, int replicaPort) {}
}
