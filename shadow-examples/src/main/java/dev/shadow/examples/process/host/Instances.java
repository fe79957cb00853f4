package dev.shadow.examples.process.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.shadow.examples.process.guest.GuestProcess;
import dev.shadow.examples.process.rpc.RpcException;
import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.VmId;
import dev.shadow.spi.compute.ActivationMode;
import dev.shadow.spi.compute.HypervisorException;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.InstanceSpec;
import dev.shadow.spi.compute.PowerState;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.sync.ReplicaServer;
import dev.shadow.sync.ReplicaStatus;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances of one host. Every order is recorded durably before the instance acts on it; a repeated order
 * completes what was begun. Orders are carried out one after another, looks at the instances at any time.
 */
final class Instances implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Instances.class);
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PASS_ON_TIMEOUT = Duration.ofSeconds(30);

    private final HostId host;
    private final HostDirectory directory;
    private final long diskBytes;
    private final ReplicaServer replicas;
    private final BiConsumer<String, Object> notices;
    private final LongSupplier nanos;
    private final InstanceBook book;
    private final ExecutorService executor = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "vm-notices");
        thread.setDaemon(true);
        return thread;
    });
    private final Object orders = new Object();
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Map<InstanceId, VmProcess> processes = new HashMap<>();

    private Instances(
            HostAgent.Settings settings, ReplicaServer replicas, BiConsumer<String, Object> notices, LongSupplier nanos)
            throws IOException {
        this.host = settings.host();
        this.directory = settings.directory();
        this.diskBytes = settings.diskBytes();
        this.replicas = replicas;
        this.notices = notices;
        this.nanos = nanos;
        this.book = InstanceBook.open(directory);
    }

    static Instances open(
            HostAgent.Settings settings, ReplicaServer replicas, BiConsumer<String, Object> notices, LongSupplier nanos)
            throws IOException {
        Instances instances = new Instances(settings, replicas, notices, nanos);
        instances.takeOver();
        return instances;
    }

    /** Ends what is left of the agent before, and prepares its standby instances again. */
    private void takeOver() throws IOException {
        for (InstanceRecord record : book.all()) {
            InstanceId id = record.spec().id();
            killRecorded(id);
            if (record.power() == PowerState.STANDBY) {
                process(id);
            } else if (record.power() != PowerState.STOPPED) {
                book.put(record.in(PowerState.STOPPED, 0));
            }
        }
    }

    private void killRecorded(InstanceId id) throws IOException {
        Optional<ProcessIdentity> process = directory.process(id);
        if (process.isPresent()) {
            try {
                if (!process.get().kill(KILL_TIMEOUT, nanos)) {
                    throw new IOException(process.get() + " of instance " + id + " does not end; end it by hand");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while " + process.get() + " was ended", e);
            }
            directory.forgetProcess(id);
        }
    }

    InstanceDescription create(InstanceSpec spec, CallContext context) throws HypervisorException, IOException {
        synchronized (orders) {
            book.see(spec.vm(), context.generation());
            Optional<InstanceRecord> present = book.get(spec.id());
            if (present.isPresent()) {
                if (!present.get().spec().equals(spec)) {
                    throw permanent("instance " + spec.id() + " exists on " + host + " with another spec: "
                            + present.get().spec());
                }
                prepare(spec, context.generation());
                return describe(spec.id()).orElseThrow();
            }
            if (book.wasRemoved(context.key().value())) {
                throw permanent("instance " + spec.id() + " was created under key " + context.key()
                        + " and removed since; a new one needs a new key");
            }
            checkSpace(spec);
            Files.createDirectories(directory.instance(spec.id()));
            book.put(new InstanceRecord(
                    spec,
                    PowerState.STANDBY,
                    context.generation(),
                    false,
                    context.key().value(),
                    0));
            prepare(spec, context.generation());
            return describe(spec.id()).orElseThrow();
        }
    }

    private void checkSpace(InstanceSpec spec) throws HypervisorException, IOException {
        long wanted = spec.size().diskBytes();
        long allotted = diskBytes - book.diskBytes();
        long free = Math.min(allotted, Files.getFileStore(directory.root()).getUsableSpace());
        if (wanted > free) {
            throw permanent("host " + host + " lacks space for instance " + spec.id() + ": its disk takes " + wanted
                    + " bytes, " + Math.max(0, free) + " are free");
        }
    }

    /** Completes what {@link #create} records: the replica, and the process that waits. */
    private void prepare(InstanceSpec spec, Generation generation) throws HypervisorException, IOException {
        InstanceRecord record = book.get(spec.id()).orElseThrow();
        if (record.power() != PowerState.STANDBY) {
            return;
        }
        try {
            replicas.create(spec.vm(), spec.id(), sizeOf(spec), GuestProcess.BLOCK_SIZE, generation);
        } catch (SyncException e) {
            throw new HypervisorException(e.retry(), e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
        process(spec.id());
    }

    /** Whole blocks, and room for the header of the guest's log. */
    private static long sizeOf(InstanceSpec spec) {
        long blocks = Math.max(2, (spec.size().diskBytes() + GuestProcess.BLOCK_SIZE - 1) / GuestProcess.BLOCK_SIZE);
        return blocks * GuestProcess.BLOCK_SIZE;
    }

    private VmProcess process(InstanceId id) throws IOException {
        synchronized (lock) {
            VmProcess present = processes.get(id);
            if (present != null && present.isAlive()) {
                return present;
            }
            Files.createDirectories(directory.instance(id));
            VmProcess started = VmProcess.start(id, directory, executor, notices::accept);
            processes.put(id, started);
            CompletableFuture<Void> unused = started.ended().thenRun(() -> ended(id, started));
            return started;
        }
    }

    private void ended(InstanceId id, VmProcess process) {
        synchronized (lock) {
            if (!processes.remove(id, process)) {
                return;
            }
        }
        LOG.warn("{} of instance {} ended", process.identity(), id);
        synchronized (orders) {
            try {
                Optional<InstanceRecord> record = book.get(id);
                boolean ran = record.isPresent()
                        && (record.get().power() == PowerState.RUNNING
                                || record.get().power() == PowerState.PAUSED);
                if (ran && !isAlive(id)) {
                    book.put(record.get().in(PowerState.STOPPED, 0));
                }
            } catch (IOException e) {
                LOG.warn("that instance {} has stopped could not be recorded", id, e);
            }
        }
    }

    private boolean isAlive(InstanceId id) {
        synchronized (lock) {
            VmProcess process = processes.get(id);
            return process != null && process.isAlive();
        }
    }

    InstanceDescription activate(InstanceId id, ActivationMode mode, CallContext context)
            throws HypervisorException, IOException, RpcException {
        synchronized (orders) {
            InstanceRecord record = known(id);
            book.see(record.spec().vm(), context.generation());
            if (mode != ActivationMode.TAKE_OVER) {
                throw permanent("activation mode " + mode + " is not supported here; supported is TAKE_OVER");
            }
            boolean sameGeneration = record.generation().equals(context.generation());
            if (record.power() == PowerState.RUNNING && sameGeneration && isAlive(id)) {
                return record.describe(host);
            }
            if (record.power() == PowerState.RUNNING && isAlive(id)) {
                throw permanent("instance " + id + " runs in generation " + record.generation()
                        + " and cannot be activated in generation " + context.generation());
            }
            if (record.power() != PowerState.STANDBY && !sameGeneration) {
                // A held process has the disk open as the owner of the generation before.
                stop(id);
            }
            Disk disk = diskOf(record);
            VmProcess process = process(id);
            process.awaitReady(context.timeout());
            GuestProcess.Serve order = new GuestProcess.Serve(
                    record.spec().vm().value(),
                    id.value(),
                    context.generation().value(),
                    disk.image().toString(),
                    directory.diskState(id).toString(),
                    sizeOf(record.spec()),
                    0);
            book.put(record.seen(context.generation()).onOwnDisk(disk.own()).in(PowerState.PAUSED, 0));
            int port =
                    process.call("serve", order, context.timeout()).path("port").asInt();
            InstanceRecord running = book.get(id).orElseThrow().in(PowerState.RUNNING, port);
            book.put(running);
            return running.describe(host);
        }
    }

    /** The promoted replica, or for an instance that never received anything an empty disk of its own. */
    private Disk diskOf(InstanceRecord record) throws HypervisorException {
        InstanceId id = record.spec().id();
        if (record.ownDisk()) {
            return new Disk(directory.image(id), true);
        }
        Optional<ReplicaStatus> replica = replicas.status(id);
        try {
            if (replica.isPresent() && replica.get().promoted()) {
                return new Disk(replicas.image(id), false);
            }
            if (replica.isPresent() && replica.get().committedEpoch().isPresent()) {
                throw permanent("the replica of instance " + id + " must be promoted before it is activated");
            }
            // Nobody may replicate into an instance that has a disk of its own.
            replicas.remove(id);
            return new Disk(directory.image(id), true);
        } catch (SyncException e) {
            throw new HypervisorException(e.retry(), "the replica of instance " + id + ": " + e.getMessage(), e);
        }
    }

    void pause(InstanceId id, CallContext context) throws HypervisorException, IOException, RpcException {
        synchronized (orders) {
            InstanceRecord record = known(id);
            book.see(record.spec().vm(), context.generation());
            if (record.power() != PowerState.RUNNING) {
                return;
            }
            if (isAlive(id)) {
                process(id).call("hold", null, context.timeout());
                book.put(record.in(PowerState.PAUSED, 0));
            } else {
                book.put(record.in(PowerState.STOPPED, 0));
            }
        }
    }

    void deprovision(InstanceId id, CallContext context) throws HypervisorException, IOException {
        synchronized (orders) {
            Optional<InstanceRecord> record = book.get(id);
            if (record.isEmpty()) {
                return;
            }
            book.see(record.get().spec().vm(), context.generation());
            stop(id);
            try {
                replicas.remove(id);
            } catch (SyncException e) {
                throw new HypervisorException(e.retry(), "the replica of instance " + id + ": " + e.getMessage(), e);
            }
            deleteTree(directory.instance(id));
            book.remove(id, record.get().createdUnder());
        }
    }

    /**
     * Ends an instance for good, and refuses older generations from now on.
     *
     * @return what was done, for a person
     * @throws HypervisorException if it does not end
     */
    String fence(VmId vm, InstanceId id, Generation generation) throws HypervisorException, IOException {
        synchronized (orders) {
            book.see(vm, generation);
            directory.fence(vm, generation);
            Optional<InstanceRecord> record = book.get(id);
            if (record.isEmpty()) {
                return "host " + host + " has no instance " + id;
            }
            stop(id);
            if (record.get().power() != PowerState.STOPPED) {
                book.put(book.get(id).orElseThrow().in(PowerState.STOPPED, 0));
            }
            return "its process was ended by the agent of " + host;
        }
    }

    private void stop(InstanceId id) throws HypervisorException, IOException {
        VmProcess process;
        synchronized (lock) {
            process = processes.remove(id);
        }
        try {
            if (process != null && !process.kill(KILL_TIMEOUT)) {
                throw new HypervisorException(Retry.TRANSIENT, process.identity() + " of " + id + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HypervisorException(Retry.TRANSIENT, "interrupted while instance " + id + " was ended", e);
        }
        killRecorded(id);
    }

    Optional<InstanceDescription> describe(InstanceId id) {
        return book.get(id).map(this::description);
    }

    List<InstanceDescription> all() {
        return book.all().stream().map(this::description).toList();
    }

    private InstanceDescription description(InstanceRecord record) {
        boolean gone =
                record.power() == PowerState.RUNNING && !isAlive(record.spec().id());
        return (gone ? record.in(PowerState.STOPPED, 0) : record).describe(host);
    }

    /** Hands a call about a replication to the process that holds the source's disk. */
    JsonNode passOn(InstanceId source, String method, JsonNode params) throws HypervisorException, RpcException {
        known(source);
        VmProcess process;
        synchronized (lock) {
            process = processes.get(source);
        }
        if (process == null || !process.isAlive()) {
            throw new HypervisorException(Retry.TRANSIENT, "instance " + source + " on " + host + " does not run");
        }
        return process.call(method, params, PASS_ON_TIMEOUT);
    }

    private InstanceRecord known(InstanceId id) throws HypervisorException {
        return book.get(id).orElseThrow(() -> permanent("host " + host + " has no instance " + id));
    }

    private static HypervisorException permanent(String message) {
        return new HypervisorException(Retry.PERMANENT, message);
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Ends every process; what they served stays recorded as it was. */
    @Override
    public void close() {
        List<VmProcess> all;
        synchronized (lock) {
            all = List.copyOf(processes.values());
            processes.clear();
        }
        for (VmProcess process : all) {
            try {
                process.kill(KILL_TIMEOUT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        executor.shutdown();
    }

    private record Disk(Path image, boolean own) {}
}
