package dev.shadow.sync.internal.file;

import dev.shadow.sync.internal.ProtocolException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * The pieces of a file, one after the other: kind (1), then for 0, zeros: length (8); for 1, literal: length (4) and the
 * bytes; for 2, copy: offset in the base (8), length (8).
 */
final class Pieces {
    private static final byte ZEROS = 0;
    private static final byte LITERAL = 1;
    private static final byte COPY = 2;
    private static final int LARGEST_HEAD = 17;

    private Pieces() {}

    /** Takes full buffers of pieces. */
    interface Outlet {
        void send(ByteBuffer pieces) throws IOException;
    }

    /** Collects pieces into buffers. */
    static final class Writer implements DeltaEncoder.Sink {
        private final Outlet outlet;
        private ByteBuffer pending = ByteBuffer.allocate(TreeMessage.MAX_PART);

        Writer(Outlet outlet) {
            this.outlet = outlet;
        }

        private ByteBuffer room(int bytes) throws IOException {
            if (pending.remaining() < bytes) {
                flush();
            }
            return pending;
        }

        void flush() throws IOException {
            if (pending.position() > 0) {
                ByteBuffer full = pending.flip();
                pending = ByteBuffer.allocate(TreeMessage.MAX_PART);
                outlet.send(full);
            }
        }

        @Override
        public void copy(long offset, long length) throws IOException {
            room(LARGEST_HEAD).put(COPY).putLong(offset).putLong(length);
        }

        @Override
        public void zeros(long length) throws IOException {
            room(LARGEST_HEAD).put(ZEROS).putLong(length);
        }

        @Override
        public void literal(byte[] bytes, int offset, int length) throws IOException {
            room(LARGEST_HEAD + length).put(LITERAL).putInt(length).put(bytes, offset, length);
        }
    }

    /** Gives each piece to the sink; the sink checks offsets and lengths against its files. */
    static void read(ByteBuffer in, StagedFile sink) throws IOException {
        try {
            while (in.hasRemaining()) {
                byte kind = in.get();
                switch (kind) {
                    case ZEROS -> sink.zeros(in.getLong());
                    case LITERAL -> sink.literal(literal(in));
                    case COPY -> sink.copy(in.getLong(), in.getLong());
                    default -> throw ProtocolException.malformed("a piece of kind " + kind + " is unknown");
                }
            }
        } catch (BufferUnderflowException e) {
            throw ProtocolException.malformed("a piece of a file is too short");
        }
    }

    private static ByteBuffer literal(ByteBuffer in) throws ProtocolException {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw ProtocolException.malformed("a literal of " + length + " bytes is longer than what follows");
        }
        ByteBuffer bytes = in.slice().limit(length);
        in.position(in.position() + length);
        return bytes;
    }
}
