package dev.shadow.sync.internal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a source's files and remembers the digests of what it has read, each for as long as the file's stamp stays the
 * same. A file that was changed shortly before it was read is read again in the next round, since a second change within
 * one tick of the file system's clock would not show. Not to be shared between threads.
 */
final class TreeSource {
    private static final int ATTEMPTS = 4;
    private static final Duration TICK = Duration.ofMillis(50);

    private final Path root;
    private final InstantSource clock;
    private final Map<String, Known> known = new HashMap<>();

    private record Known(TreeScan.Stamp stamp, Digest128 digest, boolean settled) {}

    /** What one consistent reading of a file gave: its entry with size and digest. */
    record Content(TreeEntry entry) {}

    /** Reads a file once. */
    interface Reading {
        DeltaEncoder.Read read(FileChannel file) throws IOException;
    }

    TreeSource(Path root, InstantSource clock) {
        this.root = root;
        this.clock = clock;
    }

    TreeScan scan() throws IOException {
        TreeScan scan = TreeScan.of(root);
        if (known.size() > 2 * scan.found().size() + 1000) {
            known.keySet()
                    .retainAll(scan.found().stream().map(f -> f.entry().path()).toList());
        }
        return scan;
    }

    /**
     * Returns the digest of a file without reading it, if that is possible: it has not changed since it was read, or it
     * was never read here and the replica has it with the same size and time.
     */
    @Nullable
    Digest128 digest(TreeScan.Found found, @Nullable TreeEntry base) {
        Known before = known.get(found.entry().path());
        if (before != null) {
            return before.settled() && before.stamp().equals(found.stamp()) ? before.digest() : null;
        }
        boolean same = base != null
                && base.isFile()
                && base.size() == found.entry().size()
                && base.modified().equals(found.entry().modified());
        if (!same || base == null) {
            return null;
        }
        known.put(found.entry().path(), new Known(found.stamp(), base.digest(), true));
        return base.digest();
    }

    /** Forgets all digests, so that every file is read again. */
    void forget() {
        known.replaceAll((path, before) -> new Known(before.stamp(), before.digest(), false));
    }

    /**
     * Reads a file, again if it changes meanwhile; {@code reading} starts anew each time.
     *
     * @return what it holds, or null if it is gone, cannot be read, or does not stop changing
     */
    @Nullable
    Content read(String path, Reading reading) throws IOException {
        Path file = root.resolve(path);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Instant begin = clock.instant();
            TreeScan.Found before = look(file, path);
            if (before == null || !before.entry().isFile()) {
                return null;
            }
            DeltaEncoder.Read read;
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                read = reading.read(channel);
            } catch (java.nio.file.FileSystemException e) {
                return null;
            }
            TreeScan.Found after = look(file, path);
            if (after != null
                    && after.stamp().equals(before.stamp())
                    && read.size() == before.stamp().size()) {
                boolean settled = before.stamp().changed().isBefore(begin.minus(TICK));
                known.put(path, new Known(before.stamp(), read.digest(), settled));
                return new Content(before.entry().with(read.size(), read.digest()));
            }
        }
        return null;
    }

    private static TreeScan.@Nullable Found look(Path file, String path) throws IOException {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? TreeScan.look(file, path) : null;
    }
}
