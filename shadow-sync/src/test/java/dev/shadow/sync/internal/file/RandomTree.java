package dev.shadow.sync.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** A tree that changes at random: contents, names, kinds, permissions, times and links. */
final class RandomTree {
    private final Path root;
    private final RandomGenerator random;
    private int names;

    RandomTree(Path root, RandomGenerator random) throws IOException {
        this.root = root;
        this.random = random;
        Files.createDirectories(root);
    }

    /** Makes so many random changes. */
    void mutate(int changes) throws IOException {
        for (int i = 0; i < changes; i++) {
            change();
        }
    }

    private void change() throws IOException {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> Files.write(fresh(), content(random.nextInt(40_000)));
            case 3 -> Files.createDirectory(fresh());
            case 4 -> Files.createSymbolicLink(fresh(), Path.of(random.nextBoolean() ? "../x" : "/nowhere/else"));
            case 5 -> edit();
            case 6 -> rename();
            case 7 -> delete(pick());
            case 8 -> permissions(pick());
            case 9 -> touch(pick());
            case 10 -> sparse(fresh());
            default -> replaceKind();
        }
    }

    private byte[] content(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private List<Path> all() throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return new ArrayList<>(walk.sorted().toList());
        }
    }

    private Path pick() throws IOException {
        List<Path> all = all();
        return all.get(random.nextInt(all.size()));
    }

    private Path fresh() throws IOException {
        List<Path> directories = new ArrayList<>();
        for (Path each : all()) {
            if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                directories.add(each);
            }
        }
        String name = (random.nextInt(4) == 0 ? "Ünï " : "n") + names++;
        return directories.get(random.nextInt(directories.size())).resolve(name);
    }

    private void edit() throws IOException {
        Path file = pick();
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        byte[] before = Files.readAllBytes(file);
        int at = random.nextInt(before.length + 1);
        int cut = random.nextInt(Math.min(2000, before.length - at) + 1);
        byte[] inserted = content(random.nextInt(3000));
        ByteBuffer after = ByteBuffer.allocate(before.length - cut + inserted.length);
        after.put(before, 0, at).put(inserted).put(before, at + cut, before.length - at - cut);
        Files.write(file, after.array());
    }

    private void rename() throws IOException {
        Path file = pick();
        Path to = fresh();
        if (!file.equals(root) && !to.startsWith(file)) {
            Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void replaceKind() throws IOException {
        Path file = pick();
        if (file.equals(root)) {
            return;
        }
        delete(file);
        switch (random.nextInt(3)) {
            case 0 -> Files.createDirectory(file);
            case 1 -> Files.createSymbolicLink(file, Path.of("elsewhere"));
            default -> Files.write(file, content(random.nextInt(100)));
        }
    }

    private void delete(Path path) throws IOException {
        if (path.equals(root)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private void permissions(Path path) throws IOException {
        if (!Files.isSymbolicLink(path)) {
            String[] sets = {"rwxr-xr-x", "rw-------", "r-xr-x---", "rwxrwxrwx", "r--r--r--"};
            boolean directory = Files.isDirectory(path);
            String set = directory ? sets[random.nextBoolean() ? 0 : 3] : sets[random.nextInt(sets.length)];
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(set));
        }
    }

    private void touch(Path path) throws IOException {
        if (!Files.isSymbolicLink(path)) {
            Instant time = Instant.ofEpochSecond(random.nextInt(2_000_000_000), random.nextInt(1_000_000_000));
            Files.setLastModifiedTime(path, FileTime.from(time));
        }
    }

    private void sparse(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(content(10)), random.nextInt(300_000));
            file.write(ByteBuffer.wrap(content(10)), random.nextInt(300_000));
        }
    }

    /** Everything about a tree that must be the same in a replica. */
    static Map<String, String> describe(Path root) throws IOException {
        Map<String, String> described = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : (Iterable<Path>) walk::iterator) {
                described.put(root.relativize(path).toString(), describeOne(path));
            }
        }
        return described;
    }

    private static String describeOne(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            return "link to " + Files.readSymbolicLink(path);
        }
        String dress = PosixFilePermissions.toString(Files.getPosixFilePermissions(path)) + " "
                + Files.getLastModifiedTime(path).toInstant();
        return Files.isDirectory(path)
                ? "directory " + dress
                : "file " + dress + " " + Digest128.of(ByteBuffer.wrap(Files.readAllBytes(path)));
    }
}
