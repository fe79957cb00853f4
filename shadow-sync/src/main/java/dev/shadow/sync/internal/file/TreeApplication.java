package dev.shadow.sync.internal.file;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings a tree from the manifest that it equals to the next one. Everything new lies complete in the stage, so each step
 * is a deletion, a rename or a change of attributes, and all of them may be repeated: after a crash at any step, running
 * the whole again ends in the same tree. Not to be shared between threads.
 */
final class TreeApplication {
    private static final int OWNER_ALL = 0700;

    private final Manifest base;
    private final Manifest next;
    private final ManifestChange change;
    private final Path stage;
    private final SecureTree tree;
    private final SecureDirectoryStream<Path> staged;
    private final Boundary boundary;
    private final boolean durable;

    private TreeApplication(
            Manifest base,
            ManifestChange change,
            Path stage,
            SecureTree tree,
            SecureDirectoryStream<Path> staged,
            Boundary boundary,
            boolean durable)
            throws IOException {
        this.base = base;
        this.next = change.applyTo(base);
        this.change = change;
        this.stage = stage;
        this.tree = tree;
        this.staged = staged;
        this.boundary = boundary;
        this.durable = durable;
    }

    /** Applies a change and returns the manifest that the tree then equals, durably. */
    static Manifest run(Manifest base, ManifestChange change, Path stage, Path root, Boundary boundary, boolean durable)
            throws IOException {
        try (SecureTree tree = SecureTree.open(root);
                SecureDirectoryStream<Path> staged = SecureTree.stream(stage)) {
            TreeApplication application = new TreeApplication(base, change, stage, tree, staged, boundary, durable);
            application.run();
            return application.next;
        }
    }

    private void run() throws IOException {
        SortedSet<String> touched = touchedDirectories();
        openDirectories(touched);
        delete();
        for (int i = 0; i < change.changed().size(); i++) {
            place(change.changed().get(i), change.origins().get(i), i);
        }
        tree.leave();
        dressDirectories(touched);
    }

    /** Every directory in which a name appears or vanishes, or which changes itself. */
    private SortedSet<String> touchedDirectories() {
        SortedSet<String> touched = new TreeSet<>(TreePath.ORDER);
        change.removed().forEach(path -> touched.add(TreePath.parent(path)));
        for (TreeEntry entry : change.changed()) {
            touched.add(TreePath.parent(entry.path()));
            if (entry.isDirectory()) {
                touched.add(entry.path());
            }
        }
        return touched;
    }

    /** Lets the owner into the directories that he has locked himself out of. */
    private void openDirectories(SortedSet<String> touched) throws IOException {
        SortedSet<String> entered = new TreeSet<>(TreePath.ORDER);
        for (String path : touched) {
            for (String each = path; entered.add(each) && !each.isEmpty(); ) {
                each = TreePath.parent(each);
            }
        }
        for (String path : entered) {
            BasicFileAttributes attributes = tree.attributes(path);
            if (attributes != null && attributes.isDirectory() && (locked(base.get(path)) || locked(next.get(path)))) {
                boundary.before("open a directory");
                Files.setPosixFilePermissions(tree.locate(path), TreeFiles.permissions(OWNER_ALL));
                touched.add(path);
            }
        }
    }

    private static boolean locked(@Nullable TreeEntry entry) {
        return entry != null && entry.isDirectory() && (entry.mode() & OWNER_ALL) != OWNER_ALL;
    }

    /** Deletes what is gone, and what makes place for something of another kind; contents before directories. */
    private void delete() throws IOException {
        List<String> paths = new ArrayList<>(change.removed());
        for (TreeEntry entry : change.changed()) {
            TreeEntry before = base.get(entry.path());
            if (before != null && before.kind() != entry.kind() && (before.isDirectory() || entry.isDirectory())) {
                paths.add(entry.path());
            }
        }
        paths.sort(Collections.reverseOrder(TreePath.ORDER));
        for (String path : paths) {
            BasicFileAttributes attributes = tree.attributes(path);
            TreeEntry before = base.get(path);
            if (attributes == null || before == null || attributes.isDirectory() != before.isDirectory()) {
                continue;
            }
            SecureDirectoryStream<Path> parent = tree.directory(TreePath.parent(path));
            boundary.before("delete");
            if (attributes.isDirectory()) {
                parent.deleteDirectory(Path.of(TreePath.name(path)));
            } else {
                parent.deleteFile(Path.of(TreePath.name(path)));
            }
        }
    }

    private void place(TreeEntry entry, ManifestChange.Origin origin, int ordinal) throws IOException {
        if (entry.path().isEmpty()) {
            return;
        }
        BasicFileAttributes there = tree.attributes(entry.path());
        switch (entry.kind()) {
            case DIRECTORY -> {
                if (there == null) {
                    Path fresh = stage.resolve("d" + ordinal);
                    boundary.before("make a directory");
                    Files.deleteIfExists(fresh);
                    Files.createDirectory(fresh);
                    move("d" + ordinal, entry.path());
                }
            }
            case LINK -> {
                Path fresh = stage.resolve("l" + ordinal);
                boundary.before("make a link");
                Files.deleteIfExists(fresh);
                Files.createSymbolicLink(fresh, Path.of(entry.target()));
                TreeFiles.dressLink(fresh, entry.modified());
                move("l" + ordinal, entry.path());
            }
            case FILE -> placeFile(entry, origin, ordinal, there);
        }
    }

    private void placeFile(
            TreeEntry entry, ManifestChange.Origin origin, int ordinal, @Nullable BasicFileAttributes there)
            throws IOException {
        if (origin instanceof ManifestChange.Origin.Kept) {
            requireFile(entry, there);
            boundary.before("dress a file");
            TreeFiles.dress(tree.locate(entry.path()), entry, durable);
            return;
        }
        String name = origin instanceof ManifestChange.Origin.Staged content
                ? TreeStage.name(content.index())
                : TreeStage.copyName(ordinal);
        if (Files.exists(stage.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
            move(name, entry.path());
        } else {
            requireFile(entry, there);
        }
    }

    private static void requireFile(TreeEntry entry, @Nullable BasicFileAttributes there) throws IOException {
        if (there == null || !there.isRegularFile() || there.size() != entry.size()) {
            throw new FileSystemException(
                    entry.path(), null, "is not what the manifest tells: somebody else has changed the tree");
        }
    }

    private void move(String name, String path) throws IOException {
        SecureDirectoryStream<Path> parent = tree.directory(TreePath.parent(path));
        boundary.before("move into the tree");
        staged.move(Path.of(name), parent, Path.of(TreePath.name(path)));
    }

    private void dressDirectories(SortedSet<String> touched) throws IOException {
        List<String> deepestFirst = new ArrayList<>(touched);
        Collections.reverse(deepestFirst);
        for (String path : deepestFirst) {
            TreeEntry entry = next.get(path);
            if (entry != null && entry.isDirectory()) {
                boundary.before("dress a directory");
                TreeFiles.dress(tree.locate(path), entry, durable);
                tree.leave();
            }
        }
    }
}
