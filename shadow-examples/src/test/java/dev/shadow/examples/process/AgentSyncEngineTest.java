package dev.shadow.examples.process;

import dev.shadow.examples.process.guest.KeyValueClient;
import dev.shadow.examples.process.guest.KeyValueLog;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.compute.ActivationMode;
import dev.shadow.spi.compute.InstanceSpec;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncEngine;
import dev.shadow.spi.sync.SyncMethod;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.sync.DiskSpec;
import dev.shadow.sync.ReplicaStatus;
import dev.shadow.sync.ReplicatedDisk;
import dev.shadow.tck.contract.SyncEngineContract;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("processes")
final class AgentSyncEngineTest extends SyncEngineContract {
    private static final int NUMBERS = 100;

    /** Hosts that no test has killed yet; a test has machines of its own on them. */
    private static @Nullable RunningHost spareSource;

    private static @Nullable RunningHost spareTarget;
    private static int tests;

    private final int test = ++tests;
    private final VmId vm = VmId.of("vm-" + test);
    private final InstanceId from = InstanceId.of("source-" + test);
    private final InstanceId to = InstanceId.of("target-" + test);

    private final ExecutorService guest = Executors.newCachedThreadPool();

    @TempDir
    private Path directory;

    private RunningHost source;
    private RunningHost target;
    private CuttableLink link;
    private Fleet fleet;
    private Agents agents;
    private AgentSyncEngine engine;
    private Endpoint service;
    private int copies;

    @BeforeEach
    void start() throws Exception {
        source = spareSource == null ? RunningHost.take() : spareSource;
        target = spareTarget == null ? RunningHost.take() : spareTarget;
        spareSource = source;
        spareTarget = target;
        link = CuttableLink.to(target.host().files());
        Fleet.Host throughLink = new Fleet.Host(
                target.id(),
                target.host().domain(),
                target.host().directory(),
                target.host().capacity(),
                link.port());
        fleet = new Fleet(RunningHost.SECRET, 1, List.of(source.host(), throughLink), List.of());
        connect();
        ProcessHypervisor hypervisor = ProcessHypervisor.over(agents);
        hypervisor.create(new InstanceSpec(to, vm, target.id(), TestFleet.SMALL), TestFleet.context(1));
        hypervisor.create(new InstanceSpec(from, vm, source.id(), TestFleet.SMALL), TestFleet.context(1));
        service = hypervisor
                .activate(from, source.id(), ActivationMode.TAKE_OVER, TestFleet.context(1))
                .endpoint()
                .orElseThrow();
    }

    private void connect() {
        agents = Agents.of(fleet);
        engine = AgentSyncEngine.over(agents, InstantSource.system());
    }

    @AfterEach
    void end() throws Exception {
        guest.shutdownNow();
        ProcessHypervisor hypervisor = ProcessHypervisor.over(agents);
        if (source.equals(spareSource)) {
            hypervisor.deprovision(from, source.id(), TestFleet.context(100));
        } else {
            source.close();
        }
        if (target.equals(spareTarget)) {
            hypervisor.deprovision(to, target.id(), TestFleet.context(100));
        } else {
            target.close();
        }
        engine.close();
        agents.close();
        link.close();
    }

    @AfterAll
    static void dismiss() throws Exception {
        if (spareSource != null) {
            spareSource.close();
        }
        if (spareTarget != null) {
            spareTarget.close();
        }
        spareSource = null;
        spareTarget = null;
    }

    @Override
    protected SyncEngine engine() {
        return engine;
    }

    @Override
    protected SyncSpec spec(SyncMode mode, LinkLossPolicy policy, long generation) {
        Duration rpo = mode == SyncMode.ASYNCHRONOUS ? Duration.ofSeconds(1) : Duration.ZERO;
        return new SyncSpec(
                vm,
                from,
                source.id(),
                to,
                target.id(),
                Generation.of(generation),
                SyncMethod.BLOCK,
                mode,
                policy,
                rpo,
                Duration.ofSeconds(1));
    }

    @Override
    protected Future<?> write(int number) {
        return guest.submit(() -> {
            try (KeyValueClient client = KeyValueClient.connect(service, Duration.ofSeconds(20))) {
                return client.put("n" + number, new byte[100]);
            }
        });
    }

    @Override
    protected Set<Integer> onReplica() throws Exception {
        Path copy = directory.resolve("copy-" + copies++);
        Files.createDirectories(copy);
        Path image = copy.resolve("image");
        Optional<ReplicaStatus> status = agents.replica(target.id(), to, TestFleet.TIMEOUT);
        if (status.isEmpty() || status.get().committedEpoch().isEmpty()) {
            return Set.of();
        }
        if (status.get().promoted()) {
            Files.copy(replicaImage(), image);
        } else {
            agents.copyReplica(target.id(), to, image, TestFleet.TIMEOUT);
        }
        DiskSpec disk = new DiskSpec(vm, to, Generation.of(9), image, Files.size(image), 4096);
        Set<Integer> numbers = new HashSet<>();
        try (ReplicatedDisk opened = ReplicatedDisk.open(disk, copy.resolve("state"), InstantSource.system())) {
            KeyValueLog log = KeyValueLog.open(opened);
            for (int number = 0; number < NUMBERS; number++) {
                if (log.get("n" + number).isPresent()) {
                    numbers.add(number);
                }
            }
        }
        return numbers;
    }

    private Path replicaImage() {
        return target.directory().resolve("replicas").resolve(to + ".replica").resolve("image");
    }

    @Override
    protected void cutLink() {
        link.cut();
    }

    @Override
    protected void healLink() {
        link.mend();
    }

    @Override
    protected void killSource() throws Exception {
        spareSource = null;
        source.kill();
    }

    @Override
    protected void killTarget() throws Exception {
        spareTarget = null;
        target.kill();
    }

    @Override
    protected void crashAndReopen() {
        engine.close();
        agents.close();
        connect();
    }

    @Override
    protected void corruptReplica() throws Exception {
        try (RandomAccessFile image = new RandomAccessFile(replicaImage().toFile(), "rw")) {
            image.seek(2);
            int before = image.read();
            image.seek(2);
            image.write(before ^ 1);
        }
    }
}
