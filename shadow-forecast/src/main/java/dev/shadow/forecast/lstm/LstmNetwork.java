package dev.shadow.forecast.lstm;

import dev.shadow.spi.InvalidValueException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A trained network with what it was trained on. Immutable; may be shared between threads.
 *
 * <p>Kept in a file of one fixed size per number of cells; the format is described in {@code
 * docs/format-lstm-model.md}.
 */
public final class LstmNetwork {
    /** Most cells that a network may have. */
    static final int LARGEST = 256;

    private static final long MAGIC = 0x534844574C53544DL; // SHDWLSTM
    private static final int VERSION = 1;
    private static final int HEADER = 56;
    private static final int CALENDAR = 1;

    private final Parameters parameters;
    private final Training training;

    /**
     * What a network was trained on.
     *
     * @param calendar whether it heeds the time of day and of the week
     * @param seed everything random was drawn from it
     * @param series number of series
     * @param batches batches seen, those of earlier trainings included
     * @param validationLoss scaled pinball loss on the last part of the series, which training left out
     */
    public record Training(boolean calendar, long seed, int series, long batches, double validationLoss) {
        public Training {
            if (series < 1) {
                throw new InvalidValueException("series", Integer.toString(series), "be at least 1");
            }
            if (batches < 0) {
                throw new InvalidValueException("batches", Long.toString(batches), "be at least 0");
            }
            if (!(validationLoss >= 0 && validationLoss < Double.POSITIVE_INFINITY)) {
                throw new InvalidValueException(
                        "validationLoss", Double.toString(validationLoss), "be a finite number of at least 0");
            }
        }
    }

    LstmNetwork(Parameters parameters, Training training) {
        this.parameters = parameters.copy();
        this.training = training;
    }

    /** The numbers; the caller must not change them. */
    Parameters parameters() {
        return parameters;
    }

    /** Cells of the recurrent layer. */
    public int hidden() {
        return parameters.hidden;
    }

    /** What it was trained on. */
    public Training training() {
        return training;
    }

    /**
     * Writes the network. The stream is flushed, not closed.
     *
     * @throws IOException if writing fails
     */
    public void save(OutputStream out) throws IOException {
        byte[] body = body();
        CRC32C checksum = new CRC32C();
        checksum.update(body);
        DataOutputStream data = new DataOutputStream(out);
        data.write(body);
        data.writeInt((int) checksum.getValue());
        data.flush();
    }

    private byte[] body() {
        int count = Parameters.count(hidden());
        byte[] bytes = new byte[HEADER + 4 * count];
        ByteBuffer body = ByteBuffer.wrap(bytes);
        body.putLong(MAGIC).putInt(VERSION).putInt(hidden());
        body.putInt(training.calendar() ? CALENDAR : 0).putInt(training.series());
        body.putLong(training.seed()).putLong(training.batches()).putDouble(training.validationLoss());
        body.putInt(count);
        body.putInt(headerChecksum(bytes));
        for (float[] block : parameters.blocks) {
            for (float value : block) {
                body.putFloat(value);
            }
        }
        return bytes;
    }

    private static int headerChecksum(byte[] file) {
        CRC32C checksum = new CRC32C();
        checksum.update(file, 0, HEADER - 4);
        return (int) checksum.getValue();
    }

    /**
     * Reads a network and checks length, version and checksums before it uses a byte. Reads to the end of the network,
     * and closes nothing.
     *
     * @throws IOException if the stream fails, ends early, or does not hold a sound network
     */
    public static LstmNetwork load(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        byte[] headerBytes = data.readNBytes(HEADER);
        require(
                headerBytes.length == HEADER,
                "the file ends within its header, after " + headerBytes.length + " bytes");
        ByteBuffer header = ByteBuffer.wrap(headerBytes);
        require(header.getLong(0) == MAGIC, "the file does not begin with SHDWLSTM: it is no network");
        require(
                header.getInt(HEADER - 4) == headerChecksum(headerBytes),
                "the checksum of the header does not match: the file is damaged");
        require(header.getInt(8) == VERSION, "format version " + header.getInt(8) + " is not known, only " + VERSION);
        int hidden = header.getInt(12);
        require(LstmTraining.allowsHidden(hidden), "the file tells of " + hidden + " cells, which no network has");
        int count = Parameters.count(hidden);
        require(header.getInt(48) == count, "the file tells of " + header.getInt(48) + " numbers, not " + count);
        byte[] numbers = data.readNBytes(4 * count);
        require(numbers.length == 4 * count, "the file ends after " + numbers.length / 4 + " of " + count + " numbers");
        CRC32C checksum = new CRC32C();
        checksum.update(headerBytes);
        checksum.update(numbers);
        require(data.readInt() == (int) checksum.getValue(), "the checksum does not match: the file is damaged");
        return new LstmNetwork(parameters(hidden, ByteBuffer.wrap(numbers)), training(header));
    }

    private static Parameters parameters(int hidden, ByteBuffer numbers) throws IOException {
        Parameters parameters = new Parameters(hidden);
        for (float[] block : parameters.blocks) {
            for (int i = 0; i < block.length; i++) {
                block[i] = numbers.getFloat();
                require(Float.isFinite(block[i]), "a number of the network is " + block[i]);
            }
        }
        return parameters;
    }

    private static Training training(ByteBuffer header) throws IOException {
        try {
            boolean calendar = header.getInt(16) == CALENDAR;
            return new Training(
                    calendar, header.getLong(24), header.getInt(20), header.getLong(32), header.getDouble(40));
        } catch (InvalidValueException e) {
            throw new IOException("the network's training is told wrongly: " + e.getMessage(), e);
        }
    }

    private static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }
}
