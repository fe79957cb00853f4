package dev.shadow.examples.process.guest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shadow.examples.process.guest.KeyValueLog.Entry;
import dev.shadow.examples.process.rpc.Json;
import dev.shadow.examples.process.rpc.RpcConnection;
import dev.shadow.examples.process.rpc.RpcHandler;
import dev.shadow.spi.CallContext;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.spi.sync.SyncStatus;
import dev.shadow.sync.BlockReplication;
import dev.shadow.sync.BlockReplicationConfig;
import dev.shadow.sync.DiskSpec;
import dev.shadow.sync.ReplicaAddress;
import dev.shadow.sync.ReplicaNetwork;
import dev.shadow.sync.ReplicatedDisk;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of a virtual machine: waits on its standard input for its agent to say which disk to serve, then
 * serves it and replicates it as told. It ends when its agent does, as a machine ends with its host.
 */
public final class GuestProcess implements RpcHandler {
    /** Bytes of one tracked block of every disk. */
    public static final int BLOCK_SIZE = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(GuestProcess.class);

    private final InstantSource clock;
    private final Map<HostId, Endpoint> targets = new ConcurrentHashMap<>();
    private final Object lock = new Object();
    private @Nullable RpcConnection agent;
    private @Nullable ReplicatedDisk disk;
    private @Nullable KeyValueLog log;
    private @Nullable KeyValueServer server;
    private @Nullable BlockReplication replication;

    private GuestProcess(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Serves until the agent goes away.
     *
     * @param directory a directory of this process's own
     */
    public static void run(Path directory, InstantSource clock) throws IOException, InterruptedException {
        OutputStream toAgent = new FileOutputStream(FileDescriptor.out);
        // Whatever a library prints must not end up between the messages.
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true));
        warmUp(directory.resolve("warm-up"), clock);
        GuestProcess guest = new GuestProcess(clock);
        ExecutorService executor = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "vm-control");
            thread.setDaemon(true);
            return thread;
        });
        RpcConnection agent =
                RpcConnection.open("agent", () -> {}, new FileInputStream(FileDescriptor.in), toAgent, guest, executor);
        synchronized (guest.lock) {
            guest.agent = agent;
        }
        agent.tell("ready", Map.of());
        agent.closed().join();
        // A host that is gone takes its machines along; nothing may be tidied up that a crash would not tidy up.
        Runtime.getRuntime().halt(0);
    }

    /** Serves a small disk for a moment, so that activation finds every class loaded. */
    private static void warmUp(Path directory, InstantSource clock) throws IOException {
        Files.createDirectories(directory);
        Path image = directory.resolve("disk.img");
        DiskSpec spec = new DiskSpec(
                VmId.of("warm-up"), InstanceId.of("warm-up"), Generation.INITIAL, image, 1 << 20, BLOCK_SIZE);
        try (ReplicatedDisk disk = ReplicatedDisk.open(spec, directory.resolve("state"), clock)) {
            KeyValueLog log = KeyValueLog.open(disk);
            log.append(List.of(Entry.of("warm", new byte[100])));
            try (KeyValueServer server = KeyValueServer.open(log, Generation.INITIAL, 0);
                    KeyValueClient client =
                            KeyValueClient.connect(new Endpoint("127.0.0.1", server.port()), Duration.ofSeconds(5))) {
                for (int i = 0; i < 50; i++) {
                    client.put("key" + i, new byte[200]);
                    client.get("key" + i);
                }
            }
        }
        deleteTree(directory);
    }

    private static void deleteTree(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public @Nullable Object handle(String method, JsonNode params) throws Exception {
        switch (method) {
            case "serve" -> {
                return Map.of("port", serve(Json.value(params, Serve.class)));
            }
            case "hold" -> {
                hold();
                return null;
            }
            case "sync.open" -> {
                Open order = Json.value(params, Open.class);
                targets.put(order.spec().targetHost(), order.target());
                return open(order.spec()).status();
            }
            case "sync.start" -> {
                session(params).start(context(params));
                return null;
            }
            case "sync.status" -> {
                return session(params).status();
            }
            case "sync.commit" -> {
                return session(params).commitEpoch(context(params));
            }
            case "sync.pause" -> {
                session(params).pause(context(params));
                return null;
            }
            case "sync.resume" -> {
                session(params).resume(context(params));
                return null;
            }
            case "sync.acknowledge" -> {
                session(params).acknowledgeDegraded(context(params));
                return null;
            }
            case "sync.verify" -> {
                return session(params)
                        .verify(Duration.parse(params.path("timeout").asText()));
            }
            case "sync.close" -> {
                close(InstanceId.of(params.path("target").asText()));
                return null;
            }
            default -> {
                return RpcHandler.NONE.handle(method, params);
            }
        }
    }

    private int serve(Serve order) throws IOException {
        synchronized (lock) {
            if (disk == null) {
                DiskSpec spec = new DiskSpec(
                        VmId.of(order.vm()),
                        InstanceId.of(order.instance()),
                        Generation.of(order.generation()),
                        Path.of(order.image()),
                        order.sizeBytes(),
                        BLOCK_SIZE);
                ReplicatedDisk opened = ReplicatedDisk.open(spec, Path.of(order.state()), clock);
                disk = opened;
                replication = BlockReplication.overTcp(BlockReplicationConfig.builder()
                        .disks(instance -> instance.equals(spec.instance()) ? Optional.of(opened) : Optional.empty())
                        .network(ReplicaNetwork.builder()
                                .targets(host ->
                                        Optional.ofNullable(targets.get(host)).map(ReplicaAddress::of))
                                .connectTimeout(Duration.ofMillis(500))
                                .ioTimeout(Duration.ofSeconds(2))
                                .backoff(Duration.ofMillis(20), Duration.ofMillis(200))
                                .build())
                        .clock(clock)
                        .build());
                log = KeyValueLog.open(opened);
            }
            if (server == null && log != null) {
                server = KeyValueServer.open(log, Generation.of(order.generation()), order.port());
                LOG.info("serving {} in generation {} on port {}", order.vm(), order.generation(), server.port());
            }
            return server == null ? 0 : server.port();
        }
    }

    private void hold() throws IOException {
        synchronized (lock) {
            if (server != null) {
                server.close();
                server = null;
            }
        }
    }

    private SyncSession open(SyncSpec spec) throws SyncException {
        BlockReplication engine = engine();
        boolean known = engine.session(spec.target()).isPresent();
        SyncSession session = engine.open(spec, Duration.ofSeconds(5));
        if (!known) {
            session.subscribe(status -> tell(spec.target(), status));
        }
        return session;
    }

    private void tell(InstanceId target, SyncStatus status) {
        synchronized (lock) {
            if (agent != null) {
                agent.tell("sync", new Progress(target, status));
            }
        }
    }

    private BlockReplication engine() throws SyncException {
        synchronized (lock) {
            if (replication == null) {
                throw new SyncException(
                        Retry.PERMANENT, "the virtual machine does not run, so nothing can be replicated");
            }
            return replication;
        }
    }

    private SyncSession session(JsonNode params) throws SyncException {
        InstanceId target = InstanceId.of(params.path("target").asText());
        return engine().session(target)
                .orElseThrow(() -> new SyncException(
                        Retry.TRANSIENT, "there is no replication to " + target + " here; open it again"));
    }

    private static CallContext context(JsonNode params) throws IOException {
        return Json.value(params.path("context"), CallContext.class);
    }

    private void close(InstanceId target) throws IOException, SyncException {
        engine().session(target).ifPresent(SyncSession::close);
        ReplicatedDisk present;
        synchronized (lock) {
            present = disk;
        }
        if (present != null && present.peers().contains(target)) {
            present.forgetPeer(target);
        }
    }

    /**
     * An order to serve a disk.
     *
     * @param port where to serve; 0 lets the system choose
     */
    public record Serve(
            String vm, String instance, long generation, String image, String state, long sizeBytes, int port) {}

    /**
     * An order to open a replication.
     *
     * @param target where the target's host receives epochs
     */
    public record Open(SyncSpec spec, Endpoint target) {}

    /** A notice of how a replication stands. */
    public record Progress(InstanceId target, SyncStatus status) {}
}
