package dev.shadow.sync;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.sync.SyncEngine;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import java.time.Duration;
import java.util.Optional;

/** Replicates blocks of disks that this process owns to {@link ReplicaServer}s over TCP. */
public final class BlockReplication implements SyncEngine, AutoCloseable {
    private BlockReplication() {}

    /** Returns an engine with this configuration; it starts no thread before a session is started. */
    public static BlockReplication overTcp(BlockReplicationConfig config) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SyncSession open(SyncSpec spec, Duration timeout) throws SyncException {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<SyncSession> session(InstanceId target) {
        throw new UnsupportedOperationException();
    }

    /**
     * Asks the target alone what it holds; needs no session and no disk.
     *
     * @throws SyncException if the host is unknown or does not answer within {@code timeout}
     */
    public Optional<ReplicaStatus> targetStatus(HostId host, InstanceId target, Duration timeout)
            throws SyncException {
        throw new UnsupportedOperationException();
    }

    /**
     * Stops every session; their dirty state stays with the disks, so that a later engine continues. A
     * synchronous disk goes on holding its writes until its session is opened again.
     */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
