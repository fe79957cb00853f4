package dev.shadow.sync;

import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncEngine;
import dev.shadow.spi.sync.SyncMethod;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.tck.contract.SyncEngineContract;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The engine lives in the process of its source, so it outlives a manager that crashes; once the source is dead, the
 * manager has an engine without disks.
 */
@Timeout(120)
class BlockReplicationContractTest extends SyncEngineContract {
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 256;
    private static final VmId VM = VmId.of("vm1");
    private static final InstanceId SOURCE = InstanceId.of("vm1-a");
    private static final InstanceId TARGET = InstanceId.of("vm1-b");
    private static final HostId TARGET_HOST = HostId.of("host-b");

    private final ExecutorService guest = Executors.newCachedThreadPool();

    @TempDir
    Path directory;

    private ReplicaServer server;
    private CuttableForwarder forwarder;
    private ReplicatedDisk disk;
    private BlockReplication engine;
    private volatile boolean sourceAlive = true;
    private int copies;

    @BeforeEach
    void open() throws Exception {
        server = ReplicaServer.listen(
                ReplicaAddress.tcp("127.0.0.1", 0), directory.resolve("replicas"), ReplicaServerOptions.defaults());
        server.create(VM, TARGET, (long) BLOCK * BLOCKS, BLOCK, Generation.of(1));
        forwarder = CuttableForwarder.to(server.port());
        disk = ReplicatedDisk.open(
                new DiskSpec(VM, SOURCE, Generation.of(1), directory.resolve("disk.img"), (long) BLOCK * BLOCKS, BLOCK),
                directory.resolve("state"),
                InstantSource.system());
        engine = newEngine();
    }

    @AfterEach
    void close() throws Exception {
        engine.close();
        disk.close();
        forwarder.close();
        server.close();
        guest.shutdownNow();
    }

    private BlockReplication newEngine() {
        return BlockReplication.overTcp(BlockReplicationConfig.builder()
                .disks(instance -> sourceAlive && instance.equals(SOURCE) ? Optional.of(disk) : Optional.empty())
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
    protected SyncSpec spec(SyncMode mode, LinkLossPolicy policy, long generation) {
        return new SyncSpec(
                VM,
                SOURCE,
                HostId.of("host-a"),
                TARGET,
                TARGET_HOST,
                Generation.of(generation),
                SyncMethod.BLOCK,
                mode,
                policy,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));
    }

    @Override
    protected Future<?> write(int number) {
        return guest.submit(() -> disk.write(
                (long) number * BLOCK, ByteBuffer.allocate(4).putInt(number).flip()));
    }

    @Override
    protected Set<Integer> onReplica() throws Exception {
        ReplicaStatus status = server.status(TARGET).orElseThrow();
        if (status.committedEpoch().isEmpty()) {
            return Set.of();
        }
        Path image = directory.resolve("copy-" + copies++);
        if (status.promoted()) {
            image = server.image(TARGET);
        } else {
            server.copyImage(TARGET, image);
        }
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(image));
        Set<Integer> numbers = new HashSet<>();
        for (int number = 1; number < BLOCKS; number++) {
            if (content.getInt(number * BLOCK) == number) {
                numbers.add(number);
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
    protected void killSource() throws IOException {
        sourceAlive = false;
        engine.close();
        disk.close();
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
    protected void corruptReplica() throws IOException {
        Path image = directory.resolve("replicas").resolve(TARGET + ".replica").resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.seek(5000);
            int before = file.read();
            file.seek(5000);
            file.write(before ^ 1);
        }
    }
}
