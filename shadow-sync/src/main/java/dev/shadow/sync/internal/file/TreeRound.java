package dev.shadow.sync.internal.file;

import dev.shadow.sync.internal.Message;
import dev.shadow.sync.internal.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One round from the source's side: finds what is other than in the replica, sends it, and commits. Each changed file is
 * read once, while its differences are sent; a file that is new is read once more if the replica has one of the same size
 * that it may have been renamed from. Used once, by one thread.
 */
final class TreeRound {
    private static final int LOOK_AHEAD_FILES = 32;
    private static final long LOOK_AHEAD_BYTES = 256L << 20;
    private static final int ATTEMPTS = 3;
    private static final int MAX_NAMED = 1000;

    private final TreeSource source;
    private final Manifest base;
    private final LongConsumer sent;
    private final List<String> leftOut;
    private final Map<String, TreeEntry> next = new TreeMap<>(TreePath.ORDER);
    private final Map<String, ManifestChange.Origin> origins = new HashMap<>();
    private final List<String> toStage = new ArrayList<>();
    private long pendingBytes;

    /** What came of a round. */
    record Outcome(Manifest manifest, long round, List<String> unstable) {}

    private final List<String> unstable = new ArrayList<>();

    private TreeRound(TreeSource source, Manifest base, LongConsumer sent, List<String> leftOut) {
        this.source = source;
        this.base = base;
        this.sent = sent;
        this.leftOut = leftOut;
    }

    /** Scans the source and decides what has to be sent; {@code sent} is told of payload bytes. */
    static TreeRound plan(TreeSource source, Manifest base, LongConsumer sent) throws IOException {
        TreeScan scan = source.scan();
        TreeRound round = new TreeRound(source, base, sent, scan.leftOut());
        Map<Long, List<TreeEntry>> bySize = new HashMap<>();
        for (TreeEntry entry : base.entries()) {
            if (entry.isFile() && entry.size() > 0) {
                bySize.computeIfAbsent(entry.size(), size -> new ArrayList<>()).add(entry);
            }
        }
        for (TreeScan.Found found : scan.found()) {
            round.consider(found, bySize);
        }
        return round;
    }

    private void consider(TreeScan.Found found, Map<Long, List<TreeEntry>> bySize) throws IOException {
        TreeEntry entry = found.entry();
        TreeEntry before = base.get(entry.path());
        if (!entry.isFile()) {
            next.put(entry.path(), entry);
            return;
        }
        Digest128 digest = source.digest(found, before);
        boolean deltaLikely = before != null && before.isFile() && before.size() > 0;
        List<TreeEntry> candidates = bySize.getOrDefault(entry.size(), List.of());
        if (digest == null && !deltaLikely && !candidates.isEmpty()) {
            TreeSource.Content content =
                    source.read(entry.path(), file -> new DeltaEncoder(NOWHERE).encode(file, null));
            if (content == null) {
                keepOld(entry.path());
                return;
            }
            entry = content.entry();
            digest = entry.digest();
        }
        if (digest == null) {
            stage(entry);
            return;
        }
        TreeEntry known = entry.with(entry.size(), digest);
        if (before != null && before.sameContent(known)) {
            next.put(known.path(), known);
            return;
        }
        for (TreeEntry candidate : candidates) {
            if (candidate.sameContent(known)) {
                next.put(known.path(), known);
                origins.put(known.path(), new ManifestChange.Origin.Copied(candidate.path()));
                return;
            }
        }
        stage(known);
    }

    private static final DeltaEncoder.Sink NOWHERE = new DeltaEncoder.Sink() {
        @Override
        public void copy(long offset, long length) {}

        @Override
        public void zeros(long length) {}

        @Override
        public void literal(byte[] bytes, int offset, int length) {}
    };

    private void stage(TreeEntry entry) {
        next.put(entry.path(), entry);
        toStage.add(entry.path());
        pendingBytes += Math.max(1, entry.size());
    }

    /** A file that cannot be read consistently stays as the replica has it. */
    private void keepOld(String path) {
        TreeEntry before = base.get(path);
        origins.remove(path);
        if (unstable.size() < MAX_NAMED) {
            unstable.add(path);
        }
        if (before != null && before.isFile()) {
            next.put(path, before);
        } else {
            next.remove(path);
        }
    }

    /** Bytes of files that are to be sent, before it is known how much of them the replica has. */
    long pendingBytes() {
        return pendingBytes == 0 && isChanged() ? 1 : pendingBytes;
    }

    /** What was left out of the scan and why. */
    List<String> leftOut() {
        return leftOut;
    }

    /** Says whether the replica differs, as far as is known before the files are read. */
    boolean isChanged() {
        return !toStage.isEmpty()
                || base.size() != next.size()
                || !next.values().stream().allMatch(this::isSame);
    }

    private boolean isSame(TreeEntry entry) {
        return entry.equals(base.get(entry.path()));
    }

    /** Sends what differs and returns when the replica has committed it. */
    Outcome send(TreeChannel link, long round, long frozenAtMillis) throws IOException {
        link.send(new TreeMessage.Begin(round));
        sendFiles(link);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ManifestChange change = change();
            Manifest manifest = change.applyTo(base);
            ByteBuffer encoded = change.encode();
            sent.accept(encoded.remaining());
            while (encoded.hasRemaining()) {
                int length = Math.min(TreeMessage.MAX_PART, encoded.remaining());
                link.send(new TreeMessage.ChangePart(encoded.slice(encoded.position(), length)));
                encoded.position(encoded.position() + length);
            }
            link.send(new TreeMessage.Commit(round, frozenAtMillis, manifest.digest()));
            Message answer = link.await();
            if (answer instanceof Message.Committed committed && committed.epoch() == round) {
                return new Outcome(manifest, round, unstable);
            }
            if (!(answer instanceof Message.Tree tree)
                    || !(TreeMessage.of(tree) instanceof TreeMessage.Mismatched mismatched)) {
                throw ProtocolException.malformed("a message of type " + answer.type() + " is no answer to a commit");
            }
            sendAgain(link, mismatched.indexes());
        }
        throw new IOException("the target's files are not what its manifest tells: verify the replica");
    }

    private ManifestChange change() {
        List<String> removed = new ArrayList<>();
        for (TreeEntry entry : base.entries()) {
            if (!next.containsKey(entry.path())) {
                removed.add(entry.path());
            }
        }
        List<TreeEntry> changed = new ArrayList<>();
        List<ManifestChange.Origin> from = new ArrayList<>();
        for (TreeEntry entry : next.values()) {
            if (!isSame(entry)) {
                changed.add(entry);
                from.add(origins.getOrDefault(entry.path(), ManifestChange.KEPT));
            }
        }
        return new ManifestChange(removed, changed, from);
    }

    private void sendFiles(TreeChannel link) throws IOException {
        int asked = 0;
        long askedBytes = 0;
        Deque<TreeEntry> answers = new ArrayDeque<>();
        for (int i = 0; i < toStage.size(); i++) {
            while (asked < toStage.size()
                    && asked < i + LOOK_AHEAD_FILES
                    && (asked <= i || askedBytes < LOOK_AHEAD_BYTES)) {
                TreeEntry old = deltaBase(toStage.get(asked));
                if (old != null) {
                    link.send(new TreeMessage.AskSignatures(old.path(), BlockSignatures.blockSizeFor(old.size())));
                    answers.add(old);
                    askedBytes += old.size();
                }
                asked++;
            }
            String path = toStage.get(i);
            TreeEntry old = answers.peek();
            BlockSignatures signatures = null;
            if (old != null && old.path().equals(path)) {
                answers.remove();
                askedBytes -= old.size();
                signatures = BlockSignatures.of(BlockSignatures.blockSizeFor(old.size()), link.awaitAnswer());
            }
            sendFile(link, i, path, signatures);
        }
    }

    /** The replica's version of a file if it is worth looking for what it has in common. */
    private @Nullable TreeEntry deltaBase(String path) {
        TreeEntry old = base.get(path);
        return old != null && old.isFile() && old.size() >= 2L * BlockSignatures.blockSizeFor(old.size()) ? old : null;
    }

    private void sendFile(TreeChannel link, int index, String path, @Nullable BlockSignatures signatures)
            throws IOException {
        TreeSource.Content content = source.read(path, file -> {
            link.send(new TreeMessage.File(index, signatures == null ? "" : path));
            Pieces.Writer writer = new Pieces.Writer(pieces -> {
                sent.accept(pieces.remaining());
                link.sendContent(pieces);
            });
            DeltaEncoder.Read read = new DeltaEncoder(writer).encode(file, signatures);
            writer.flush();
            link.send(new TreeMessage.FileEnd());
            return read;
        });
        if (content == null) {
            keepOld(path);
            return;
        }
        TreeEntry entry = content.entry();
        TreeEntry old = base.get(path);
        next.put(path, entry);
        if (old == null || !old.sameContent(entry)) {
            origins.put(path, new ManifestChange.Origin.Staged(index));
        }
    }

    /** The target's version of these files is not what its manifest tells, so nothing is taken from it. */
    private void sendAgain(TreeChannel link, List<Integer> indexes) throws IOException {
        Set<Integer> known = new HashSet<>();
        for (int index : indexes) {
            if (index < 0 || index >= toStage.size() || !known.add(index)) {
                throw ProtocolException.malformed("staged file " + index + " was not sent");
            }
            sendFile(link, index, toStage.get(index), null);
        }
    }
}
