package dev.shadow.examples.process.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads lines of bounded length, so that a foreign peer cannot fill the memory. */
final class Lines {
    private Lines() {}

    /**
     * Reads up to the next line feed, which it drops.
     *
     * @param in buffered, since it is read byte by byte
     * @param maxBytes the most bytes before the line feed
     * @return the line, or null at the end of the stream
     * @throws IOException if the line is longer, or the stream ends within it
     */
    static @Nullable String next(InputStream in, int maxBytes) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                if (line.size() == 0) {
                    return null;
                }
                throw new EOFException("the stream ends within a line");
            }
            if (line.size() == maxBytes) {
                throw new IOException("a line is longer than " + maxBytes + " bytes");
            }
            line.write(b);
        }
        return line.toString(UTF_8);
    }
}
