package dev.shadow.sync.internal;

import dev.shadow.spi.Generation;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.Promotion;
import dev.shadow.sync.HistoryPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
    private static final long LAZY_BYTES = 4L << 20;
    private static final HistoryPolicy ALL =
            new HistoryPolicy(HistoryPolicy.MOST_POINTS, Duration.ofDays(36_500), Duration.ZERO);

    private final StorageFile state;
    private final ReplicaImage image;
    private final Journal journal;
    private final ReplicaHistory history;
    private final long journalLimit;
    private ReplicaHeader header;
    private ReplicaPoint point;
    private ReplicaPoint imagePoint;
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
            StorageFile state,
            StorageFile image,
            StorageFile journal,
            ReplicaHistory history,
            ReplicaHeader header,
            long journalLimit) {
        this.state = state;
        this.image = new ReplicaImage(image, header.sizeBytes());
        this.journal = new Journal(journal);
        this.history = history;
        this.header = header;
        this.point = header.point();
        this.imagePoint = point;
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
            long journalLimit,
            HistoryPolicy policy)
            throws IOException {
        ReplicaHistory.delete(directory);
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
                new ReplicaHeader(0, vm, instance, sizeBytes, blockSize, generation, null, ReplicaPoint.NONE, 1, 0);
        // Both slots, so that no later write of the header needs space.
        header.write(state);
        header = header.withGeneration(generation);
        header.write(state);
        ReplicaHistory history = ReplicaHistory.open(directory, sizeBytes, blockSize, policy);
        Replica replica = new Replica(state, image, journal, history, header, journalLimit);
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
    static @Nullable Replica recover(Storage directory, long journalLimit, HistoryPolicy policy) throws IOException {
        StorageFile state = directory.open(STATE);
        ReplicaHeader header = ReplicaHeader.read(state);
        if (header == null) {
            state.close();
            return null;
        }
        boolean goingBack = header.goingBackTo() != 0;
        ReplicaHistory history =
                ReplicaHistory.open(directory, header.sizeBytes(), header.blockSize(), goingBack ? ALL : policy);
        Replica replica =
                new Replica(state, directory.open(IMAGE), directory.open(JOURNAL), history, header, journalLimit);
        if (header.promotion() == null) {
            replica.redo();
        } else if (goingBack) {
            replica.finishGoingBack();
        }
        return replica;
    }

    private void redo() throws IOException {
        ReplicaPoint last = journal.recover(header.journalId());
        if (last.isCommitted()) {
            point = last;
        }
        redoKept();
        if (last.isCommitted()) {
            apply();
            checkpoint();
        }
    }

    /** Brings the image to where the history starts; a history that does not start on the way is of no use. */
    private void redoKept() throws IOException {
        ReplicaPoint start = history.start().orElse(imagePoint);
        if (start.equals(imagePoint)) {
            return;
        }
        long end = journal.endOf(start);
        if (end < 0) {
            history.forgetAll();
            return;
        }
        write(end);
        imagePoint = start;
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
            return header.promotion() != null && header.goingBackTo() == 0;
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
            boolean full = journal.committedBytes() >= journalLimit;
            if (full || isApplyDue()) {
                apply();
            }
            if (full) {
                checkpoint();
            }
        }
    }

    /** With a history, what comes close together goes into the image at once: every time costs a flush. */
    private boolean isApplyDue() {
        return !history.isKept()
                || journal.committedBytes() - appliedTo >= LAZY_BYTES
                || point.frozenAtMillis() - imagePoint.frozenAtMillis() >= history.spacingMillis()
                || point.frozenAtMillis() < imagePoint.frozenAtMillis();
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
            if (history.isKept() && imagePoint.isCommitted()) {
                keepHistory();
            }
            write(journal.committedBytes());
            imagePoint = point;
        } catch (IOException e) {
            throw storageFailure("applying committed epochs to the image", e);
        }
    }

    /** Copies what the image is about to lose to the history, durably. */
    private void keepHistory() throws IOException {
        try {
            history.begin(imagePoint);
            visitExtents(
                    appliedTo,
                    journal.committedBytes(),
                    (kind, offset, length, content) -> history.keep(kind, offset, length, content, image));
            history.seal(point);
            history.trim();
        } catch (IOException e) {
            history.abandon();
            throw e;
        }
    }

    private void write(long end) throws IOException {
        visitExtents(appliedTo, end, this::applyExtent);
        appliedTo = end;
    }

    private void visitExtents(long from, long end, Extents.Visitor visitor) throws IOException {
        journal.replay(from, end, (type, payload) -> {
            if (type == Journal.DATA) {
                Extents.visit(payload, header.sizeBytes(), header.blockSize(), visitor);
            }
        });
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

    /** Returns digests of chunks, if the replica stands at this epoch; for a caller that does not own it. */
    synchronized ByteBuffer digestsOf(long epoch, int first, int count) throws IOException {
        requireUsable();
        if (epoch != point.epoch() || header.promotion() != null) {
            throw ProtocolException.refused(
                    RefusalCode.STATE,
                    "replica " + header.instance() + " stands at epoch " + point.epoch() + " and not at " + epoch
                            + ", or is promoted: compare while nothing is replicated",
                    header.generation());
        }
        apply();
        RangeDigests now = image.digests(RangeDigests.chunkBytesFor(header.sizeBytes()));
        if (first < 0 || count < 1 || count > MessageCodec.MAX_DIGESTS || first > now.chunks() - count) {
            throw ProtocolException.malformed("there are no chunks " + first + " + " + count);
        }
        ByteBuffer crcs = ByteBuffer.allocate(4 * count);
        for (int i = 0; i < count; i++) {
            crcs.putInt(now.crc(first + i));
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
        return promote(generation, 0);
    }

    /** Makes a kept epoch the content for good, or the last committed one for 0; durable and repeatable. */
    public Promotion promote(Generation generation, long epoch) throws IOException {
        Promoted done = promoteTo(generation.value(), epoch);
        return new Promotion(
                Generation.of(done.generation()),
                done.point().epoch(),
                Instant.ofEpochMilli(done.point().frozenAtMillis()),
                done.discardedBytes());
    }

    /** The outcome of a promotion. */
    record Promoted(long generation, ReplicaPoint point, long discardedBytes) {}

    /** The points that the replica can be promoted at, oldest first; the last one is the committed epoch. */
    public synchronized List<ReplicaPoint> points() throws IOException {
        if (header.promotion() != null) {
            return List.of(point);
        }
        apply();
        List<ReplicaPoint> all = new ArrayList<>(history.points());
        if (point.isCommitted()) {
            all.add(point);
        }
        return all;
    }

    /** As {@link #promote}, for the wire; an epoch of 0 stands for the last committed one. */
    synchronized Promoted promoteTo(long generation, long epoch) throws IOException {
        ReplicaHeader.Promotion before = header.promotion();
        if (before != null && header.goingBackTo() != 0) {
            finishGoingBack();
        }
        if (before != null && epoch != 0 && epoch != point.epoch()) {
            throw ProtocolException.refused(
                    RefusalCode.STATE,
                    "replica " + header.instance() + " was promoted at epoch " + point.epoch()
                            + " and cannot be promoted at " + epoch,
                    header.generation());
        }
        if (before != null && generation == before.generation()) {
            return new Promoted(generation, point, before.discardedBytes());
        }
        if (generation < header.generation()) {
            observe(generation);
        }
        if (before != null) {
            save(header.withPromotion(new ReplicaHeader.Promotion(generation, before.discardedBytes()), 0));
            return new Promoted(generation, point, before.discardedBytes());
        }
        requirePromotable(generation);
        apply();
        boolean back = epoch != 0 && epoch != point.epoch();
        if (back) {
            requireKept(epoch);
        }
        long discarded = staging == null ? 0 : staging.checksum.bytes();
        owner = null;
        digests = null;
        dropStaged();
        checkpoint();
        save(header.withPromotion(new ReplicaHeader.Promotion(generation, discarded), back ? epoch : 0));
        if (back) {
            finishGoingBack();
        }
        image.close();
        return new Promoted(generation, point, discarded);
    }

    private void requireKept(long epoch) throws ProtocolException {
        if (history.find(epoch).isEmpty()) {
            throw ProtocolException.refused(
                    RefusalCode.STATE,
                    "replica " + header.instance() + " holds epoch " + point.epoch() + " and " + kept() + ", not epoch "
                            + epoch,
                    header.generation());
        }
    }

    private String kept() {
        List<ReplicaPoint> points = history.points();
        return points.isEmpty()
                ? "none before it"
                : points.size() + " points from " + points.get(0).epoch() + " on before it";
    }

    /** Leads the image back to where it was promoted at; goes on after a crash in the middle. */
    private void finishGoingBack() throws IOException {
        ReplicaPoint target = history.find(header.goingBackTo())
                .orElseThrow(() -> new IOException("the history of replica " + header.instance() + " has lost epoch "
                        + header.goingBackTo() + ", which it is promoted at"));
        history.leadBack(image, target.epoch());
        image.force();
        save(header.backAt(target));
        point = target;
        imagePoint = target;
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

    /**
     * Copies a kept epoch, or the last committed one for 0, into a file, leaving holes where it is zero.
     *
     * @return what was copied
     */
    public synchronized View copyTo(StorageFile target, long epoch) throws IOException {
        apply();
        if (epoch == 0 || epoch == point.epoch()) {
            image.copyTo(target);
            return view();
        }
        requireKept(epoch);
        image.copyTo(target);
        history.leadBack(new ReplicaImage(target, header.sizeBytes()), epoch);
        target.force();
        return new View(header, history.find(epoch).orElseThrow(), 0, owner != null);
    }

    synchronized void close() throws IOException {
        owner = null;
        state.close();
        image.close();
        journal.close();
        history.close();
    }
}
