package dev.shadow.sync.internal;

import dev.shadow.sync.HistoryPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way back from a replica's image to earlier points in time. What an epoch is about to write over is first copied to
 * a segment, durably; writing the segments back, newest first, leads the image back step by step. A segment is a
 * {@link Journal} whose first commit record is the point that it leads to and whose last is the point that it starts at.
 * A block is in it once, as of the former.
 *
 * <p>Not to be shared between threads without a lock.
 */
final class ReplicaHistory {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaHistory.class);
    private static final String PREFIX = "history-";

    private final Storage directory;
    private final long sizeBytes;
    private final int blockSize;
    private final HistoryPolicy policy;
    private final ArrayDeque<Segment> segments = new ArrayDeque<>();
    private @Nullable OpenSegment open;
    private @Nullable KeptBlocks kept;
    private long nextNumber = 1;

    /** A step back, from {@code later} to {@code earlier}. */
    private record Segment(long number, ReplicaPoint earlier, ReplicaPoint later) {
        String file() {
            return fileOf(number);
        }
    }

    private ReplicaHistory(Storage directory, long sizeBytes, int blockSize, HistoryPolicy policy) {
        this.directory = directory;
        this.sizeBytes = sizeBytes;
        this.blockSize = blockSize;
        this.policy = policy;
    }

    private static String fileOf(long number) {
        return PREFIX + String.format("%016x", number);
    }

    /** Reads what is kept in a replica's directory; a policy that keeps nothing removes it. */
    static ReplicaHistory open(Storage directory, long sizeBytes, int blockSize, HistoryPolicy policy)
            throws IOException {
        ReplicaHistory history = new ReplicaHistory(directory, sizeBytes, blockSize, policy);
        List<String> files = files(directory);
        for (String file : files) {
            history.read(file);
        }
        if (policy.points() == 0) {
            history.forgetAll();
        }
        return history;
    }

    private static List<String> files(Storage directory) throws IOException {
        return directory.list().stream().filter(name -> name.startsWith(PREFIX)).toList();
    }

    /** Removes every segment of a replica that is removed itself. */
    static void delete(Storage directory) throws IOException {
        for (String file : files(directory)) {
            directory.delete(file);
        }
    }

    /** Takes up a segment if it is whole and what came before ends where it begins. */
    private void read(String file) throws IOException {
        long number;
        try {
            number = Long.parseUnsignedLong(file.substring(PREFIX.length()), 16);
        } catch (NumberFormatException e) {
            LOG.warn("{} is no segment of a history and is left alone", file);
            return;
        }
        nextNumber = Math.max(nextNumber, number + 1);
        List<ReplicaPoint> points = new ArrayList<>();
        try (StorageFile content = directory.open(file)) {
            Journal journal = new Journal(content);
            journal.recover(number);
            journal.replay(Journal.HEADER, (type, payload) -> {
                if (type == Journal.COMMIT) {
                    points.add(Journal.decodePoint(payload));
                }
            });
        }
        if (points.size() < 2) {
            directory.delete(file);
            return;
        }
        Segment segment = new Segment(number, points.get(0), points.get(points.size() - 1));
        if (!segments.isEmpty() && !segments.getLast().later().equals(segment.earlier())) {
            forgetAll();
        }
        segments.addLast(segment);
    }

    /** Says whether anything is to be kept. */
    boolean isKept() {
        return policy.points() > 0;
    }

    /** The least time between two points. */
    long spacingMillis() {
        return policy.spacing().toMillis();
    }

    /** The point that the segments start at, where the image must be or get to before they can be used. */
    Optional<ReplicaPoint> start() {
        return segments.isEmpty()
                ? Optional.empty()
                : Optional.of(segments.getLast().later());
    }

    /** The points that the image can be led back to, oldest first. */
    List<ReplicaPoint> points() {
        return segments.stream().map(Segment::earlier).toList();
    }

    /** Forgets every point. */
    void forgetAll() throws IOException {
        closeOpen();
        while (!segments.isEmpty()) {
            directory.delete(segments.removeFirst().file());
        }
    }

    // Keeping

    /** The segment that is being written. */
    private final class OpenSegment {
        final long number;
        final ReplicaPoint earlier;
        final Journal journal;

        OpenSegment(long number, ReplicaPoint earlier) throws IOException {
            this.number = number;
            this.earlier = earlier;
            this.journal = new Journal(directory.open(fileOf(number)));
            journal.reset(number);
            journal.begin(earlier.epoch(), earlier.lineage(), 0);
            journal.stageCommit(earlier);
        }
    }

    /** What is written over next is kept for the point {@code earlier}, at which the image is, or for one soon before. */
    void begin(ReplicaPoint earlier) throws IOException {
        OpenSegment current = open;
        if (current != null) {
            long since = earlier.frozenAtMillis() - current.earlier.frozenAtMillis();
            if (since >= 0 && since < policy.spacing().toMillis()) {
                return;
            }
            closeOpen();
        }
        KeptBlocks blocks = kept;
        if (blocks == null) {
            kept = new KeptBlocks(sizeBytes, blockSize);
        } else {
            blocks.clear();
        }
        open = new OpenSegment(nextNumber++, earlier);
    }

    /** Keeps what an extent is about to write over. */
    void keep(byte kind, long offset, long length, ByteBuffer content, ReplicaImage image) throws IOException {
        KeptBlocks blocks = kept;
        if (blocks == null) {
            throw new IllegalStateException("no segment was begun");
        }
        blocks.keep(kind, offset, length, content, image, requireOpen().journal::data);
    }

    /** Makes durable what was kept; the image may now be written, up to the point {@code later}. */
    void seal(ReplicaPoint later) throws IOException {
        OpenSegment current = requireOpen();
        current.journal.stageCommit(later);
        current.journal.seal();
        if (!segments.isEmpty() && segments.getLast().number() == current.number) {
            segments.removeLast();
        } else {
            directory.forceDirectory();
        }
        segments.addLast(new Segment(current.number, current.earlier, later));
    }

    /** What was kept since {@link #begin} is not needed: the image was not written. */
    void abandon() {
        OpenSegment current = open;
        open = null;
        if (current != null) {
            try {
                current.journal.discardStaged();
                current.journal.close();
            } catch (IOException e) {
                LOG.debug("an unfinished segment is left; it is removed at the next start", e);
            }
        }
    }

    private OpenSegment requireOpen() {
        OpenSegment current = open;
        if (current == null) {
            throw new IllegalStateException("no segment was begun");
        }
        return current;
    }

    private void closeOpen() throws IOException {
        if (open != null) {
            open.journal.close();
            open = null;
        }
    }

    /** Forgets the points that are too many or too old. */
    void trim() throws IOException {
        Iterator<Segment> oldest = segments.iterator();
        while (oldest.hasNext()) {
            Segment segment = oldest.next();
            long age = segments.getLast().later().frozenAtMillis()
                    - segment.earlier().frozenAtMillis();
            if (segments.size() <= policy.points() && age <= policy.age().toMillis()) {
                return;
            }
            if (open != null && open.number == segment.number()) {
                closeOpen();
            }
            oldest.remove();
            directory.delete(segment.file());
            if (segments.isEmpty()) {
                return;
            }
        }
    }

    // Going back

    /** Finds a kept point by the number of its epoch. */
    Optional<ReplicaPoint> find(long epoch) {
        return points().stream().filter(point -> point.epoch() == epoch).findFirst();
    }

    /** Leads an image that is at the start of the segments back to a kept point; may be repeated after a crash. */
    void leadBack(ReplicaImage image, long epoch) throws IOException {
        Iterator<Segment> newest = segments.descendingIterator();
        while (newest.hasNext()) {
            Segment segment = newest.next();
            if (segment.earlier().epoch() < epoch) {
                return;
            }
            writeBack(segment, image);
        }
    }

    private void writeBack(Segment segment, ReplicaImage image) throws IOException {
        try (StorageFile content = directory.open(segment.file())) {
            Journal journal = new Journal(content);
            ReplicaPoint later = journal.recover(segment.number());
            if (!later.equals(segment.later())) {
                throw new IOException("the history segment " + segment.file() + " is damaged: it ends at epoch "
                        + later.epoch() + " instead of " + segment.later().epoch());
            }
            journal.replay(Journal.HEADER, (type, payload) -> {
                if (type == Journal.DATA) {
                    Extents.visit(payload, sizeBytes, blockSize, image::write);
                }
            });
        }
    }

    void close() throws IOException {
        closeOpen();
    }
}
