package dev.shadow.sync.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A directory of the file system. */
public final class DirectoryStorage implements Storage {
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
    public MappedMemory map(String name, int bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                root.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() != bytes) {
                channel.truncate(0);
            }
            MappedByteBuffer buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
            return new MappedFile(buffer);
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

    private record MappedFile(MappedByteBuffer mapped) implements MappedMemory {
        @Override
        public ByteBuffer buffer() {
            return mapped;
        }

        @Override
        public void force() {
            mapped.force();
        }
    }
}
