package dev.shadow.sync;

import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A raw image file whose writes are tracked for replication. May be shared between threads. */
public final class ReplicatedDisk implements BlockDevice {
    private ReplicatedDisk() {}

    /**
     * Opens the disk, creating the image (sparse, all zero) and the state directory if they are missing.
     *
     * @throws IOException if files cannot be opened, the image has another size, or another process has the disk open
     * @throws dev.shadow.spi.StaleGenerationException if the state directory records a newer generation
     */
    public static ReplicatedDisk open(DiskSpec spec, Path stateDirectory, InstantSource clock) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** What the disk was opened with. */
    public DiskSpec spec() {
        throw new UnsupportedOperationException();
    }

    /** Number of the last write that was begun, 0 before the first; never goes back, also over restarts. */
    public long writeNumber() {
        throw new UnsupportedOperationException();
    }

    /** The newer generation that has taken over, if one is known; every write is then refused. */
    public Optional<Generation> fencedBy() {
        throw new UnsupportedOperationException();
    }

    /** Refuses every write from now on, durably, because {@code newer} has taken over. */
    public void fence(Generation newer) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The replicas for which changes are tracked. */
    public List<InstanceId> peers() {
        throw new UnsupportedOperationException();
    }

    /** Stops tracking changes for a replica that no session of this process replicates to. */
    public void forgetPeer(InstanceId target) throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public long size() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(long offset, ByteBuffer source) throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public void flush() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Closes the disk; writes that still wait for a replica fail. Closing twice has the effect of once. */
    @Override
    public void close() throws IOException {
        throw new UnsupportedOperationException();
    }
}
