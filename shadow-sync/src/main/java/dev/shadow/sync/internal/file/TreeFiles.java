package dev.shadow.sync.internal.file;

import dev.shadow.sync.internal.Framing;
import dev.shadow.sync.internal.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whole files with a checksum, replaced at once, and what Java wants to know of permissions and times. */
final class TreeFiles {
    private static final PosixFilePermission[] BITS = {
        PosixFilePermission.OTHERS_EXECUTE,
        PosixFilePermission.OTHERS_WRITE,
        PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE,
        PosixFilePermission.OWNER_WRITE,
        PosixFilePermission.OWNER_READ
    };

    private TreeFiles() {}

    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < BITS.length; bit++) {
            if ((mode & 1 << bit) != 0) {
                set.add(BITS[bit]);
            }
        }
        return set;
    }

    /** Replaces a file by these bytes and their CRC32C: after a crash it is the old one or the new one. */
    static void replace(Path file, ByteBuffer content, boolean durable) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        ByteBuffer crc =
                ByteBuffer.allocate(4).putInt(Framing.crc(content.duplicate())).flip();
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            for (ByteBuffer part : new ByteBuffer[] {content.duplicate(), crc}) {
                while (part.hasRemaining()) {
                    out.write(part);
                }
            }
            if (durable) {
                out.force(true);
            }
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(file.toAbsolutePath().getParent(), durable);
    }

    /** Returns the content of a file that {@link #replace} wrote, or null if there is none. */
    static @Nullable ByteBuffer read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file));
        if (all.remaining() < 4) {
            throw ProtocolException.malformed("file " + file + " is too short");
        }
        ByteBuffer content = all.slice(0, all.remaining() - 4);
        if (Framing.crc(content.duplicate()) != all.getInt(all.remaining() - 4)) {
            throw ProtocolException.malformed("the checksum of file " + file + " is wrong");
        }
        return content;
    }

    static void forceDirectory(@Nullable Path directory, boolean durable) throws IOException {
        if (durable && directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Gives a file or directory, which is no link, its time and permissions, and makes that durable. */
    static void dress(Path path, TreeEntry entry, boolean durable) throws IOException {
        if (!durable) {
            Files.setLastModifiedTime(path, FileTime.from(entry.modified()));
            Files.setPosixFilePermissions(path, permissions(entry.mode()));
            return;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            Files.setLastModifiedTime(path, FileTime.from(entry.modified()));
            Files.setPosixFilePermissions(path, permissions(entry.mode()));
            channel.force(true);
        }
    }

    static void dressLink(Path link, Instant modified) throws IOException {
        Files.getFileAttributeView(link, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(FileTime.from(modified), null, null);
    }
}
