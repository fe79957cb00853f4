package dev.shadow.sync.internal.file;

import dev.shadow.spi.Generation;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import dev.shadow.sync.internal.ProtocolException;
import dev.shadow.sync.internal.RefusalCode;
import dev.shadow.sync.internal.ReplicaPoint;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One tree and its state. A round is staged beside the tree, committed by one durable record, and then applied; opening
 * the replica finishes what a crash has left half applied, so that it is always exactly some committed round. May be
 * shared between threads; calls wait for one another.
 */
public final class TreeReplica {
    private static final String STATE = "state";
    private static final int STATE_MAGIC = 0x53485453;
    private static final int STATE_VERSION = 1;

    private final Path directory;
    private final Boundary boundary;
    private final boolean durable;
    private final TreeStage stage;
    private State state;
    private TreeCommit.Applied applied;
    private ReplicaPoint point;
    private TreeCommit.@Nullable Pending pending;
    private @Nullable Object owner;
    private long round;
    private boolean closed;

    private record State(String vm, long generation, long promotedAt) {
        static final long NEVER = -1;
    }

    /** What is held. */
    public record View(
            String vm,
            long generation,
            boolean promoted,
            ReplicaPoint point,
            long bytes,
            long staged,
            boolean connected) {}

    private TreeReplica(Path directory, State state, Boundary boundary, boolean durable) throws IOException {
        this.directory = directory;
        this.state = state;
        this.boundary = boundary;
        this.durable = durable;
        this.stage = new TreeStage(directory.resolve("stage"), boundary, durable);
        this.applied = TreeCommit.readApplied(directory);
        this.point = applied.point();
    }

    /** Says whether the directory holds a replica. */
    static boolean exists(Path directory) {
        return Files.exists(directory.resolve(STATE));
    }

    static TreeReplica create(Path directory, String vm, long generation, Boundary boundary, boolean durable)
            throws IOException {
        Files.createDirectories(directory.resolve("tree"));
        Files.createDirectories(directory.resolve("stage"));
        State state = new State(vm, generation, State.NEVER);
        boundary.before("write the state");
        write(directory, state, durable);
        return open(directory, boundary, durable);
    }

    /** Opens a replica and finishes the round that was committed last. */
    static TreeReplica open(Path directory, Boundary boundary, boolean durable) throws IOException {
        ByteBuffer in = TreeFiles.read(directory.resolve(STATE));
        if (in == null) {
            throw new NoSuchFileException(directory.resolve(STATE).toString());
        }
        try {
            if (in.getInt() != STATE_MAGIC || in.get() != STATE_VERSION) {
                throw ProtocolException.malformed("this is no state of a tree of version " + STATE_VERSION);
            }
            State state = new State(TreePath.read(in), in.getLong(), in.getLong());
            TreeReplica replica = new TreeReplica(directory, state, boundary, durable);
            replica.pending = TreeCommit.readPending(directory);
            replica.settle();
            replica.stage.clear();
            return replica;
        } catch (BufferUnderflowException e) {
            throw ProtocolException.malformed("the state of a tree is too short");
        }
    }

    private static void write(Path directory, State state, boolean durable) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(4 + 1 + 2 + TreePath.bytes(state.vm()) + 16);
        out.putInt(STATE_MAGIC).put((byte) STATE_VERSION);
        TreePath.write(out, state.vm());
        out.putLong(state.generation()).putLong(state.promotedAt());
        TreeFiles.replace(directory.resolve(STATE), out.flip(), durable);
    }

    private void store(State next) throws IOException {
        boundary.before("write the state");
        write(directory, next, durable);
        state = next;
    }

    /** The directory that holds the tree. */
    public Path tree() {
        return directory.resolve("tree");
    }

    /** What is held now. */
    public synchronized View view() {
        return new View(
                state.vm(),
                state.generation(),
                state.promotedAt() != State.NEVER,
                point,
                applied.manifest().contentBytes(),
                stage.bytes(),
                owner != null);
    }

    synchronized void requireVm(String vm) throws ProtocolException {
        if (!vm.equals(state.vm())) {
            throw ProtocolException.refused(
                    RefusalCode.MISMATCH, "the tree belongs to virtual machine " + state.vm() + ", not " + vm, 0);
        }
    }

    /** Refuses an older generation and remembers a newer one. */
    synchronized void observe(long generation) throws IOException {
        requireOpen();
        if (generation < state.generation()) {
            throw new StaleGenerationException(
                    VmId.of(state.vm()), Generation.of(generation), Generation.of(state.generation()));
        }
        if (generation > state.generation()) {
            store(new State(state.vm(), generation, state.promotedAt()));
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the server is closed");
        }
    }

    /** Waits for what is under way; from then on nothing is changed on disk. */
    synchronized void close() throws IOException {
        closed = true;
        round = 0;
        owner = null;
        stage.close();
    }

    synchronized ReplicaPoint attach(Object newOwner, long generation) throws IOException {
        observe(generation);
        requireNotPromoted();
        owner = newOwner;
        settle();
        return point;
    }

    synchronized void detach(Object oldOwner) {
        if (owner == oldOwner) {
            owner = null;
        }
    }

    private void requireNotPromoted() throws ProtocolException {
        if (state.promotedAt() != State.NEVER) {
            throw ProtocolException.refused(
                    RefusalCode.PROMOTED, "the tree was promoted and takes no rounds any more", state.generation());
        }
    }

    synchronized void requireOwner(Object caller, long generation) throws IOException {
        observe(generation);
        requireNotPromoted();
        if (owner != caller) {
            throw ProtocolException.refused(
                    RefusalCode.SUPERSEDED, "another connection has taken the tree over", state.generation());
        }
    }

    synchronized ByteBuffer manifest() {
        return applied.manifest().encode();
    }

    /** Checksums of a file's blocks; empty if the tree has no such file, so that it is sent whole. */
    synchronized ByteBuffer signatures(String path, int blockSize) throws IOException {
        TreeEntry entry = applied.manifest().get(path);
        if (entry == null || !entry.isFile()) {
            return ByteBuffer.allocate(0);
        }
        try (SecureTree tree = SecureTree.open(tree());
                SeekableByteChannel file = tree.read(path)) {
            return BlockSignatures.compute(file, entry.size(), blockSize);
        }
    }

    synchronized void begin(long newRound) throws IOException {
        requireOpen();
        if (newRound != point.epoch() + 1) {
            throw ProtocolException.malformed("round " + newRound + " does not follow round " + point.epoch());
        }
        settle();
        stage.clear();
        round = newRound;
    }

    synchronized void startFile(int index, String base) throws IOException {
        requireRound();
        if (base.isEmpty()) {
            stage.start(index, null);
            return;
        }
        TreeEntry entry = applied.manifest().get(base);
        if (entry == null || !entry.isFile()) {
            throw ProtocolException.malformed("file \"" + base + "\" is not in the tree");
        }
        try (SecureTree tree = SecureTree.open(tree())) {
            stage.start(index, tree.read(base));
        }
    }

    private void requireRound() throws ProtocolException {
        if (round == 0) {
            throw ProtocolException.malformed("no round was begun");
        }
    }

    synchronized void content(ByteBuffer pieces) throws IOException {
        requireRound();
        Pieces.read(pieces, stage.current());
    }

    synchronized void endFile() throws IOException {
        requireRound();
        stage.finish();
    }

    /**
     * Commits the round durably, unless staged files are wrong.
     *
     * @return which ones are wrong; empty if it is committed
     */
    synchronized List<Integer> commit(ManifestChange change, TreeMessage.Commit message) throws IOException {
        requireRound();
        if (message.round() != round) {
            throw ProtocolException.malformed("round " + message.round() + " is to be committed in round " + round);
        }
        Manifest next = change.applyTo(applied.manifest());
        if (!next.digest().equals(message.manifest())) {
            throw ProtocolException.malformed("the change does not lead to the manifest that the source has");
        }
        List<Integer> wrong = stage.mismatched(change);
        if (!wrong.isEmpty()) {
            return wrong;
        }
        try (SecureTree tree = SecureTree.open(tree())) {
            stage.complete(change, tree, applied.manifest());
        }
        TreeCommit.Pending committed = new TreeCommit.Pending(round, message.frozenAtMillis(), change);
        boundary.before("commit");
        TreeCommit.write(directory, committed, durable);
        boundary.before("acknowledge");
        pending = committed;
        point = new TreeCommit.Applied(round, message.frozenAtMillis(), next).point();
        round = 0;
        return wrong;
    }

    /** Applies the committed round if that is not done yet. */
    public synchronized void settle() throws IOException {
        TreeCommit.Pending committed = pending;
        if (committed == null || closed) {
            return;
        }
        if (committed.round() > applied.round()) {
            Manifest next = TreeApplication.run(
                    applied.manifest(), committed.change(), stage.directory(), tree(), boundary, durable);
            TreeCommit.Applied done = new TreeCommit.Applied(committed.round(), committed.frozenAtMillis(), next);
            boundary.before("write the manifest");
            TreeCommit.write(directory, done, durable);
            applied = done;
            point = done.point();
        }
        boundary.before("delete the commit");
        Files.deleteIfExists(directory.resolve(TreeCommit.COMMIT));
        pending = null;
        stage.clear();
    }

    /** Reads every file again and returns the ordinals of entries that are not what the manifest tells. */
    synchronized TreeMessage.Verified verify(long expectedRound) throws IOException {
        settle();
        if (point.epoch() != expectedRound) {
            throw ProtocolException.malformed("round " + expectedRound + " is not round " + point.epoch());
        }
        return TreeVerification.run(tree(), applied.manifest());
    }

    /** What a promotion ended with. */
    public record Promoted(long generation, ReplicaPoint point, long discardedBytes) {}

    /** Makes the committed round the tree's content for good. */
    public synchronized Promoted promote(long generation) throws IOException {
        requireOpen();
        if (state.promotedAt() == generation) {
            return new Promoted(generation, point, 0);
        }
        if (generation <= state.generation()) {
            throw new StaleGenerationException(
                    VmId.of(state.vm()), Generation.of(generation), Generation.of(state.generation()));
        }
        if (!point.isCommitted()) {
            throw ProtocolException.refused(
                    RefusalCode.STATE, "the tree holds no committed round: there is nothing to promote", 0);
        }
        settle();
        long discarded = stage.bytes();
        store(new State(state.vm(), generation, generation));
        owner = null;
        round = 0;
        stage.clear();
        return new Promoted(generation, point, discarded);
    }
}
