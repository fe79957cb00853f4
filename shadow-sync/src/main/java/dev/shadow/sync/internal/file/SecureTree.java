package dev.shadow.sync.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tree on disk, entered one directory after the other without following symbolic links, so that no name and no link
 * that a peer planted leads out of it. Keeps the directories of the last path open. Not to be shared between threads.
 */
final class SecureTree implements Closeable {
    private final Path root;
    private final List<String> names = new ArrayList<>();
    private final List<SecureDirectoryStream<Path>> open = new ArrayList<>();

    private SecureTree(Path root, SecureDirectoryStream<Path> stream) {
        this.root = root;
        open.add(stream);
    }

    /**
     * Opens the tree under a directory.
     *
     * @throws IOException if the file system cannot open directories by handle
     */
    static SecureTree open(Path root) throws IOException {
        return new SecureTree(root, stream(root));
    }

    @SuppressWarnings("StreamResourceLeak") // it is the caller who closes it
    static SecureDirectoryStream<Path> stream(Path directory) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new IOException("the file system of " + directory
                + " cannot open directories by handle, so trees cannot be kept there safely: use another");
    }

    /** Opens a directory of the tree; empty is the root. */
    SecureDirectoryStream<Path> directory(String path) throws IOException {
        String[] wanted = path.isEmpty() ? new String[0] : path.split("/");
        int same = 0;
        while (same < names.size() && same < wanted.length && names.get(same).equals(wanted[same])) {
            same++;
        }
        leave(same);
        for (int i = same; i < wanted.length; i++) {
            if (!attributes(open.get(i), wanted[i]).isDirectory()) {
                throw new NotDirectoryException(root.resolve(path).toString());
            }
            open.add(open.get(i).newDirectoryStream(Path.of(wanted[i]), LinkOption.NOFOLLOW_LINKS));
            names.add(wanted[i]);
        }
        return open.get(wanted.length);
    }

    private void leave(int depth) throws IOException {
        while (names.size() > depth) {
            names.remove(names.size() - 1);
            open.remove(open.size() - 1).close();
        }
    }

    /** Lets go of the directories below the root, before they are renamed or deleted. */
    void leave() throws IOException {
        leave(0);
    }

    /** Returns what is at the path itself, or null. */
    @Nullable
    BasicFileAttributes attributes(String path) throws IOException {
        if (path.isEmpty()) {
            return open.get(0)
                    .getFileAttributeView(BasicFileAttributeView.class)
                    .readAttributes();
        }
        try {
            return attributes(directory(TreePath.parent(path)), TreePath.name(path));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return null;
        }
    }

    private static BasicFileAttributes attributes(SecureDirectoryStream<Path> directory, String name)
            throws IOException {
        return directory
                .getFileAttributeView(Path.of(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    /** Opens a file for reading. */
    SeekableByteChannel read(String path) throws IOException {
        return directory(TreePath.parent(path))
                .newByteChannel(
                        Path.of(TreePath.name(path)), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /** The path by name, after its directories were entered and found to be directories. */
    Path locate(String path) throws IOException {
        if (path.isEmpty()) {
            return root;
        }
        directory(TreePath.parent(path));
        return root.resolve(path);
    }

    @Override
    public void close() throws IOException {
        leave(0);
        open.get(0).close();
    }
}
