package dev.shadow.sync;

import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.Promotion;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.sync.file.TreeReplicas;
import dev.shadow.sync.internal.ByteLink;
import dev.shadow.sync.internal.DirectoryLock;
import dev.shadow.sync.internal.DirectoryStorage;
import dev.shadow.sync.internal.FrameConnection;
import dev.shadow.sync.internal.Framing;
import dev.shadow.sync.internal.Listener;
import dev.shadow.sync.internal.Receiver;
import dev.shadow.sync.internal.Replica;
import dev.shadow.sync.internal.ReplicaPoint;
import dev.shadow.sync.internal.ReplicaVault;
import dev.shadow.sync.internal.Storage;
import dev.shadow.sync.internal.StorageFile;
import dev.shadow.sync.internal.TargetMachine;
import dev.shadow.sync.internal.file.TreeTargetMachine;
import dev.shadow.sync.internal.file.TreeVault;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps replicas of disks and directory trees in a directory and receives their epochs and rounds at one
 * address. A replica is at every moment exactly its last committed epoch, also after a crash of this process or its
 * machine. May be shared between threads.
 */
public final class ReplicaServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaServer.class);

    private final Path root;
    private final ReplicaServerOptions options;
    private final DirectoryLock lock;
    private final ReplicaVault vault;
    private final TreeVault trees;
    private final Listener listener;
    private final SecureRandom sessions = new SecureRandom();
    private final Set<ByteLink> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private ReplicaServer(
            Path root,
            ReplicaServerOptions options,
            DirectoryLock lock,
            ReplicaVault vault,
            TreeVault trees,
            Listener listener) {
        this.root = root;
        this.options = options;
        this.lock = lock;
        this.vault = vault;
        this.trees = trees;
        this.listener = listener;
    }

    /**
     * Recovers every replica under {@code root} to its last committed epoch and listens.
     *
     * @param address where to listen; port 0 picks a free one. A unix socket that a dead server has left is replaced
     * @throws IOException if the address or the directory cannot be used, or another server has either
     */
    public static ReplicaServer listen(ReplicaAddress address, Path root, ReplicaServerOptions options)
            throws IOException {
        return listen(address, root, options, DirectoryStorage.of(root));
    }

    static ReplicaServer listen(ReplicaAddress address, Path root, ReplicaServerOptions options, Storage storage)
            throws IOException {
        DirectoryLock lock = DirectoryLock.acquire(root, "a replica server");
        try {
            ReplicaVault vault = ReplicaVault.recover(storage, options.journalBytes(), options.history());
            if (options.openToNew()) {
                vault.openToNew();
            }
            TreeVault trees = TreeVault.recover(root);
            Listener listener = Listener.open(address, options.tls());
            ReplicaServer server = new ReplicaServer(root, options, lock, vault, trees, listener);
            options.threads().newThread(server::accept).start();
            return server;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void accept() {
        while (!closed) {
            try {
                ByteLink link = listener.accept();
                if (connections.size() >= options.maxConnections()) {
                    LOG.warn("connection from {} is closed: {} are open", link.peer(), connections.size());
                    link.close();
                } else {
                    connections.add(link);
                    options.threads().newThread(() -> serve(link)).start();
                }
            } catch (IOException e) {
                if (!closed) {
                    LOG.warn("a connection could not be accepted", e);
                }
            }
        }
    }

    private void serve(ByteLink link) {
        try (link) {
            link.readTimeout(FrameConnection.millis(options.ioTimeout()));
            link.handshake();
            serve(FrameConnection.start(link, options.ioTimeout(), options.threads()));
        } catch (IOException e) {
            LOG.info("connection of {} could not be served or ended in order: {}", link.peer(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("connection of {} ends because of a defect", link.peer(), e);
        } finally {
            connections.remove(link);
        }
    }

    private void serve(FrameConnection open) throws IOException {
        try (FrameConnection connection = open) {
            Receiver machine = TargetMachine.of(vault, this::newSession, connection);
            try {
                Framing.Frame first = connection.read();
                if (TreeTargetMachine.isMeant(first.message(), trees)) {
                    machine = TreeTargetMachine.of(trees, this::newSession, connection);
                }
                machine.receive(first);
                while (!closed) {
                    machine.receive(connection.read());
                }
            } catch (EOFException e) {
                LOG.debug("{} has closed its connection", connection.peer());
            } catch (IOException | StaleGenerationException e) {
                LOG.info("connection of {} ends: {}", connection.peer(), e.getMessage());
                connection.send(TargetMachine.refusal(e), 0);
                connection.finish();
            } finally {
                machine.closed();
            }
        }
    }

    private long newSession() {
        return sessions.nextLong() | 1;
    }

    /** The directory trees that are kept here beside the disks. */
    public TreeReplicas trees() {
        return TreeReplicas.of(trees);
    }

    /** Where the server listens; a port of 0 is replaced by the chosen one. */
    public ReplicaAddress address() {
        return listener.address();
    }

    /**
     * The TCP port that the server listens at.
     *
     * @throws IllegalStateException if it listens at a unix socket
     */
    public int port() {
        if (listener.address() instanceof ReplicaAddress.Tcp tcp) {
            return tcp.port();
        }
        throw new IllegalStateException("the server listens at " + listener.address() + ", which has no port");
    }

    /**
     * Makes a replica with an empty disk. One that exists with the same virtual machine and geometry stays as it is and
     * sees the generation.
     *
     * @throws SyncException permanent if it exists with another virtual machine or geometry, its directory holds a replica
     *     that cannot be read (then {@link #remove} it), or it cannot be made
     * @throws StaleGenerationException if it has seen a newer generation
     */
    public void create(VmId vm, InstanceId instance, long sizeBytes, int blockSize, Generation generation)
            throws SyncException {
        DiskSpec.checkGeometry(sizeBytes, blockSize);
        try {
            vault.create(vm.value(), instance, sizeBytes, blockSize, generation.value());
        } catch (IOException e) {
            throw permanent("replica " + instance + " cannot be created in " + root + ": " + e.getMessage(), e);
        }
    }

    /**
     * Makes the last committed epoch the replica's content for good. Durable when it returns; repeated with the same
     * generation it returns the same promotion.
     *
     * @throws SyncException if there is no such replica, it holds no committed epoch, or {@code generation} is not above
     *     its source's
     * @throws StaleGenerationException if it has seen a newer generation
     */
    public Promotion promote(InstanceId instance, Generation generation) throws SyncException {
        return promote(instance, generation, 0);
    }

    /**
     * Makes a kept epoch the replica's content for good, and gives up the epochs after it. Takes time with the blocks that
     * changed since; durable when it returns; repeated with the same generation and epoch it returns the same promotion.
     *
     * @param epoch one of {@link #history}, or 0 for the last committed one
     * @throws SyncException if there is no such replica, it does not hold the epoch, it was promoted at another one, or
     *     {@code generation} is not above its source's
     * @throws StaleGenerationException if it has seen a newer generation
     */
    public Promotion promote(InstanceId instance, Generation generation, long epoch) throws SyncException {
        try {
            return require(instance).promote(generation, epoch);
        } catch (IOException e) {
            throw permanent(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Returns the raw image of a promoted replica, to be opened by the virtual machine.
     *
     * @throws SyncException if there is no such replica or it is not promoted
     */
    public Path image(InstanceId instance) throws SyncException {
        if (!require(instance).view().promoted()) {
            throw new SyncException(
                    SyncException.Retry.PERMANENT,
                    "replica " + instance + " is not promoted, so its image may not be used: promote or copy it");
        }
        return root.resolve(ReplicaVault.directoryOf(instance)).resolve("image");
    }

    /**
     * Copies the last committed epoch into a new file, for a test activation; what arrives meanwhile waits.
     *
     * @return what was copied
     * @throws SyncException if there is no such replica, it is promoted, it holds no committed epoch, or the file exists
     */
    public ReplicaStatus copyImage(InstanceId instance, Path file) throws SyncException {
        return copyImage(instance, file, 0);
    }

    /**
     * Copies a kept epoch into a new file, for a test activation; what arrives meanwhile waits.
     *
     * @param epoch one of {@link #history}, or 0 for the last committed one
     * @return what was copied
     * @throws SyncException if there is no such replica, it is promoted, it does not hold the epoch, or the file exists
     */
    public ReplicaStatus copyImage(InstanceId instance, Path file, long epoch) throws SyncException {
        Replica replica = require(instance);
        Path absolute = file.toAbsolutePath();
        Path directory = absolute.getParent();
        Path name = absolute.getFileName();
        if (directory == null || name == null || Files.exists(absolute)) {
            throw permanent("file " + file + " must not exist yet: name another", null);
        }
        if (replica.view().promoted() || !replica.view().point().isCommitted()) {
            throw permanent(
                    "replica " + instance + " is promoted or holds no committed epoch: there is nothing to copy", null);
        }
        try (StorageFile target = DirectoryStorage.of(directory).open(name.toString())) {
            return status(instance, replica.copyTo(target, epoch));
        } catch (IOException e) {
            throw permanent("replica " + instance + " cannot be copied to " + file + ": " + e.getMessage(), e);
        }
    }

    private Replica require(InstanceId instance) throws SyncException {
        return vault.find(instance)
                .orElseThrow(() -> new SyncException(
                        SyncException.Retry.PERMANENT, "there is no replica " + instance + " here: create it first"));
    }

    private static SyncException permanent(String message, @Nullable Throwable cause) {
        return new SyncException(SyncException.Retry.PERMANENT, message, cause);
    }

    /** What is held of a replica; empty if there is none. */
    public Optional<ReplicaStatus> status(InstanceId instance) {
        return vault.find(instance).map(replica -> status(instance, replica.view()));
    }

    private static ReplicaStatus status(InstanceId instance, Replica.View view) {
        ReplicaPoint point = view.point();
        return new ReplicaStatus(
                VmId.of(view.vm()),
                instance,
                view.sizeBytes(),
                view.blockSize(),
                Generation.of(view.generation()),
                view.promoted(),
                point.isCommitted() ? OptionalLong.of(point.epoch()) : OptionalLong.empty(),
                point.isCommitted() ? Optional.of(Instant.ofEpochMilli(point.frozenAtMillis())) : Optional.empty(),
                point.writeNumber(),
                view.stagedBytes(),
                view.connected());
    }

    /**
     * The points in time that a replica can be promoted at, oldest first; the last one is the last committed epoch.
     *
     * @throws SyncException if there is no such replica, or committed epochs cannot be brought into its image
     */
    public List<HistoryPoint> history(InstanceId instance) throws SyncException {
        try {
            return require(instance).points().stream()
                    .map(point -> new HistoryPoint(
                            point.epoch(), Instant.ofEpochMilli(point.frozenAtMillis()), point.writeNumber()))
                    .toList();
        } catch (IOException e) {
            throw permanent(String.valueOf(e.getMessage()), e);
        }
    }

    /** Every replica, by name. */
    public List<ReplicaStatus> replicas() {
        return vault.all().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> status(entry.getKey(), entry.getValue().view()))
                .toList();
    }

    /**
     * Removes a replica and its disk. If there is none, the call succeeds.
     *
     * @throws SyncException if its files cannot be removed
     */
    public void remove(InstanceId instance) throws SyncException {
        try {
            vault.remove(instance);
        } catch (IOException e) {
            throw permanent("replica " + instance + " cannot be removed: " + e.getMessage(), e);
        }
    }

    /** Cuts every connection and releases the directory. Closing twice has the effect of once. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        listener.close();
        for (ByteLink link : connections) {
            link.close();
        }
        vault.close();
        trees.close();
        lock.close();
    }
}
