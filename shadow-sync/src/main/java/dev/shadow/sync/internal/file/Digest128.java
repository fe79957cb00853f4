package dev.shadow.sync.internal.file;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The first 128 bits of a SHA-256. Chosen over MD5 because whoever can write files on the primary must not be able to
 * make two contents that pass for one.
 */
public record Digest128(long high, long low) {
    /** Digest of what has none: directories and links. */
    public static final Digest128 NONE = new Digest128(0, 0);

    static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static Digest128 finish(MessageDigest digest) {
        ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
        return new Digest128(bytes.getLong(), bytes.getLong());
    }

    static Digest128 of(ByteBuffer content) {
        MessageDigest digest = start();
        digest.update(content);
        return finish(digest);
    }

    void write(ByteBuffer out) {
        out.putLong(high).putLong(low);
    }

    static Digest128 read(ByteBuffer in) {
        return new Digest128(in.getLong(), in.getLong());
    }
}
