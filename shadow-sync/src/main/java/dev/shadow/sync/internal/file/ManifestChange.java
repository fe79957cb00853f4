package dev.shadow.sync.internal.file;

import dev.shadow.sync.internal.ProtocolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The way from one manifest to the next: what is gone, and what is new or other, with where its content comes from.
 *
 * @param removed paths that are gone
 * @param changed entries that are new or other than before
 * @param origins for each changed file, in the order of {@code changed}
 */
record ManifestChange(List<String> removed, List<TreeEntry> changed, List<Origin> origins) {
    /** Where the content of a changed entry comes from. */
    sealed interface Origin {
        /** It has none, or keeps what it had under this path: permissions or time differ at most. */
        record Kept() implements Origin {}

        /** It was staged under this number. */
        record Staged(int index) implements Origin {}

        /** It is, whole, what the previous tree has under this path. */
        record Copied(String path) implements Origin {}
    }

    static final Origin KEPT = new Origin.Kept();

    Map<String, Origin> originsByPath() {
        Map<String, Origin> byPath = new HashMap<>();
        for (int i = 0; i < changed.size(); i++) {
            byPath.put(changed.get(i).path(), origins.get(i));
        }
        return byPath;
    }

    /** Returns the manifest that follows {@code base}. */
    Manifest applyTo(Manifest base) throws ProtocolException {
        Map<String, TreeEntry> next = new TreeMap<>(TreePath.ORDER);
        base.entries().forEach(entry -> next.put(entry.path(), entry));
        for (String path : removed) {
            if (next.remove(path) == null) {
                throw ProtocolException.malformed("path \"" + path + "\" is to be removed and is not there");
            }
        }
        Map<String, TreeEntry> unique = new LinkedHashMap<>();
        for (int i = 0; i < changed.size(); i++) {
            TreeEntry entry = changed.get(i);
            if (unique.put(entry.path(), entry) != null) {
                throw ProtocolException.malformed("path \"" + entry.path() + "\" changes twice");
            }
            requireOrigin(entry, origins.get(i), base);
        }
        next.putAll(unique);
        return Manifest.of(next.values());
    }

    private static void requireOrigin(TreeEntry entry, Origin origin, Manifest base) throws ProtocolException {
        if (!entry.isFile() && !(origin instanceof Origin.Kept)) {
            throw ProtocolException.malformed("path \"" + entry.path() + "\" is no file and has content");
        }
        String from = origin instanceof Origin.Copied copied ? copied.path() : entry.path();
        TreeEntry source = base.get(from);
        if (entry.isFile() && !(origin instanceof Origin.Staged) && (source == null || !source.sameContent(entry))) {
            throw ProtocolException.malformed("path \"" + from + "\" does not hold the content of " + entry.path());
        }
    }

    ByteBuffer encode() {
        long bytes = 8;
        for (String path : removed) {
            bytes += 2 + TreePath.bytes(path);
        }
        for (int i = 0; i < changed.size(); i++) {
            bytes += changed.get(i).encodedBytes() + 5L;
            bytes += origins.get(i) instanceof Origin.Copied copied ? TreePath.bytes(copied.path()) : 0;
        }
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(bytes));
        out.putInt(removed.size());
        removed.forEach(path -> TreePath.write(out, path));
        out.putInt(changed.size());
        for (int i = 0; i < changed.size(); i++) {
            changed.get(i).write(out);
            Origin origin = origins.get(i);
            if (origin instanceof Origin.Staged staged) {
                out.put((byte) 1).putInt(staged.index());
            } else if (origin instanceof Origin.Copied copied) {
                out.put((byte) 2);
                TreePath.write(out, copied.path());
            } else {
                out.put((byte) 0);
            }
        }
        return out.flip();
    }

    static ManifestChange decode(ByteBuffer in) throws ProtocolException {
        try {
            List<String> removed = new ArrayList<>();
            for (int left = count(in, 3); left > 0; left--) {
                String path = TreePath.read(in);
                removed.add(path.isEmpty() ? path : TreePath.requireSafe(path));
            }
            List<TreeEntry> changed = new ArrayList<>();
            List<Origin> origins = new ArrayList<>();
            for (int left = count(in, TreeEntry.LEAST_BYTES + 1); left > 0; left--) {
                changed.add(TreeEntry.read(in));
                origins.add(origin(in));
            }
            if (in.hasRemaining()) {
                throw ProtocolException.malformed(in.remaining() + " bytes too many in a change of a manifest");
            }
            return new ManifestChange(removed, changed, origins);
        } catch (BufferUnderflowException e) {
            throw ProtocolException.malformed("a change of a manifest is too short");
        }
    }

    private static int count(ByteBuffer in, int leastBytes) throws ProtocolException {
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / leastBytes + 1) {
            throw ProtocolException.malformed(count + " paths do not fit into " + in.remaining() + " bytes");
        }
        return count;
    }

    private static Origin origin(ByteBuffer in) throws ProtocolException {
        byte kind = in.get();
        return switch (kind) {
            case 0 -> KEPT;
            case 1 -> new Origin.Staged(in.getInt());
            case 2 -> new Origin.Copied(TreePath.requireSafe(TreePath.read(in)));
            default -> throw ProtocolException.malformed("origin " + kind + " is unknown");
        };
    }
}
