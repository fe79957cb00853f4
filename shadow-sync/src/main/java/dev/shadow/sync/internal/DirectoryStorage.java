package dev.shadow.sync.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A directory of the file system. */
public final class DirectoryStorage implements Storage {
    private static final long WINDOW = 1L << 30;
    private static final long OVERLAP = 1L << 20;

    private final Path root;

    private DirectoryStorage(Path root) {
        this.root = root;
    }

    /** Returns the storage in a directory, creating it and its parents if they are missing. */
    public static DirectoryStorage of(Path root) throws IOException {
        Files.createDirectories(root);
        return new DirectoryStorage(root);
    }

    @Override
    public StorageFile open(String name) throws IOException {
        return ChannelFile.open(root.resolve(name));
    }

    @Override
    public MappedMemory map(String name, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                root.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() != bytes) {
                channel.truncate(0);
            }
            List<MappedByteBuffer> windows = new ArrayList<>();
            for (long at = 0; at < bytes; at += WINDOW) {
                windows.add(channel.map(FileChannel.MapMode.READ_WRITE, at, Math.min(WINDOW + OVERLAP, bytes - at)));
            }
            return new MappedFile(windows);
        }
    }

    @Override
    public boolean exists(String name) throws IOException {
        Path file = root.resolve(name);
        return Files.exists(file) && Files.size(file) > 0;
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(root.resolve(name));
    }

    @Override
    public List<String> list() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public Storage directory(String name) throws IOException {
        return of(root.resolve(name));
    }

    @Override
    public void deleteDirectory(String name) throws IOException {
        Files.deleteIfExists(root.resolve(name));
    }

    @Override
    public void forceDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(root, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException notSupported) {
            // Some systems cannot open a directory; there, the file system orders its own entries.
            if (Files.isDirectory(root)) {
                return;
            }
            throw notSupported;
        }
    }

    /** A file in windows that overlap, so that a short slice always lies in one. */
    private record MappedFile(List<MappedByteBuffer> windows) implements MappedMemory {
        @Override
        public ByteBuffer slice(long offset, int bytes) {
            int window = (int) (offset / WINDOW);
            return windows.get(window).slice((int) (offset - window * WINDOW), bytes);
        }

        @Override
        public void force() {
            windows.forEach(MappedByteBuffer::force);
        }
    }
}
