package dev.shadow.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The few things that the store does with files, so that a test can fail or crash each of them. Names
 * have no directory part.
 */
interface Storage extends AutoCloseable {
    /** For messages. */
    String location();

    List<String> names() throws IOException;

    byte[] read(String name) throws IOException;

    /** Opens a file for appending at its end, making it if it is missing. */
    Appender append(String name) throws IOException;

    /** Replaces {@code to} in one step. */
    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    /** Makes the making, renaming and deleting of files durable. */
    void forceNames() throws IOException;

    @Override
    void close() throws IOException;

    /** A file that grows at its end. */
    interface Appender extends AutoCloseable {
        void write(ByteBuffer bytes) throws IOException;

        /** Makes everything written durable. */
        void force() throws IOException;

        /** Cuts the file to this length. */
        void truncate(long length) throws IOException;

        @Override
        void close() throws IOException;
    }
}
