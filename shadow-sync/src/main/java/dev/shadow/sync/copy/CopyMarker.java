package dev.shadow.sync.copy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The file that says which ranges of an image may be half copied. Not to be shared between threads. */
final class CopyMarker {
    private final Path file;
    private final Path directory;

    CopyMarker(Path target) throws IOException {
        // Of the file itself, whatever links lead to it.
        Path real = target.toRealPath();
        this.directory = real.getParent() == null ? real : real.getParent();
        this.file = directory.resolve(real.getFileName() + ImageCopy.MARKER_SUFFIX);
    }

    /** Returns what an interrupted copy has left over. */
    ExtentList left() throws IOException {
        return Files.exists(file) ? ExtentList.read(file) : ExtentList.builder().build();
    }

    /** Puts the marker there, whole or not at all. */
    void place(ExtentList extents, boolean durable) throws IOException {
        Path draft = directory.resolve(file.getFileName() + ".new");
        extents.write(draft);
        if (durable) {
            force(draft);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (durable) {
            force(directory);
        }
    }

    /** Takes the marker away: all was copied. */
    void remove(boolean durable) throws IOException {
        Files.delete(file);
        if (durable) {
            force(directory);
        }
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
