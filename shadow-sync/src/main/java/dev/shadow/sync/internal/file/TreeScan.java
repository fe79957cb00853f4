package dev.shadow.sync.internal.file;

import dev.shadow.sync.internal.ProtocolException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a source's tree holds, found without reading a file. Symbolic links are not followed. What cannot be carried is
 * left out and named; a directory that cannot be read ends the scan, since its content would seem to be deleted.
 */
final class TreeScan {
    private static final String ATTRIBUTES =
            "unix:mode,ino,ctime,size,lastModifiedTime,isDirectory,isRegularFile,isSymbolicLink";
    private static final int SPECIAL_BITS = 07000;
    private static final int MAX_NAMED = 1000;

    private final List<Found> found = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();

    /** One thing that was found; its stamp changes whenever its content may have changed. */
    record Found(TreeEntry entry, Stamp stamp) {}

    /** Inode, length and both times: a file whose stamp is the same has the same content. */
    record Stamp(long inode, long size, Instant modified, Instant changed) {}

    private TreeScan() {}

    static TreeScan of(Path root) throws IOException {
        TreeScan scan = new TreeScan();
        Found top = look(root, "");
        if (top == null || !top.entry().isDirectory()) {
            throw new IOException("source " + root + " is not a directory");
        }
        scan.found.add(top);
        scan.enter(root, "");
        return scan;
    }

    /** Everything that was found, the root first; files with no digest yet. */
    List<Found> found() {
        return found;
    }

    /** What was left out and why, the first ones. */
    List<String> leftOut() {
        return leftOut;
    }

    private void enter(Path directory, String path) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                visit(child, path);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private void visit(Path child, String parent) throws IOException {
        Path name = Objects.requireNonNull(child.getFileName(), "name");
        String path = parent.isEmpty() ? name.toString() : parent + "/" + name;
        if (!Path.of(name.toString()).equals(name) || !isSafe(path)) {
            leaveOut(path, "its name cannot be carried");
            return;
        }
        Found there;
        try {
            there = look(child, path);
        } catch (NoSuchFileException e) {
            return;
        }
        if (there == null) {
            leaveOut(path, "it is neither file, directory nor symbolic link, or its link text cannot be carried");
            return;
        }
        found.add(there);
        if (there.entry().isDirectory()) {
            enter(child, path);
        }
    }

    private static boolean isSafe(String path) {
        try {
            TreePath.requireSafe(path);
            return path.indexOf('\ufffd') < 0;
        } catch (ProtocolException e) {
            return false;
        }
    }

    private void leaveOut(String path, String why) {
        if (leftOut.size() < MAX_NAMED) {
            leftOut.add(path + ": " + why);
        }
    }

    /** Returns what is there, or null if it cannot be carried. Set-user-ID, set-group-ID and sticky bits are not. */
    static @Nullable Found look(Path file, String path) throws IOException {
        Map<String, Object> a = Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        int mode = value(a, "mode", Integer.class) & 07777 & ~SPECIAL_BITS;
        Instant modified = time(a, "lastModifiedTime");
        long size = value(a, "size", Long.class);
        Stamp stamp = new Stamp(value(a, "ino", Long.class), size, modified, time(a, "ctime"));
        if (value(a, "isDirectory", Boolean.class)) {
            return new Found(TreeEntry.directory(path, mode, modified), stamp);
        }
        if (value(a, "isRegularFile", Boolean.class)) {
            return new Found(TreeEntry.file(path, mode, modified, size, Digest128.NONE), stamp);
        }
        if (value(a, "isSymbolicLink", Boolean.class)) {
            Path target = Files.readSymbolicLink(file);
            boolean carried = Path.of(target.toString()).equals(target)
                    && TreePath.bytes(target.toString()) <= TreePath.MAX_BYTES
                    && target.toString().indexOf('\ufffd') < 0;
            return carried
                    ? new Found(TreeEntry.link(path, modified.truncatedTo(ChronoUnit.MICROS), target.toString()), stamp)
                    : null;
        }
        return null;
    }

    private static <T> T value(Map<String, Object> attributes, String name, Class<T> type) {
        return type.cast(Objects.requireNonNull(attributes.get(name), name));
    }

    private static Instant time(Map<String, Object> attributes, String name) {
        return ((FileTime) Objects.requireNonNull(attributes.get(name), name)).toInstant();
    }
}
