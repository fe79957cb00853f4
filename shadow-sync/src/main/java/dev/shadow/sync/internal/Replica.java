package dev.shadow.sync.internal;

import dev.shadow.spi.Generation;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.Promotion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One replica: an image, a journal in front of it and a header. An epoch is staged in the journal, committed there with
 * one record, and only then applied to the image; the image is made durable before the journal is emptied. So image and
 * journal together are exactly one committed epoch at every moment. May be shared between threads; one connection at a
 * time owns the right to stage.
 */
public final class Replica {
    static final String STATE = "state";
    static final String IMAGE = "image";
    static final String JOURNAL = "journal";

    private static final long FORCE_EVERY = 32L << 20;

    private final StorageFile state;
    private final ReplicaImage image;
    private final Journal journal;
    private final long journalLimit;
    private ReplicaHeader header;
    private ReplicaPoint point;
    private long appliedTo;
    private @Nullable Object owner;
    private @Nullable Staging staging;
    private @Nullable RangeDigests digests;
    private String broken = "";

    /** What is known of an epoch that is being staged. */
    private static final class Staging {
        final long epoch;
        final Lineage lineage;
        final boolean full;
        final EpochChecksum checksum = new EpochChecksum();
        long coveredTo;
        long covered;
        long unforced;

        Staging(long epoch, Lineage lineage, boolean full) {
            this.epoch = epoch;
            this.lineage = lineage;
            this.full = full;
        }
    }

    private Replica(
            StorageFile state, StorageFile image, StorageFile journal, ReplicaHeader header, long journalLimit) {
        this.state = state;
        this.image = new ReplicaImage(image, header.sizeBytes());
        this.journal = new Journal(journal);
        this.header = header;
        this.point = header.point();
        this.journalLimit = journalLimit;
    }

    /** Makes a replica with an empty image, durable when it returns. */
    static Replica create(
            Storage directory,
            String vm,
            String instance,
            long sizeBytes,
            int blockSize,
            long generation,
            long journalLimit)
            throws IOException {
        StorageFile image = directory.open(IMAGE);
        image.resize(0);
        image.resize(sizeBytes);
        image.force();
        StorageFile journal = directory.open(JOURNAL);
        journal.resize(0);
        journal.force();
        StorageFile state = directory.open(STATE);
        directory.forceDirectory();
        ReplicaHeader header =
                new ReplicaHeader(0, vm, instance, sizeBytes, blockSize, generation, null, ReplicaPoint.NONE, 1);
        // Both slots, so that no later write of the header needs space.
        header.write(state);
        header = header.withGeneration(generation);
        header.write(state);
        Replica replica = new Replica(state, image, journal, header, journalLimit);
        replica.journal.reset(header.journalId());
        return replica;
    }

    /**
     * Says that the directory of a replica without a valid header cannot hold a committed epoch, as after an interrupted
     * creation or removal: a removal begins with the state, and a creation empties the journal and has its first slot
     * durable before it writes the second.
     */
    static boolean isUnfinished(Storage directory) throws IOException {
        try (StorageFile state = directory.open(STATE);
                StorageFile journal = directory.open(JOURNAL)) {
            return state.size() == 0 || (state.size() <= ReplicaHeader.SLOT && journal.size() == 0);
        }
    }

    /** Brings a replica back to its last committed epoch; null if there is no valid header. */
    static @Nullable Replica recover(Storage directory, long journalLimit) throws IOException {
        StorageFile state = directory.open(STATE);
        ReplicaHeader header = ReplicaHeader.read(state);
        if (header == null) {
            state.close();
            return null;
        }
        Replica replica = new Replica(state, directory.open(IMAGE), directory.open(JOURNAL), header, journalLimit);
        if (header.promotion() == null) {
            replica.redo();
        }
        return replica;
    }

    private void redo() throws IOException {
        ReplicaPoint last = journal.recover(header.journalId());
        if (last.isCommitted()) {
            point = last;
            apply();
            checkpoint();
        }
    }

    /** A consistent copy of what is known. */
    public record View(ReplicaHeader header, ReplicaPoint point, long stagedBytes, boolean connected) {
        /** The virtual machine. */
        public String vm() {
            return header.vm();
        }

        /** Size of the disk. */
        public long sizeBytes() {
            return header.sizeBytes();
        }

        /** Bytes per block. */
        public int blockSize() {
            return header.blockSize();
        }

        /** The highest generation seen. */
        public long generation() {
            return header.generation();
        }

        /** Whether the replica serves by itself. */
        public boolean promoted() {
            return header.promotion() != null;
        }
    }

    /** What is known of the replica now. */
    public synchronized View view() {
        long staged = staging == null ? 0 : staging.checksum.bytes();
        return new View(header, point, staged, owner != null);
    }

    /** Refuses a virtual machine or geometry other than the replica's. */
    synchronized void requireGeometry(String vm, long sizeBytes, int blockSize) throws ProtocolException {
        if (!header.vm().equals(vm) || header.sizeBytes() != sizeBytes || header.blockSize() != blockSize) {
            throw ProtocolException.refused(
                    RefusalCode.MISMATCH,
                    "replica " + header.instance() + " belongs to " + header.vm() + " and has " + header.sizeBytes()
                            + " bytes in blocks of " + header.blockSize() + ", not " + vm + ", " + sizeBytes + " and "
                            + blockSize + ": remove it or correct the source",
                    header.generation());
        }
    }

    /** Takes note of a generation, durably if it is new; refuses an older one. */
    synchronized void observe(long generation) throws IOException {
        if (generation < header.generation()) {
            throw new StaleGenerationException(
                    VmId.of(header.vm()), Generation.of(generation), Generation.of(header.generation()));
        }
        if (generation > header.generation()) {
            save(header.withGeneration(generation));
        }
    }

    /** Gives the right to stage to a connection; whoever had it before has lost it. */
    synchronized ReplicaPoint attach(Object newOwner, long generation) throws IOException {
        requireUsable();
        if (header.promotion() != null) {
            throw ProtocolException.refused(
                    generation < header.generation() ? RefusalCode.STALE_GENERATION : RefusalCode.PROMOTED,
                    "replica " + header.instance() + " was promoted to generation " + header.generation()
                            + " and takes no epochs: create another replica",
                    header.generation());
        }
        observe(generation);
        dropStaged();
        digests = null;
        owner = newOwner;
        apply();
        return point;
    }

    /** Takes the right to stage away from a connection that has it. */
    synchronized void detach(Object oldOwner) throws IOException {
        if (owner == oldOwner) {
            owner = null;
            digests = null;
            dropStaged();
        }
    }

    private void dropStaged() throws IOException {
        staging = null;
        if (header.promotion() == null && broken.isEmpty()) {
            journal.discardStaged();
        }
    }

    private void requireOwner(Object caller, long generation) throws IOException {
        if (generation < header.generation()) {
            observe(generation);
        }
        if (owner != caller) {
            throw ProtocolException.refused(
                    RefusalCode.SUPERSEDED,
                    "another connection has taken over replica " + header.instance(),
                    header.generation());
        }
        requireUsable();
        observe(generation);
    }

    /** Refuses a connection that has lost the replica to a newer one or to a promotion. */
    synchronized void requireOwnership(Object caller, long generation) throws IOException {
        requireOwner(caller, generation);
    }

    private void requireUsable() throws ProtocolException {
        if (!broken.isEmpty()) {
            throw ProtocolException.refused(
                    RefusalCode.STORAGE,
                    "replica " + header.instance() + " cannot be written since " + broken
                            + ": repair its disk and restart the server",
                    header.generation());
        }
    }

    synchronized void begin(Object caller, long generation, long epoch, Lineage lineage, boolean full)
            throws IOException {
        requireOwner(caller, generation);
        boolean follows = lineage.equals(point.lineage()) && point.isCommitted();
        if (epoch <= point.epoch() || !(full || follows) || lineage.equals(Lineage.NONE)) {
            throw ProtocolException.malformed("epoch " + epoch + (full ? " (full)" : "")
                    + " does not follow the committed epoch " + point.epoch() + (follows ? "" : " of another history"));
        }
        apply();
        dropStaged();
        stage(() -> journal.begin(epoch, lineage, generation));
        staging = new Staging(epoch, lineage, full);
    }

    synchronized void data(Object caller, long generation, long epoch, int index, ByteBuffer extents)
            throws IOException {
        requireOwner(caller, generation);
        Staging current = requireStaging(epoch);
        if (index != current.checksum.frames()) {
            throw ProtocolException.malformed(
                    "data frame " + index + " came in the place of " + current.checksum.frames());
        }
        Extents.visit(extents, header.sizeBytes(), header.blockSize(), (kind, offset, length, content) -> {
            if (offset < current.coveredTo) {
                throw ProtocolException.malformed("range at " + offset + " lies before " + current.coveredTo);
            }
            current.coveredTo = offset + length;
            current.covered += length;
        });
        stage(() -> {
            journal.data(extents);
            current.checksum.add(extents);
            current.unforced += extents.remaining();
        });
        if (current.unforced >= FORCE_EVERY) {
            current.unforced = 0;
            durably(journal::forceStaged);
        }
    }

    synchronized void abort(Object caller, long generation, long epoch) throws IOException {
        requireOwner(caller, generation);
        if (staging != null && staging.epoch == epoch) {
            dropStaged();
        }
    }

    /** Makes the staged epoch the replica's; durable when it returns. */
    synchronized void commit(Object caller, long generation, Message.Commit commit) throws IOException {
        requireOwner(caller, generation);
        Staging current = requireStaging(commit.epoch());
        EpochChecksum checksum = current.checksum;
        if (commit.frames() != checksum.frames()
                || commit.bytes() != checksum.bytes()
                || commit.crc() != checksum.value()
                || (current.full && current.covered != header.sizeBytes())) {
            throw ProtocolException.malformed("epoch " + commit.epoch() + " is not complete: " + checksum.frames()
                    + " frames with " + checksum.bytes() + " bytes over " + current.covered + " bytes of disk came, "
                    + commit.frames() + " with " + commit.bytes() + " were sent");
        }
        ReplicaPoint next =
                new ReplicaPoint(commit.epoch(), current.lineage, commit.frozenAtMillis(), commit.writeNumber());
        stage(() -> journal.stageCommit(next));
        durably(journal::seal);
        staging = null;
        point = next;
    }

    /** Brings committed epochs from the journal into the image; empties the journal once it is long. */
    synchronized void settle(Object caller) throws IOException {
        if (owner == caller) {
            apply();
            if (journal.committedBytes() >= journalLimit) {
                checkpoint();
            }
        }
    }

    private Staging requireStaging(long epoch) throws ProtocolException {
        if (staging == null || staging.epoch != epoch) {
            throw ProtocolException.malformed("epoch " + epoch + " was not begun");
        }
        return staging;
    }

    /** A write that fails leaves the replica at its committed epoch. */
    private void stage(StorageAction action) throws IOException {
        try {
            action.run();
        } catch (IOException e) {
            staging = null;
            dropStaged();
            throw storageFailure("staging an epoch", e);
        }
    }

    /** A flush that fails leaves unknown what the disk holds: only reading it again after a restart tells. */
    private void durably(StorageAction action) throws IOException {
        try {
            action.run();
        } catch (IOException e) {
            staging = null;
            broken = "a flush failed (" + e.getMessage() + ")";
            throw storageFailure("making an epoch durable", e);
        }
    }

    private ProtocolException storageFailure(String what, IOException cause) {
        ProtocolException refusal = ProtocolException.refused(
                RefusalCode.STORAGE,
                what + " of replica " + header.instance() + " failed: " + cause.getMessage() + "; it stays at epoch "
                        + point.epoch(),
                header.generation());
        refusal.initCause(cause);
        return refusal;
    }

    @FunctionalInterface
    private interface StorageAction {
        void run() throws IOException;
    }

    private void apply() throws IOException {
        if (appliedTo == journal.committedBytes()) {
            return;
        }
        try {
            journal.replay(appliedTo, (type, payload) -> {
                if (type == Journal.DATA) {
                    Extents.visit(payload, header.sizeBytes(), header.blockSize(), this::applyExtent);
                }
            });
        } catch (IOException e) {
            throw storageFailure("applying committed epochs to the image", e);
        }
        appliedTo = journal.committedBytes();
    }

    private void applyExtent(byte kind, long offset, long length, ByteBuffer content) throws IOException {
        if (digests != null) {
            digests.beforeWrite(offset, length);
        }
        image.write(kind, offset, length, content);
    }

    private void checkpoint() throws IOException {
        durably(() -> {
            image.force();
            save(header.withPoint(point));
            journal.reset(header.journalId());
            appliedTo = 0;
        });
    }

    private void save(ReplicaHeader next) throws IOException {
        next.write(state);
        header = next;
    }

    /** Starts digests of the image as of the committed epoch. */
    synchronized void beginDigests(Object caller, long generation, long epoch, int chunkBytes) throws IOException {
        requireOwner(caller, generation);
        if (epoch != point.epoch() || !RangeDigests.isValidChunk(header.sizeBytes(), chunkBytes)) {
            throw ProtocolException.malformed("digests of epoch " + epoch + " in chunks of " + chunkBytes
                    + " cannot be made at " + point.epoch());
        }
        apply();
        digests = image.digests(chunkBytes);
    }

    synchronized ByteBuffer digests(Object caller, long generation, int first, int count) throws IOException {
        requireOwner(caller, generation);
        RangeDigests current = digests;
        if (current == null
                || first < 0
                || count < 1
                || count > MessageCodec.MAX_DIGESTS
                || first > current.chunks() - count) {
            throw ProtocolException.malformed("digests of chunks " + first + " + " + count + " were not begun");
        }
        ByteBuffer crcs = ByteBuffer.allocate(4 * count);
        for (int i = 0; i < count; i++) {
            crcs.putInt(current.crc(first + i));
        }
        return crcs.flip();
    }

    synchronized void endDigests(Object caller) {
        if (owner == caller) {
            digests = null;
        }
    }

    /** Makes the committed epoch the content for good; durable and repeatable. */
    public Promotion promote(Generation generation) throws IOException {
        Promoted done = promoteTo(generation.value());
        return new Promotion(
                Generation.of(done.generation()),
                done.point().epoch(),
                Instant.ofEpochMilli(done.point().frozenAtMillis()),
                done.discardedBytes());
    }

    /** The outcome of a promotion. */
    record Promoted(long generation, ReplicaPoint point, long discardedBytes) {}

    /** As {@link #promote}, for the wire. */
    synchronized Promoted promoteTo(long generation) throws IOException {
        ReplicaHeader.Promotion before = header.promotion();
        if (before != null && generation == before.generation()) {
            return new Promoted(generation, point, before.discardedBytes());
        }
        if (generation < header.generation()) {
            observe(generation);
        }
        if (before != null) {
            save(header.withPromotion(new ReplicaHeader.Promotion(generation, before.discardedBytes())));
            return new Promoted(generation, point, before.discardedBytes());
        }
        requirePromotable(generation);
        long discarded = staging == null ? 0 : staging.checksum.bytes();
        owner = null;
        digests = null;
        dropStaged();
        apply();
        checkpoint();
        save(header.withPromotion(new ReplicaHeader.Promotion(generation, discarded)));
        image.close();
        return new Promoted(generation, point, discarded);
    }

    private void requirePromotable(long generation) throws ProtocolException {
        requireUsable();
        if (!point.isCommitted()) {
            throw ProtocolException.refused(
                    RefusalCode.STATE,
                    "replica " + header.instance() + " holds no committed epoch and cannot be promoted",
                    header.generation());
        }
        if (generation == header.generation()) {
            throw ProtocolException.refused(
                    RefusalCode.STATE,
                    "replica " + header.instance() + " is fed in generation " + generation
                            + ": promote it to a generation above",
                    header.generation());
        }
    }

    /** Copies the committed epoch into a file, leaving holes where it is zero. */
    public synchronized View copyTo(StorageFile target) throws IOException {
        apply();
        image.copyTo(target);
        return view();
    }

    synchronized void close() throws IOException {
        owner = null;
        state.close();
        image.close();
        journal.close();
    }
}
