package dev.shadow.examples.process.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.shadow.sync.BlockDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/**
 * Keys and values in an append-only log on a block device, with an index in memory.
 *
 * <p>The first {@value #LOG_START} bytes hold a header, the rest is records back to back: magic, CRC-32C, sequence,
 * key length, value length, key, value; big endian. The CRC covers the record and the CRC of the record before it.
 * So a record is found valid only behind the very record that it was written behind, and what is left of an older
 * log beyond the end is never taken for a continuation. Recovery reads from the start up to the first record that
 * is not valid. Nothing is ever overwritten or compacted: a log without room refuses.
 *
 * <p>Reads may come from any thread at any time; appends from one thread at a time.
 */
public final class KeyValueLog {
    /** The most bytes of a key in UTF-8. */
    public static final int MAX_KEY = 256;

    /** The most bytes of a value. */
    public static final int MAX_VALUE = 64 * 1024;

    static final int LOG_START = 4096;
    static final int RECORD_HEADER = 24;

    private static final long HEADER_MAGIC = 0x5348_4B56_4C4F_4731L;
    private static final int RECORD_MAGIC = 0x4B56_5243;
    private static final int READ_AHEAD = 1 << 20;

    private final BlockDevice device;
    private final Map<String, Location> index = new ConcurrentHashMap<>();
    private final Object lock = new Object();

    @GuardedBy("lock")
    private long end = LOG_START;

    @GuardedBy("lock")
    private long sequence;

    @GuardedBy("lock")
    private int lastCrc;

    @GuardedBy("lock")
    private boolean broken;

    private KeyValueLog(BlockDevice device) {
        this.device = device;
    }

    /**
     * Opens the log on a device, after reading it whole. A device that begins with zeros gets an empty log.
     *
     * @throws IOException if the device holds something else, is too small, or cannot be read
     */
    public static KeyValueLog open(BlockDevice device) throws IOException {
        if (device.size() <= LOG_START) {
            throw new IOException(
                    "disk must be larger than " + LOG_START + " bytes for a key-value log, was " + device.size());
        }
        KeyValueLog log = new KeyValueLog(device);
        ByteBuffer header = ByteBuffer.allocate(LOG_START);
        device.read(0, header);
        header.flip();
        long magic = header.getLong();
        if (magic == 0) {
            header.clear().putLong(HEADER_MAGIC).rewind();
            device.write(0, header);
            device.flush();
        } else if (magic != HEADER_MAGIC) {
            throw new IOException("disk does not hold a key-value log: it begins with " + Long.toHexString(magic));
        }
        log.recover();
        return log;
    }

    private void recover() throws IOException {
        synchronized (lock) {
            ByteBuffer window = ByteBuffer.allocate(READ_AHEAD).limit(0);
            long windowStart = end;
            while (true) {
                Optional<Found> found = parse(window.duplicate(), lastCrc, sequence + 1);
                if (found.isPresent()) {
                    Found record = found.get();
                    index.put(record.key(), new Location(end, record.length(), lastCrc, record.sequence()));
                    lastCrc = record.crc();
                    sequence = record.sequence();
                    end += record.length();
                    window.position(window.position() + record.length());
                } else if (windowStart + window.limit() < device.size() && window.remaining() < largest()) {
                    windowStart = end;
                    window.clear().limit((int) Math.min(READ_AHEAD, device.size() - end));
                    device.read(end, window);
                    window.flip();
                } else {
                    return;
                }
            }
        }
    }

    private static int largest() {
        return RECORD_HEADER + MAX_KEY + MAX_VALUE;
    }

    /** Reads the record at the buffer's position; empty if there is none that is valid there. */
    private static Optional<Found> parse(ByteBuffer buffer, int previousCrc, long expectedSequence) {
        if (buffer.remaining() < RECORD_HEADER) {
            return Optional.empty();
        }
        int start = buffer.position();
        int magic = buffer.getInt();
        int crc = buffer.getInt();
        long sequence = buffer.getLong();
        int keyLength = buffer.getInt();
        int valueLength = buffer.getInt();
        boolean plausible = magic == RECORD_MAGIC
                && sequence == expectedSequence
                && keyLength >= 1
                && keyLength <= MAX_KEY
                && valueLength >= 0
                && valueLength <= MAX_VALUE
                && buffer.remaining() >= keyLength + valueLength;
        if (!plausible) {
            return Optional.empty();
        }
        int length = RECORD_HEADER + keyLength + valueLength;
        if (crc != crcOf(buffer, start, length, previousCrc)) {
            return Optional.empty();
        }
        byte[] key = new byte[keyLength];
        byte[] value = new byte[valueLength];
        buffer.get(key).get(value);
        return Optional.of(new Found(new String(key, UTF_8), ByteBuffer.wrap(value), sequence, crc, length));
    }

    private static int crcOf(ByteBuffer buffer, int start, int length, int previousCrc) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(4).putInt(previousCrc).flip());
        crc.update(buffer.duplicate().position(start + 8).limit(start + length));
        return (int) crc.getValue();
    }

    /**
     * Appends all of the entries with one write of the device and makes them durable.
     *
     * @param entries 1 or more
     * @return number of the device's write that carried them
     * @throws DiskFullException if there is no room for all of them; nothing was written
     * @throws IOException if the device failed; the entries may or may not be found after a recovery
     */
    public long append(List<Entry> entries) throws IOException {
        synchronized (lock) {
            if (broken) {
                throw new IOException("the log takes no writes since the disk could not be flushed; recover it");
            }
            int bytes = entries.stream().mapToInt(Entry::length).sum();
            if (bytes > device.size() - end) {
                throw new DiskFullException(bytes, end, device.size());
            }
            ByteBuffer records = ByteBuffer.allocate(bytes);
            Location[] locations = new Location[entries.size()];
            int crc = lastCrc;
            for (int i = 0; i < locations.length; i++) {
                Entry entry = entries.get(i);
                long number = sequence + 1 + i;
                locations[i] = new Location(end + records.position(), entry.length(), crc, number);
                crc = put(records, entry, number, crc);
            }
            long write = device.write(end, records.flip());
            flush();
            end += bytes;
            sequence += locations.length;
            lastCrc = crc;
            for (int i = 0; i < locations.length; i++) {
                index.put(entries.get(i).key(), locations[i]);
            }
            return write;
        }
    }

    @GuardedBy("lock")
    private void flush() throws IOException {
        try {
            device.flush();
        } catch (IOException e) {
            // What a failed flush left unwritten may never be reported again, so nothing later can be trusted.
            broken = true;
            throw e;
        }
    }

    private static int put(ByteBuffer records, Entry entry, long sequence, int previousCrc) {
        int start = records.position();
        records.putInt(RECORD_MAGIC).putInt(0).putLong(sequence);
        records.putInt(entry.keyBytes.length).putInt(entry.value.length);
        records.put(entry.keyBytes).put(entry.value);
        int crc = crcOf(records, start, entry.length(), previousCrc);
        records.putInt(start + 4, crc);
        return crc;
    }

    /**
     * Reads the newest value of a key from the device.
     *
     * @throws IOException if the device cannot be read, or what it holds is not what was written
     */
    public Optional<byte[]> get(String key) throws IOException {
        Location location = index.get(key);
        if (location == null) {
            return Optional.empty();
        }
        ByteBuffer record = ByteBuffer.allocate(location.length());
        device.read(location.offset(), record);
        Found found = parse(record.flip(), location.previousCrc(), location.sequence())
                .orElseThrow(
                        () -> new IOException("record of key " + key + " at " + location.offset() + " is damaged"));
        return Optional.of(found.value().array());
    }

    /** Sequence of the last record, 0 if there is none. */
    public long sequence() {
        synchronized (lock) {
            return sequence;
        }
    }

    /** Bytes of the device that are taken, header included. */
    public long usedBytes() {
        synchronized (lock) {
            return end;
        }
    }

    /** Bytes of the device. */
    public long capacityBytes() {
        return device.size();
    }

    /** Number of keys. */
    public int keys() {
        return index.size();
    }

    private record Location(long offset, int length, int previousCrc, long sequence) {}

    private record Found(String key, ByteBuffer value, long sequence, int crc, int length) {}

    /** A key and its new value. Not to be changed afterwards. */
    public static final class Entry {
        private final String key;
        private final byte[] keyBytes;
        private final byte[] value;

        private Entry(String key, byte[] keyBytes, byte[] value) {
            this.key = key;
            this.keyBytes = keyBytes;
            this.value = value;
        }

        /**
         * Returns an entry.
         *
         * @throws IllegalArgumentException if the key or the value is too long or the key is empty
         */
        public static Entry of(String key, byte[] value) {
            byte[] keyBytes = key.getBytes(UTF_8);
            if (keyBytes.length < 1 || keyBytes.length > MAX_KEY) {
                throw new IllegalArgumentException("key must be 1 to " + MAX_KEY + " bytes, was " + keyBytes.length);
            }
            if (value.length > MAX_VALUE) {
                throw new IllegalArgumentException(
                        "value must be at most " + MAX_VALUE + " bytes, was " + value.length);
            }
            return new Entry(key, keyBytes, value);
        }

        String key() {
            return key;
        }

        /** Bytes that it takes in the log. */
        int length() {
            return RECORD_HEADER + keyBytes.length + value.length;
        }
    }
}
