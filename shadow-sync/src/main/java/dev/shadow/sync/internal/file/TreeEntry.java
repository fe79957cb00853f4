package dev.shadow.sync.internal.file;

import dev.shadow.sync.internal.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * One file, directory or symbolic link of a tree.
 *
 * @param path where it is, relative to the root; empty for the root itself
 * @param mode the nine permission bits; 0 for a link
 * @param modified time of the last modification; of a link to the microsecond
 * @param size bytes of a file's content; otherwise 0
 * @param digest of a file's content; otherwise {@link Digest128#NONE}
 * @param target text of a link; otherwise empty
 */
public record TreeEntry(
        String path, Kind kind, int mode, Instant modified, long size, Digest128 digest, String target) {
    /** What an entry is. The numbers are part of the format. */
    public enum Kind {
        /** A directory. */
        DIRECTORY(0),
        /** A regular file. */
        FILE(1),
        /** A symbolic link. */
        LINK(2);

        private final byte number;

        Kind(int number) {
            this.number = (byte) number;
        }
    }

    /** Bytes of the shortest entry. */
    static final int LEAST_BYTES = 1 + 2 + 2 + 8 + 4;

    private static final Kind[] KINDS = Kind.values();

    static TreeEntry directory(String path, int mode, Instant modified) {
        return new TreeEntry(path, Kind.DIRECTORY, mode, modified, 0, Digest128.NONE, "");
    }

    static TreeEntry file(String path, int mode, Instant modified, long size, Digest128 digest) {
        return new TreeEntry(path, Kind.FILE, mode, modified, size, digest, "");
    }

    static TreeEntry link(String path, Instant modified, String target) {
        return new TreeEntry(path, Kind.LINK, 0, modified, 0, Digest128.NONE, target);
    }

    boolean isDirectory() {
        return kind == Kind.DIRECTORY;
    }

    boolean isFile() {
        return kind == Kind.FILE;
    }

    /** Says whether both are files with the same bytes. */
    boolean sameContent(TreeEntry other) {
        return isFile() && other.isFile() && size == other.size && digest.equals(other.digest);
    }

    TreeEntry with(long newSize, Digest128 newDigest) {
        return new TreeEntry(path, kind, mode, modified, newSize, newDigest, target);
    }

    int encodedBytes() {
        int common = LEAST_BYTES + TreePath.bytes(path);
        return switch (kind) {
            case DIRECTORY -> common;
            case FILE -> common + 24;
            case LINK -> common + 2 + target.getBytes(StandardCharsets.UTF_8).length;
        };
    }

    void write(ByteBuffer out) {
        out.put(kind.number);
        TreePath.write(out, path);
        out.putShort((short) mode).putLong(modified.getEpochSecond()).putInt(modified.getNano());
        if (kind == Kind.FILE) {
            out.putLong(size);
            digest.write(out);
        } else if (kind == Kind.LINK) {
            TreePath.write(out, target);
        }
    }

    static TreeEntry read(ByteBuffer in) throws ProtocolException {
        int number = in.get();
        if (number < 0 || number >= KINDS.length) {
            throw ProtocolException.malformed("an entry of kind " + number + " is unknown");
        }
        Kind kind = KINDS[number];
        String path = TreePath.read(in);
        if (!(path.isEmpty() && kind == Kind.DIRECTORY)) {
            TreePath.requireSafe(path);
        }
        int mode = in.getShort();
        if (mode < 0 || mode > 0777 || (kind == Kind.LINK && mode != 0)) {
            throw ProtocolException.malformed("mode " + mode + " is more than permissions");
        }
        Instant modified = instant(in.getLong(), in.getInt());
        return switch (kind) {
            case DIRECTORY -> directory(path, mode, modified);
            case FILE -> file(path, mode, modified, size(in.getLong()), Digest128.read(in));
            case LINK -> link(path, modified, linkTarget(TreePath.read(in)));
        };
    }

    private static Instant instant(long seconds, int nanos) throws ProtocolException {
        try {
            if (nanos < 0 || nanos > 999_999_999) {
                throw ProtocolException.malformed(nanos + " nanoseconds are not part of a second");
            }
            return Instant.ofEpochSecond(seconds, nanos);
        } catch (DateTimeException e) {
            throw ProtocolException.malformed("time " + seconds + " s is out of range");
        }
    }

    private static long size(long size) throws ProtocolException {
        if (size < 0) {
            throw ProtocolException.malformed("size " + size + " must not be negative");
        }
        return size;
    }

    private static String linkTarget(String target) throws ProtocolException {
        if (target.isEmpty() || target.indexOf('\0') >= 0) {
            throw ProtocolException.malformed("the text of a link must not be empty or have a NUL");
        }
        return target;
    }
}
