package dev.shadow.sync.internal.file;

import dev.shadow.sync.internal.Lineage;
import dev.shadow.sync.internal.ProtocolException;
import dev.shadow.sync.internal.ReplicaPoint;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The two records that say what a replica is: the manifest of the applied round, and the change that a committed round
 * makes to it. Each is one file, replaced at once: round (8), frozen at (8), the encoded manifest or change.
 */
final class TreeCommit {
    static final String MANIFEST = "manifest";
    static final String COMMIT = "commit";

    private TreeCommit() {}

    /** A round with its manifest. */
    record Applied(long round, long frozenAtMillis, Manifest manifest) {
        static final Applied NONE = new Applied(0, 0, Manifest.EMPTY);

        ReplicaPoint point() {
            Digest128 digest = manifest.digest();
            return round == 0
                    ? ReplicaPoint.NONE
                    : new ReplicaPoint(round, new Lineage(digest.high(), digest.low()), frozenAtMillis, 0);
        }
    }

    /** A round that is committed and perhaps not applied. */
    record Pending(long round, long frozenAtMillis, ManifestChange change) {}

    static void write(Path directory, Applied applied, boolean durable) throws IOException {
        ByteBuffer manifest = applied.manifest().encode();
        write(directory.resolve(MANIFEST), applied.round(), applied.frozenAtMillis(), manifest, durable);
    }

    static void write(Path directory, Pending pending, boolean durable) throws IOException {
        ByteBuffer change = pending.change().encode();
        write(directory.resolve(COMMIT), pending.round(), pending.frozenAtMillis(), change, durable);
    }

    private static void write(Path file, long round, long frozenAt, ByteBuffer body, boolean durable)
            throws IOException {
        ByteBuffer out = ByteBuffer.allocate(16 + body.remaining());
        out.putLong(round).putLong(frozenAt).put(body);
        TreeFiles.replace(file, out.flip(), durable);
    }

    static Applied readApplied(Path directory) throws IOException {
        ByteBuffer in = TreeFiles.read(directory.resolve(MANIFEST));
        if (in == null) {
            return Applied.NONE;
        }
        try {
            return new Applied(in.getLong(), in.getLong(), Manifest.decode(in.slice()));
        } catch (BufferUnderflowException e) {
            throw ProtocolException.malformed("the manifest in " + directory + " is too short");
        }
    }

    static @Nullable Pending readPending(Path directory) throws IOException {
        ByteBuffer in = TreeFiles.read(directory.resolve(COMMIT));
        if (in == null) {
            return null;
        }
        try {
            return new Pending(in.getLong(), in.getLong(), ManifestChange.decode(in.slice()));
        } catch (BufferUnderflowException e) {
            throw ProtocolException.malformed("the commit in " + directory + " is too short");
        }
    }
}
