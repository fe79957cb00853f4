package dev.shadow.core.store;

import dev.shadow.core.store.RecordTable.Entry;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.store.RecordKey;
import dev.shadow.spi.store.StoredRecord;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The bytes of journal and snapshot files; {@code docs/format-store.md} describes them.
 *
 * <p>A file is a header and frames. A frame is what was made durable in one step: a magic number, its
 * sequence number, its length, a CRC32C, and one entry or several. Since a frame is written only after
 * the one before it is durable, a broken frame with a sound one behind it is damage, and a broken one at
 * the end is a write that was cut off.
 */
final class JournalFormat {
    static final int HEADER = 24;
    static final int FRAME_HEADER = 20;
    private static final int MOST_FRAME = 1 << 30;
    private static final int VERSION = 1;
    private static final int FRAME_MAGIC = 0x53465231; // "SFR1"
    private static final byte PUT = 1;
    private static final byte REMOVE = 2;

    private JournalFormat() {}

    /** Kind of file, told by its first eight bytes. */
    enum Kind {
        JOURNAL("SHDWJRNL"),
        SNAPSHOT("SHDWSNAP");

        private final String magic;

        Kind(String magic) {
            this.magic = magic;
        }

        private byte[] magic() {
            return magic.getBytes(StandardCharsets.US_ASCII);
        }
    }

    static ByteBuffer header(Kind kind, long number) {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER);
        bytes.put(kind.magic()).putInt(VERSION).putLong(number);
        bytes.putInt(crc(bytes.array(), 0, bytes.position())).flip();
        return bytes;
    }

    /** Returns what is wrong with a header, or empty. */
    static Optional<String> headerProblem(byte[] file, Kind kind, long number) {
        if (file.length < HEADER) {
            return Optional.of("it has " + file.length + " bytes, fewer than its header");
        }
        ByteBuffer bytes = ByteBuffer.wrap(file);
        byte[] magic = new byte[8];
        bytes.get(magic);
        int version = bytes.getInt();
        long found = bytes.getLong();
        if (!java.util.Arrays.equals(magic, kind.magic())) {
            return Optional.of("it does not begin as a " + kind.name().toLowerCase(java.util.Locale.ROOT));
        }
        if (bytes.getInt() != crc(file, 0, HEADER - Integer.BYTES)) {
            return Optional.of("the checksum of its header does not match");
        }
        if (version != VERSION) {
            return Optional.of("it has format version " + version + ", this library reads " + VERSION);
        }
        return found == number ? Optional.empty() : Optional.of("its number is " + found + ", not " + number);
    }

    static ByteBuffer frame(long sequence, List<Entry> entries) {
        List<byte[]> encoded = entries.stream().map(JournalFormat::encode).toList();
        int length = Math.toIntExact(encoded.stream().mapToLong(e -> e.length).sum());
        ByteBuffer bytes = ByteBuffer.allocate(FRAME_HEADER + length);
        bytes.putInt(FRAME_MAGIC).putLong(sequence).putInt(length).putInt(0);
        encoded.forEach(bytes::put);
        bytes.putInt(FRAME_HEADER - Integer.BYTES, frameCrc(bytes.array(), 0, length));
        return bytes.flip();
    }

    /** Over the frame without the checksum itself. */
    private static int frameCrc(byte[] file, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(file, at, FRAME_HEADER - Integer.BYTES);
        crc.update(file, at + FRAME_HEADER, length);
        return (int) crc.getValue();
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    private static byte[] encode(Entry entry) {
        StoredRecord record = entry.record();
        byte[] kind = record.key().kind().getBytes(StandardCharsets.UTF_8);
        byte[] id = record.key().id().getBytes(StandardCharsets.UTF_8);
        byte[] document = entry.present() ? record.document().getBytes(StandardCharsets.UTF_8) : new byte[0];
        ByteBuffer bytes = ByteBuffer.allocate(1 + 8 + 8 + 1 + kind.length + 1 + id.length + 4 + document.length);
        bytes.put(entry.present() ? PUT : REMOVE).putLong(record.version()).putLong(entry.token());
        bytes.put((byte) kind.length).put(kind).put((byte) id.length).put(id);
        bytes.putInt(document.length).put(document);
        return bytes.array();
    }

    /** Returns the sound frame that begins at {@code at}, or empty if there is none. */
    static Optional<Frame> frameAt(byte[] file, int at) {
        if (at < 0 || file.length - at < FRAME_HEADER) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(file, at, FRAME_HEADER);
        if (bytes.getInt() != FRAME_MAGIC) {
            return Optional.empty();
        }
        long sequence = bytes.getLong();
        int length = bytes.getInt();
        int crc = bytes.getInt();
        if (length < 0 || length > MOST_FRAME || length > file.length - at - FRAME_HEADER) {
            return Optional.empty();
        }
        if (crc != frameCrc(file, at, length)) {
            return Optional.empty();
        }
        return Optional.of(new Frame(sequence, at, at + FRAME_HEADER + length));
    }

    /** Finds the next sound frame at or after {@code from}. */
    static Optional<Frame> findFrame(byte[] file, int from) {
        for (int at = from; at <= file.length - FRAME_HEADER; at++) {
            if (file[at] == (byte) (FRAME_MAGIC >>> 24)) {
                Optional<Frame> frame = frameAt(file, at);
                if (frame.isPresent()) {
                    return frame;
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Decodes the entries of a sound frame.
     *
     * @throws IllegalArgumentException if they make no sense, although the checksum matches
     */
    static List<Entry> entries(byte[] file, Frame frame) {
        ByteBuffer bytes =
                ByteBuffer.wrap(file, frame.start() + FRAME_HEADER, frame.end() - frame.start() - FRAME_HEADER);
        List<Entry> entries = new ArrayList<>();
        try {
            while (bytes.hasRemaining()) {
                entries.add(decode(bytes));
            }
        } catch (BufferUnderflowException | CharacterCodingException | InvalidValueException e) {
            throw new IllegalArgumentException(
                    "frame " + frame.sequence() + " holds an entry that makes no sense: " + e, e);
        }
        return entries;
    }

    private static Entry decode(ByteBuffer bytes) throws CharacterCodingException {
        byte type = bytes.get();
        if (type != PUT && type != REMOVE) {
            throw new InvalidValueException("type", Byte.toString(type), "be 1 or 2");
        }
        long version = bytes.getLong();
        long token = bytes.getLong();
        RecordKey key = new RecordKey(text(bytes, bytes.get() & 0xff), text(bytes, bytes.get() & 0xff));
        String document = text(bytes, bytes.getInt());
        return new Entry(new StoredRecord(key, version, type == PUT ? document : "-"), type == PUT, token);
    }

    private static String text(ByteBuffer bytes, int length) throws CharacterCodingException {
        if (length < 0 || length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer part = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        return StandardCharsets.UTF_8.newDecoder().decode(part).toString();
    }

    /**
     * A sound frame.
     *
     * @param sequence its number
     * @param start its first byte in the file
     * @param end the byte behind it
     */
    record Frame(long sequence, int start, int end) {}
}
