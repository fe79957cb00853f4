package dev.shadow.sync.internal.file;

import dev.shadow.sync.internal.ProtocolException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directory beside a tree in which the files of the next round are put together. Their names are numbers, so nothing
 * that a peer says becomes a name here. Not to be shared between threads.
 */
final class TreeStage {
    /** Files of one round at most. */
    static final int MAX_FILES = 1 << 24;

    private final Path directory;
    private final Boundary boundary;
    private final boolean durable;
    private final Map<Integer, DeltaEncoder.Read> finished = new HashMap<>();
    private @Nullable StagedFile current;
    private int currentIndex;
    private long bytes;

    TreeStage(Path directory, Boundary boundary, boolean durable) {
        this.directory = directory;
        this.boundary = boundary;
        this.durable = durable;
    }

    Path directory() {
        return directory;
    }

    long bytes() {
        return bytes;
    }

    /** Name of a staged file. */
    static String name(int index) {
        return "f" + index;
    }

    /** Name of the copy that an entry is made of. */
    static String copyName(int ordinal) {
        return "c" + ordinal;
    }

    void clear() throws IOException {
        closeCurrent();
        finished.clear();
        bytes = 0;
        boundary.before("clear the stage");
        Files.createDirectories(directory);
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path each : all) {
                Files.delete(each);
            }
        }
    }

    void start(int index, @Nullable SeekableByteChannel base) throws IOException {
        closeCurrent();
        if (index < 0 || index >= MAX_FILES) {
            throw ProtocolException.malformed("staged file " + index + " is over " + MAX_FILES);
        }
        finished.remove(index);
        boundary.before("create a staged file");
        FileChannel file = FileChannel.open(
                directory.resolve(name(index)),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        current = new StagedFile(file, base);
        currentIndex = index;
    }

    StagedFile current() throws ProtocolException {
        if (current == null) {
            throw ProtocolException.malformed("content came without a file that it belongs to");
        }
        boundary.before("write a staged file");
        return current;
    }

    void finish() throws IOException {
        DeltaEncoder.Read read = current().finish();
        bytes += read.size();
        finished.put(currentIndex, read);
        closeCurrent();
    }

    void close() throws IOException {
        closeCurrent();
    }

    private void closeCurrent() throws IOException {
        if (current != null) {
            current.close();
            current = null;
        }
    }

    /** Returns which staged files are missing or do not hold what their entries tell; the first ones. */
    List<Integer> mismatched(ManifestChange change) {
        List<Integer> wrong = new ArrayList<>();
        for (int i = 0; i < change.changed().size() && wrong.size() < TreeMessage.MAX_NUMBERS; i++) {
            TreeEntry entry = change.changed().get(i);
            if (change.origins().get(i) instanceof ManifestChange.Origin.Staged staged) {
                DeltaEncoder.Read read = finished.get(staged.index());
                if (read == null
                        || read.size() != entry.size()
                        || !read.digest().equals(entry.digest())) {
                    wrong.add(staged.index());
                }
            }
        }
        return wrong;
    }

    /** Gives every staged file its time and permissions and makes it durable; adds what is copied from the tree. */
    void complete(ManifestChange change, SecureTree tree, Manifest base) throws IOException {
        Map<String, ManifestChange.Origin> origins = change.originsByPath();
        Set<String> gone = new HashSet<>(change.removed());
        Set<Integer> used = new HashSet<>();
        Set<String> linked = new HashSet<>();
        for (int i = 0; i < change.changed().size(); i++) {
            TreeEntry entry = change.changed().get(i);
            ManifestChange.Origin origin = change.origins().get(i);
            if (origin instanceof ManifestChange.Origin.Staged staged) {
                if (!used.add(staged.index())) {
                    throw ProtocolException.malformed("staged file " + staged.index() + " is used twice");
                }
                boundary.before("dress a staged file");
                TreeFiles.dress(directory.resolve(name(staged.index())), entry, durable);
            } else if (origin instanceof ManifestChange.Origin.Copied copied) {
                boolean leaves = gone.contains(copied.path())
                        || (origins.containsKey(copied.path())
                                && !(origins.get(copied.path()) instanceof ManifestChange.Origin.Kept));
                boolean same = sameDress(base.get(copied.path()), entry);
                copy(tree, copied.path(), i, entry, leaves && same && linked.add(copied.path()));
            }
        }
        boundary.before("force the stage");
        TreeFiles.forceDirectory(directory, durable);
    }

    private static boolean sameDress(@Nullable TreeEntry base, TreeEntry entry) {
        return base != null && base.mode() == entry.mode() && base.modified().equals(entry.modified());
    }

    /** A file that leaves its place gets a second name; another one is copied, so that no two entries share a file. */
    private void copy(SecureTree tree, String path, int ordinal, TreeEntry entry, boolean link) throws IOException {
        Path copy = directory.resolve(copyName(ordinal));
        Files.deleteIfExists(copy);
        boundary.before("copy a file of the tree");
        if (link) {
            Files.createLink(copy, tree.locate(path));
            if (!Files.isRegularFile(copy, LinkOption.NOFOLLOW_LINKS) || Files.size(copy) != entry.size()) {
                throw new IOException("file " + path + " of the tree was changed by somebody else");
            }
            return;
        }
        FileChannel file =
                FileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try (StagedFile staged = new StagedFile(file, tree.read(path))) {
            staged.copy(0, entry.size());
            DeltaEncoder.Read read = staged.finish();
            if (!read.digest().equals(entry.digest())) {
                throw new IOException("file " + path + " of the tree was changed by somebody else: verify the replica");
            }
        }
        TreeFiles.dress(copy, entry, durable);
    }
}
