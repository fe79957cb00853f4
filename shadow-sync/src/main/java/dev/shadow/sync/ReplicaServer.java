package dev.shadow.sync;

import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.Promotion;
import dev.shadow.spi.sync.SyncException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Keeps replicas in a directory and receives their epochs on one TCP port. May be shared between threads. */
public final class ReplicaServer implements AutoCloseable {
    private ReplicaServer() {}

    /**
     * Recovers every replica under {@code root} to its last committed epoch and listens.
     *
     * @param address where to listen; port 0 picks a free one
     * @throws IOException if the address or the directory cannot be used, or another server has the directory
     */
    public static ReplicaServer listen(InetSocketAddress address, Path root, ReplicaServerOptions options)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Where the server listens. */
    public InetSocketAddress address() {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes a replica with an empty disk. One that exists with the same virtual machine and geometry
     * stays as it is and sees the generation.
     *
     * @throws SyncException permanent if it exists with another virtual machine or geometry, or cannot be made
     * @throws dev.shadow.spi.StaleGenerationException if it has seen a newer generation
     */
    public void create(VmId vm, InstanceId instance, long sizeBytes, int blockSize, Generation generation)
            throws SyncException {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes the last committed epoch the replica's content for good. Durable when it returns; repeated
     * with the same generation it returns the same promotion.
     *
     * @throws SyncException if there is no such replica, it holds no committed epoch, or {@code generation}
     *     is not above its source's
     * @throws dev.shadow.spi.StaleGenerationException if it has seen a newer generation
     */
    public Promotion promote(InstanceId instance, Generation generation) throws SyncException {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns the raw image of a promoted replica, to be opened by the virtual machine.
     *
     * @throws SyncException if there is no such replica or it is not promoted
     */
    public Path image(InstanceId instance) throws SyncException {
        throw new UnsupportedOperationException();
    }

    /**
     * Copies the last committed epoch into a new file, for a test activation; replication goes on.
     *
     * @return what was copied
     * @throws SyncException if there is no such replica, it holds no committed epoch, or the file exists
     */
    public ReplicaStatus copyImage(InstanceId instance, Path file) throws SyncException {
        throw new UnsupportedOperationException();
    }

    /** What is held of a replica; empty if there is none. */
    public Optional<ReplicaStatus> status(InstanceId instance) {
        throw new UnsupportedOperationException();
    }

    /** Every replica, by name. */
    public List<ReplicaStatus> replicas() {
        throw new UnsupportedOperationException();
    }

    /** Removes a replica and its disk. If there is none, the call succeeds. */
    public void remove(InstanceId instance) throws SyncException {
        throw new UnsupportedOperationException();
    }

    /** Cuts every connection and releases the directory. Closing twice has the effect of once. */
    @Override
    public void close() throws IOException {
        throw new UnsupportedOperationException();
    }
}
