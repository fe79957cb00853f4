package dev.shadow.forecast.stream;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.forecast.FitOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.zip.CRC32C;

/** The bytes of a {@link DemandStream}. */
final class StreamFormat {
    private static final long MAGIC = 0x5348_4457_5354_524DL;
    private static final int VERSION = 1;
    private static final int HEADER = 64;
    private static final int BYTES_PER_PHASE = 17;

    private StreamFormat() {}

    static byte[] write(DemandStream stream) {
        StateWriter out = new StateWriter();
        FitOptions options = stream.options();
        out.putLong(MAGIC);
        out.putInt(VERSION);
        out.putLong(options.seed());
        out.putInt(options.season().orElse(1));
        out.putDouble(options.lowerBound());
        out.putDouble(options.upperBound());
        Instant start = stream.start();
        out.putLong(start.getEpochSecond());
        out.putInt(start.getNano());
        Duration step = stream.step();
        out.putLong(step.toSeconds());
        out.putInt(step.toNanosPart());
        stream.write(out);
        byte[] content = out.toBytes();
        out.putInt(checksum(content, content.length));
        return out.toBytes();
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }

    static DemandStream read(byte[] bytes) throws IOException {
        int length = bytes.length - 4;
        StateReader in = new StateReader(ByteBuffer.wrap(bytes));
        in.require(length >= HEADER, "a state has at least " + (HEADER + 4) + " bytes, these are " + bytes.length);
        in.require(in.getLong() == MAGIC, "the bytes do not begin with SHDWSTRM: they are no state");
        int version = in.getInt();
        in.require(version == VERSION, "format version " + version + " is not known, only " + VERSION);
        int told = ByteBuffer.wrap(bytes).getInt(length);
        in.require(told == checksum(bytes, length), "the checksum does not match: the state is damaged");
        DemandStream stream = opened(in, length);
        stream.read(in);
        in.require(in.remaining() == 4, "the state is followed by " + (in.remaining() - 4) + " bytes too many");
        return stream;
    }

    /** No memory is taken for a season that the bytes cannot hold. */
    private static DemandStream opened(StateReader in, int length) throws IOException {
        long seed = in.getLong();
        int season = in.integer("season", in.getInt(), 1, DemandStream.LONGEST_SEASON);
        in.require(
                season == 1 || (long) BYTES_PER_PHASE * season <= length,
                "a season of " + season + " steps does not fit into " + length + " bytes");
        OptionalInt phases = season == 1 ? OptionalInt.empty() : OptionalInt.of(season);
        try {
            FitOptions options = new FitOptions(seed, phases, in.getDouble(), in.getDouble());
            Instant start = Instant.ofEpochSecond(in.getLong(), in.getInt());
            Duration step = Duration.ofSeconds(in.getLong(), in.getInt());
            return DemandStream.open(start, step, options);
        } catch (InvalidValueException | DateTimeException | ArithmeticException e) {
            throw new IOException("the state's options are refused: " + e.getMessage(), e);
        }
    }
}
