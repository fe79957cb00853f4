package dev.shadow.sync.file;

import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncEngine;
import dev.shadow.spi.sync.SyncMethod;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.sync.CuttableForwarder;
import dev.shadow.sync.ReplicaAddress;
import dev.shadow.sync.ReplicaNetwork;
import dev.shadow.sync.ReplicaServer;
import dev.shadow.sync.ReplicaServerOptions;
import dev.shadow.tck.contract.SyncEngineContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each number is a file of its own. Synchronous rules are skipped: files are replicated in rounds. */
@Timeout(120)
class FileReplicationContractTest extends SyncEngineContract {
    private static final VmId VM = VmId.of("vm1");
    private static final InstanceId SOURCE = InstanceId.of("vm1-a");
    private static final InstanceId TARGET = InstanceId.of("vm1-b");
    private static final HostId TARGET_HOST = HostId.of("host-b");

    @TempDir
    Path directory;

    private ReplicaServer server;
    private CuttableForwarder forwarder;
    private FileReplication engine;
    private volatile boolean sourceAlive = true;

    @BeforeEach
    void open() throws Exception {
        server = ReplicaServer.listen(
                ReplicaAddress.tcp("127.0.0.1", 0), directory.resolve("replicas"), ReplicaServerOptions.defaults());
        server.trees().create(VM, TARGET, Generation.of(1));
        forwarder = CuttableForwarder.to(server.port());
        Files.createDirectory(directory.resolve("source"));
        engine = newEngine();
    }

    @AfterEach
    void close() throws Exception {
        engine.close();
        forwarder.close();
        server.close();
    }

    private FileReplication newEngine() {
        return FileReplication.overTcp(FileReplicationConfig.builder()
                .trees(instance -> sourceAlive && instance.equals(SOURCE)
                        ? Optional.of(directory.resolve("source"))
                        : Optional.empty())
                .network(ReplicaNetwork.builder()
                        .targets(host -> host.equals(TARGET_HOST)
                                ? Optional.of(ReplicaAddress.tcp("127.0.0.1", forwarder.port()))
                                : Optional.empty())
                        .backoff(Duration.ofMillis(20), Duration.ofMillis(100))
                        .build())
                .build());
    }

    @Override
    protected SyncEngine engine() {
        return engine;
    }

    @Override
    protected boolean supports(SyncMode mode) {
        return mode == SyncMode.ASYNCHRONOUS;
    }

    @Override
    protected SyncSpec spec(SyncMode mode, LinkLossPolicy policy, long generation) {
        return new SyncSpec(
                VM,
                SOURCE,
                HostId.of("host-a"),
                TARGET,
                TARGET_HOST,
                Generation.of(generation),
                SyncMethod.FILE,
                mode,
                policy,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));
    }

    @Override
    protected Future<?> write(int number) throws IOException {
        Path hidden = directory.resolve("hidden");
        Files.writeString(hidden, "number " + number);
        Files.move(hidden, directory.resolve("source").resolve(Integer.toString(number)));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    protected Set<Integer> onReplica() throws Exception {
        Set<Integer> numbers = new HashSet<>();
        try (Stream<Path> files = Files.list(server.trees().directory(TARGET))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                int number = Integer.parseInt(file.getFileName().toString());
                if (Files.readString(file).equals("number " + number)) {
                    numbers.add(number);
                }
            }
        }
        return numbers;
    }

    @Override
    protected void cutLink() throws IOException {
        forwarder.cut();
    }

    @Override
    protected void healLink() {
        forwarder.heal();
    }

    @Override
    protected void killSource() {
        sourceAlive = false;
        engine.close();
        engine = newEngine();
    }

    @Override
    protected void killTarget() throws IOException {
        server.close();
    }

    @Override
    protected void crashAndReopen() {
        // The engine goes with its source, not with the manager.
    }

    @Override
    protected void corruptReplica() throws Exception {
        Path file = server.trees().directory(TARGET).resolve("31");
        Files.writeString(file, "number 30");
    }
}
