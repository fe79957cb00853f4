package dev.shadow.spi.sync.stream;

import dev.shadow.spi.internal.Checks;
import java.util.Arrays;
import java.util.HexFormat;

/** Binary content of a column. Immutable; equal by content. */
public final class Bytes {
    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** Returns a copy of these bytes. */
    public static Bytes of(byte[] content) {
        return new Bytes(Checks.present("content", content).clone());
    }

    /** A fresh array. */
    public byte[] toArray() {
        return content.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(content, 0, Math.min(content.length, 32));
    }
}
