package dev.shadow.sync;

import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import dev.shadow.sync.internal.DirectoryLock;
import dev.shadow.sync.internal.DirectoryStorage;
import dev.shadow.sync.internal.Lineage;
import dev.shadow.sync.internal.Storage;
import dev.shadow.sync.internal.StorageFile;
import dev.shadow.sync.internal.TrackedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A raw image file whose writes are tracked for replication. What each replica lacks survives the death of the process;
 * if the machine went down without an orderly close, every block counts as changed. May be shared between threads.
 */
public final class ReplicatedDisk implements BlockDevice {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final DiskSpec spec;
    private final TrackedDisk tracked;
    private final DirectoryLock directoryLock;

    private ReplicatedDisk(DiskSpec spec, TrackedDisk tracked, DirectoryLock directoryLock) {
        this.spec = spec;
        this.tracked = tracked;
        this.directoryLock = directoryLock;
    }

    /**
     * Opens the disk, creating the image (sparse, all zero) and the state directory if they are missing.
     *
     * @param stateDirectory where the tracking lies; belongs to this disk alone
     * @throws IOException if files cannot be opened, the image has another size, or another process has the disk open
     * @throws dev.shadow.spi.StaleGenerationException if the state directory records a newer generation
     */
    public static ReplicatedDisk open(DiskSpec spec, Path stateDirectory, InstantSource clock) throws IOException {
        Storage state = DirectoryStorage.of(stateDirectory);
        DirectoryLock lock = DirectoryLock.acquire(stateDirectory, "disk " + spec.instance());
        try {
            StorageFile image = openImage(spec);
            TrackedDisk.Identity identity = new TrackedDisk.Identity(
                    spec.vm(), spec.instance(), spec.generation(), spec.sizeBytes(), spec.blockSize());
            TrackedDisk tracked = TrackedDisk.open(identity, image, state, bootIdentity(), clock, System::nanoTime);
            return new ReplicatedDisk(spec, tracked, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static StorageFile openImage(DiskSpec spec) throws IOException {
        Path absolute = spec.image().toAbsolutePath();
        Path directory = absolute.getParent();
        Path name = absolute.getFileName();
        if (directory == null || name == null) {
            throw new IOException("image " + spec.image() + " must be a file");
        }
        Storage images = DirectoryStorage.of(directory);
        StorageFile image = images.open(name.toString());
        long size = image.size();
        if (size == 0) {
            image.resize(spec.sizeBytes());
            image.force();
            images.forceDirectory();
        } else if (size != spec.sizeBytes()) {
            image.close();
            throw new IOException("image " + spec.image() + " has " + size + " bytes, not " + spec.sizeBytes()
                    + ": correct the size or name another image");
        }
        return image;
    }

    private static Lineage bootIdentity() {
        try {
            UUID id = UUID.fromString(
                    Files.readString(BOOT_ID, StandardCharsets.US_ASCII).strip());
            return new Lineage(id.getMostSignificantBits(), id.getLeastSignificantBits());
        } catch (IOException | IllegalArgumentException unknown) {
            return Lineage.NONE;
        }
    }

    TrackedDisk tracked() {
        return tracked;
    }

    /** What the disk was opened with. */
    public DiskSpec spec() {
        return spec;
    }

    /** Number of the last write that was begun, 0 before the first; never goes back, also over restarts. */
    public long writeNumber() {
        return tracked.writeNumber();
    }

    /** The newer generation that has taken over, if one is known; every write is then refused. */
    public Optional<Generation> fencedBy() {
        long by = tracked.fencedBy();
        return by > spec.generation().value() ? Optional.of(Generation.of(by)) : Optional.empty();
    }

    /** Refuses every write from now on, durably, because {@code newer} has taken over; an older one changes nothing. */
    public void fence(Generation newer) throws IOException {
        tracked.fence(newer.value());
    }

    /** The replicas for which changes are tracked. */
    public List<InstanceId> peers() {
        return tracked.peers();
    }

    /**
     * Stops tracking changes for a replica; a later session to it starts from a full copy.
     *
     * @throws IOException if a session to it is running, or its files cannot be removed
     */
    public void forgetPeer(InstanceId target) throws IOException {
        tracked.forget(target);
    }

    @Override
    public long size() {
        return spec.sizeBytes();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        tracked.read(offset, target);
    }

    @Override
    public long write(long offset, ByteBuffer source) throws IOException {
        boolean changesSomething = source.hasRemaining();
        long number = tracked.submit(offset, source);
        if (changesSomething) {
            tracked.awaitAcknowledged(number);
        }
        return number;
    }

    @Override
    public void flush() throws IOException {
        tracked.flush();
    }

    /** Closes the disk; writes that still wait for a replica fail. Closing twice has the effect of once. */
    @Override
    public void close() throws IOException {
        tracked.close();
        directoryLock.close();
    }
}
