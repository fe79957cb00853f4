package dev.shadow.sync.internal.file;

import dev.shadow.spi.InstanceId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every replicated tree of one directory. May be shared between threads. */
public final class TreeVault {
    private static final Logger LOG = LoggerFactory.getLogger(TreeVault.class);
    private static final String SUFFIX = ".tree";

    private final Path root;
    private final Boundary boundary;
    private final boolean durable;
    private final ConcurrentSkipListMap<InstanceId, TreeReplica> replicas = new ConcurrentSkipListMap<>();

    private TreeVault(Path root, Boundary boundary, boolean durable) {
        this.root = root;
        this.boundary = boundary;
        this.durable = durable;
    }

    /** Opens every tree of a directory and finishes the rounds that were committed. */
    public static TreeVault recover(Path root) throws IOException {
        return recover(root, Boundary.NONE, true);
    }

    static TreeVault recover(Path root, Boundary boundary, boolean durable) throws IOException {
        TreeVault vault = new TreeVault(root, boundary, durable);
        try (DirectoryStream<Path> all = Files.newDirectoryStream(root, "*" + SUFFIX)) {
            for (Path directory : all) {
                vault.recoverOne(directory);
            }
        }
        return vault;
    }

    private void recoverOne(Path directory) {
        String name = String.valueOf(directory.getFileName());
        InstanceId instance = InstanceId.of(name.substring(0, name.length() - SUFFIX.length()));
        try {
            replicas.put(instance, TreeReplica.open(directory, boundary, durable));
        } catch (IOException e) {
            LOG.warn("tree {} cannot be opened and is left alone: repair what is named, or remove it", instance, e);
        }
    }

    private Path directoryOf(InstanceId instance) {
        return root.resolve(instance.value() + SUFFIX);
    }

    /** Finds a tree. */
    public Optional<TreeReplica> find(InstanceId instance) {
        return Optional.ofNullable(replicas.get(instance));
    }

    /** Every tree by name. */
    public Map<InstanceId, TreeReplica> all() {
        return Map.copyOf(replicas);
    }

    /** Makes an empty tree, or takes note of the generation if it is there for the same virtual machine. */
    public synchronized void create(String vm, InstanceId instance, long generation) throws IOException {
        TreeReplica existing = replicas.get(instance);
        if (existing != null) {
            existing.requireVm(vm);
            existing.observe(generation);
            return;
        }
        Path directory = directoryOf(instance);
        if (TreeReplica.exists(directory)) {
            throw new IOException(
                    "its directory " + directory + " holds a tree that could not be opened: repair it and "
                            + "restart the server, or give the data up by removing the tree");
        }
        Files.createDirectories(directory);
        replicas.put(instance, TreeReplica.create(directory, vm, generation, boundary, durable));
        TreeFiles.forceDirectory(root, durable);
    }

    /** Removes a tree and all that it holds. */
    public synchronized void remove(InstanceId instance) throws IOException {
        TreeReplica removed = replicas.remove(instance);
        if (removed != null) {
            removed.close();
        }
        Path directory = directoryOf(instance);
        if (!Files.exists(directory)) {
            return;
        }
        Files.deleteIfExists(directory.resolve("state"));
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) throws IOException {
                Files.setPosixFilePermissions(each, TreeFiles.permissions(0700));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure) throws IOException {
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
        TreeFiles.forceDirectory(root, durable);
    }

    /** Closes every tree, once what is under way is done. */
    public void close() throws IOException {
        for (TreeReplica replica : replicas.values()) {
            replica.close();
        }
    }
}
