package dev.shadow.examples.process.host;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shadow.examples.process.guest.GuestProcess;
import dev.shadow.examples.process.rpc.Json;
import dev.shadow.examples.process.rpc.RpcHandler;
import dev.shadow.examples.process.rpc.RpcServer;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.sync.ReplicaAddress;
import dev.shadow.sync.ReplicaServer;
import dev.shadow.sync.ReplicaServerOptions;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent of one host: takes the calls that concern its instances and its replicas. One per directory at a time.
 * May be shared.
 */
public final class HostAgent implements RpcHandler, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(HostAgent.class);

    private final HostId host;
    private final ReplicaServer replicas;
    private final Instances instances;
    private final Deque<Closeable> opened;

    private HostAgent(HostId host, ReplicaServer replicas, Instances instances, Deque<Closeable> opened) {
        this.host = host;
        this.replicas = replicas;
        this.instances = instances;
        this.opened = opened;
    }

    /**
     * Starts the agent of a host. Instances that ran under an agent before it have stopped.
     *
     * @param nanos a clock for time-outs, in nanoseconds
     * @throws IOException if another agent has the directory, or the directory cannot be used
     */
    public static HostAgent start(Settings settings, LongSupplier nanos) throws IOException {
        Deque<Closeable> opened = new ArrayDeque<>();
        try {
            return start(settings, nanos, opened);
        } catch (IOException | RuntimeException e) {
            closeAll(opened);
            throw e;
        }
    }

    private static HostAgent start(Settings settings, LongSupplier nanos, Deque<Closeable> opened) throws IOException {
        HostDirectory directory = settings.directory();
        Files.createDirectories(directory.root());
        directory.prepare();
        lock(directory, opened);
        ReplicaAddress any = ReplicaAddress.tcp(InetAddress.getLoopbackAddress().getHostAddress(), 0);
        ReplicaServer replicas = ReplicaServer.listen(any, directory.replicas(), ReplicaServerOptions.defaults());
        opened.push(replicas::close);
        AtomicReference<@Nullable RpcServer> callers = new AtomicReference<>();
        Instances instances =
                Instances.open(settings, replicas, (topic, content) -> tell(callers.get(), topic, content), nanos);
        opened.push(instances);
        HostAgent agent = new HostAgent(settings.host(), replicas, instances, opened);
        RpcServer server = RpcServer.open("agent-" + settings.host(), settings.secret(), agent);
        opened.push(server);
        callers.set(server);
        HostDirectory.AgentRecord record = new HostDirectory.AgentRecord(
                ProcessIdentity.current(), server.address().getPort(), replicas.port());
        DurableFile.write(directory.agentFile(), record);
        LOG.info("host {} answers on port {}", settings.host(), record.port());
        return agent;
    }

    private static void lock(HostDirectory directory, Deque<Closeable> opened) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        opened.push(channel);
        boolean taken;
        try {
            taken = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            taken = false;
        }
        if (!taken) {
            throw new IOException("directory " + directory.root()
                    + " belongs to another agent that runs; stop it or name another directory");
        }
    }

    private static void tell(@Nullable RpcServer callers, String topic, Object content) {
        if (callers != null) {
            callers.tellAll(topic, content);
        }
    }

    private static void closeAll(Deque<Closeable> opened) {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (IOException e) {
                LOG.warn("a part of the agent could not be closed", e);
            }
        }
    }

    @Override
    public @Nullable Object handle(String method, JsonNode params) throws Exception {
        if (method.startsWith("sync.")) {
            return instances.passOn(InstanceId.of(params.path("source").asText()), method, params);
        }
        return switch (method) {
            case "ping" -> Map.of("host", host.value());
            case "create" -> {
                AgentMessages.Create order = Json.value(params, AgentMessages.Create.class);
                yield instances.create(order.spec(), order.context());
            }
            case "activate" -> {
                AgentMessages.Activate order = Json.value(params, AgentMessages.Activate.class);
                yield instances.activate(order.instance(), order.mode(), order.context());
            }
            case "pause" -> {
                AgentMessages.Named order = Json.value(params, AgentMessages.Named.class);
                instances.pause(order.instance(), order.context());
                yield null;
            }
            case "deprovision" -> {
                AgentMessages.Named order = Json.value(params, AgentMessages.Named.class);
                instances.deprovision(order.instance(), order.context());
                yield null;
            }
            case "describe" ->
                new AgentMessages.Described(
                        instances.describe(InstanceId.of(params.path("instance").asText())));
            case "instances" -> new AgentMessages.Listed(instances.all());
            case "fence" -> {
                AgentMessages.Fence order = Json.value(params, AgentMessages.Fence.class);
                yield new AgentMessages.Fenced(instances.fence(order.vm(), order.instance(), order.generation()));
            }
            case "replica.promote" ->
                replicas.promote(
                        InstanceId.of(params.path("instance").asText()),
                        Generation.of(params.path("generation").asLong()));
            case "replica.copy" -> {
                AgentMessages.Copy order = Json.value(params, AgentMessages.Copy.class);
                yield replicas.copyImage(order.instance(), Path.of(order.file()));
            }
            case "replica.status" ->
                new AgentMessages.Replica(
                        replicas.status(InstanceId.of(params.path("instance").asText())));
            default -> RpcHandler.NONE.handle(method, params);
        };
    }

    /** Ends every process and frees the directory. */
    @Override
    public void close() {
        closeAll(opened);
    }

    /**
     * How an agent is started.
     *
     * @param host the host
     * @param directory where it keeps its files
     * @param secret what a caller must begin with
     * @param diskBytes bytes that the disks of its instances may take together, as far as the file system has them
     */
    public record Settings(HostId host, HostDirectory directory, String secret, long diskBytes) {
        public Settings {
            Objects.requireNonNull(host, "host");
            if (diskBytes < GuestProcess.BLOCK_SIZE) {
                throw new IllegalArgumentException("diskBytes must be at least " + GuestProcess.BLOCK_SIZE);
            }
        }
    }
}
