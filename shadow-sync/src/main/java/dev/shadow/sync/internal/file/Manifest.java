package dev.shadow.sync.internal.file;

import dev.shadow.sync.internal.Framing;
import dev.shadow.sync.internal.ProtocolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a tree holds, by path, parents before children. Its digest stands for the whole tree: every name,
 * permission, time, link and content. Immutable.
 */
public final class Manifest {
    /** What a replica holds before its first round. */
    public static final Manifest EMPTY = new Manifest(new TreeMap<>(TreePath.ORDER));

    private static final int MAGIC = 0x5348464d;
    private static final int VERSION = 1;
    private static final int OVERHEAD = 4 + 1 + 4 + 4;

    private final SortedMap<String, TreeEntry> entries;

    private Manifest(SortedMap<String, TreeEntry> entries) {
        this.entries = Collections.unmodifiableSortedMap(entries);
    }

    /**
     * Returns the manifest of these entries.
     *
     * @throws ProtocolException if one has no directory to lie in, or two have the same path
     */
    static Manifest of(Collection<TreeEntry> all) throws ProtocolException {
        TreeMap<String, TreeEntry> sorted = new TreeMap<>(TreePath.ORDER);
        for (TreeEntry entry : all) {
            if (sorted.put(entry.path(), entry) != null) {
                throw ProtocolException.malformed("path \"" + entry.path() + "\" is there twice");
            }
        }
        for (TreeEntry entry : sorted.values()) {
            requireParent(entry, sorted);
        }
        return new Manifest(sorted);
    }

    private static void requireParent(TreeEntry entry, SortedMap<String, TreeEntry> all) throws ProtocolException {
        if (entry.path().isEmpty()) {
            return;
        }
        TreeEntry parent = all.get(TreePath.parent(entry.path()));
        if (parent == null || !parent.isDirectory()) {
            throw ProtocolException.malformed("path \"" + entry.path() + "\" lies in no directory of the manifest");
        }
    }

    Collection<TreeEntry> entries() {
        return entries.values();
    }

    @Nullable
    TreeEntry get(String path) {
        return entries.get(path);
    }

    int size() {
        return entries.size();
    }

    /** Bytes of all files. */
    public long contentBytes() {
        return entries.values().stream().mapToLong(TreeEntry::size).sum();
    }

    Digest128 digest() {
        return Digest128.of(encode());
    }

    /** Returns magic, version, number of entries, the entries, and the CRC32C of all that. */
    ByteBuffer encode() {
        long bytes = OVERHEAD;
        for (TreeEntry entry : entries.values()) {
            bytes += entry.encodedBytes();
        }
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(bytes));
        out.putInt(MAGIC).put((byte) VERSION).putInt(entries.size());
        entries.values().forEach(entry -> entry.write(out));
        out.putInt(Framing.crc(out.duplicate().flip()));
        return out.flip();
    }

    /** Reads a manifest, which must fill the buffer; allocates no more than a few times its length. */
    static Manifest decode(ByteBuffer in) throws ProtocolException {
        try {
            return read(in);
        } catch (BufferUnderflowException e) {
            throw ProtocolException.malformed("a manifest is too short");
        }
    }

    private static Manifest read(ByteBuffer in) throws ProtocolException {
        if (in.remaining() < OVERHEAD) {
            throw ProtocolException.malformed("a manifest is too short");
        }
        int crcAt = in.limit() - 4;
        if (Framing.crc(in.slice(in.position(), in.remaining() - 4)) != in.getInt(crcAt)) {
            throw ProtocolException.malformed("the checksum of a manifest is wrong");
        }
        if (in.getInt() != MAGIC || in.get() != VERSION) {
            throw ProtocolException.malformed("this is no manifest of version " + VERSION);
        }
        int count = in.getInt();
        if (count < 0 || count > (in.remaining() - 4) / TreeEntry.LEAST_BYTES) {
            throw ProtocolException.malformed(count + " entries do not fit into " + in.remaining() + " bytes");
        }
        TreeMap<String, TreeEntry> entries = new TreeMap<>(TreePath.ORDER);
        for (int i = 0; i < count; i++) {
            TreeEntry entry = TreeEntry.read(in);
            if (!entries.isEmpty() && TreePath.ORDER.compare(entries.lastKey(), entry.path()) >= 0) {
                throw ProtocolException.malformed("path \"" + entry.path() + "\" is out of order");
            }
            requireParent(entry, entries);
            entries.put(entry.path(), entry);
        }
        if (in.position() != crcAt) {
            throw ProtocolException.malformed(crcAt - in.position() + " bytes too many in a manifest");
        }
        in.position(in.limit());
        return new Manifest(entries);
    }
}
