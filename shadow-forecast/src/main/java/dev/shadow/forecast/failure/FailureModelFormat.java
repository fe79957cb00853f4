package dev.shadow.forecast.failure;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shadow.spi.InvalidValueException;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The stored form of a model: a header of {@value #HEADER} bytes with a checksum of its own, the content, its checksum.
 * The content is read only when all of it is there and undamaged.
 */
final class FailureModelFormat {
    private static final long MAGIC = 0x534844574641494CL; // SHDWFAIL
    private static final int VERSION = 1;
    private static final int HEADER = 20;
    private static final int CHECKED_OF_HEADER = 16;
    private static final int LARGEST = 1 << 29;

    private FailureModelFormat() {}

    static void write(FailureModel model, OutputStream out) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        new FailureModelWriter(new DataOutputStream(content)).write(model);
        byte[] bytes = content.toByteArray();
        if (bytes.length > LARGEST) {
            throw new IOException("the model takes " + bytes.length + " bytes, a file may take " + LARGEST);
        }
        DataOutputStream data = new DataOutputStream(out);
        byte[] head = new byte[CHECKED_OF_HEADER];
        ByteBuffer.wrap(head).putLong(MAGIC).putInt(VERSION).putInt(bytes.length);
        data.write(head);
        data.writeInt(checksum(head, head.length));
        data.write(bytes);
        data.writeInt(checksum(bytes, bytes.length));
        data.flush();
    }

    static FailureModel read(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        byte[] head = data.readNBytes(HEADER);
        if (head.length < HEADER) {
            throw new EOFException(
                    "failure model cut short: its header has " + HEADER + " bytes, here are " + head.length);
        }
        int length = length(head);
        // Takes memory as the bytes arrive, so that a file that only claims to be long costs little.
        byte[] bytes = data.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("failure model cut short after " + bytes.length + " of " + length + " bytes");
        }
        if (data.readInt() != checksum(bytes, length)) {
            throw new IOException("failure model damaged: the checksum of its content does not match");
        }
        try {
            return new FailureModelReader(ByteBuffer.wrap(bytes)).read();
        } catch (InvalidValueException e) {
            throw new IOException("failure model with a wrong value: " + e.getMessage(), e);
        }
    }

    private static int length(byte[] head) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(head);
        if (header.getLong() != MAGIC) {
            throw new IOException("not a failure model: it does not start with SHDWFAIL");
        }
        int version = header.getInt();
        int length = header.getInt();
        if (header.getInt() != checksum(head, CHECKED_OF_HEADER)) {
            throw new IOException("failure model damaged: the checksum of its header does not match");
        }
        if (version != VERSION) {
            throw new IOException("failure model of version " + version + ", only " + VERSION + " can be read");
        }
        if (length < 0 || length > LARGEST) {
            throw new IOException(
                    "failure model with a length of " + length + " bytes, at most " + LARGEST + " can be read");
        }
        return length;
    }

    static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /** A text as it is stored. */
    static byte[] encoded(String text) {
        return text.getBytes(UTF_8);
    }
}
